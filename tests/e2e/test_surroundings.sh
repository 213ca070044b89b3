#!/bin/sh
# tests/e2e/test_surroundings.sh - closed and full streams, few descriptors, little memory, signals: said, and nothing lost.
. tests/e2e/lib.sh

D=$BIN/folkmootd
home a 845
found a "Barset"
home b 850
fm b id --export "$W/b.id" >>"$W/setup" 2>&1
fm a alliance admit --identity "$W/b.id" --yes --offline >>"$W/setup" 2>&1
fm a alliance export "$W/charter" >>"$W/setup" 2>&1
fm b join --charter "$W/charter" >>"$W/setup" 2>&1

# ---- streams ----

# to WHERE COMMAND...: stdout there; 3, with words on stderr.
to() {
    where=$1; shift
    "$@" >"$where" 2>"$W/err"; got=$?
    cat "$W/err"
    [ $got -eq 3 ] && grep -q 'cannot write the output' "$W/err"
}
ok "what finds no room on stdout ends as the environment's fault" to /dev/full "$F" -C "$W/a" indicators
ok "so does a document" to /dev/full "$F" -C "$W/a" --json status
ok "so does --help" to /dev/full "$F" compare --help
ok "so does the daemon's --version" to /dev/full "$D" --version

# A pipe that nobody reads any more.
mkfifo "$W/pipe"
exec 7<>"$W/pipe" 8>"$W/pipe" 7>&-
gone() {
    "$F" -C "$W/a" "$@" >&8 2>"$W/err"; got=$?
    cat "$W/err"
    [ $got -eq 3 ] && grep -q 'its reader has gone' "$W/err"
}
ok "a reader that hangs up is no signal to die of, and is said" gone indicators
ok "so is one of a document" gone --json indicators
exec 8>&-

closed() { "$F" -q -C "$W/a" publish "$DATA" --where release=2023 --return One --offline <&- >&- 2>&-; }
ok "with all three streams closed it publishes, and says by its status that nobody heard" ends 3 closed
ok "it is published, once" json_has a '"published":0,"revised":0,"unchanged":80,' publish "$DATA" --where release=2023 --offline
ok "and nothing was printed into a file" test ! -s "$W/a/private/lock"
ok "what lies there verifies" fm a verify

# ---- descriptors ----

few() { (ulimit -n "$1"; "$D" -C "$W/a"); }
ok "with too few descriptors the daemon does not begin" refuses 3 'ulimit -n' few 30
unheard() {
    "$D" -C "$W/a" <&- >&- 2>&- &
    unheard_pid=$!
    PIDS="$PIDS $unheard_pid"
}
unheard
ok "with all three streams closed it serves" until_true fm b sync
ok "and brings what was published" holds_so_many b east-sussex "$(log_size a east-sussex)"
ends_well() { kill "$1" "$2"; wait "$2"; }
ok "and leaves in order" ends_well -TERM $unheard_pid

# ---- signals ----

start a
ok "a closed terminal lets it leave in order" ends_well -HUP "$(pid_of a)"
ok "and it says so" grep -q '^left ' "$W/a.log"
: >"$W/a.log"                          # or the last one's "ready" is taken for this one's
(trap '' HUP; exec "$D" -C "$W/a" 2>"$W/a.log") &
pid_a=$!
PIDS="$PIDS $pid_a"
until_true grep -q '^ready' "$W/a.log"
kill -HUP $pid_a
ok "under nohup it stays" fm b sync
kill -PIPE $pid_a
ok "a broken pipe is no signal to it" fm b sync
twice() { kill -TERM "$1"; kill -TERM "$1" 2>/dev/null; wait "$1"; }
ok "told twice it leaves, in order too" twice $pid_a

# ---- killed in the middle of a sync: what came is whole, the rest comes later ----

fm a publish "$DATA" --where release=2024 --return Two --offline --reason late-data >>"$W/setup" 2>&1
start a
start b
ok "a node is told to leave while it fetches" ends_well -TERM "$(pid_of b)"
ok "what it holds verifies" fm b verify
start b
ok "and the rest comes" until_true holds_so_many b east-sussex "$(log_size a east-sussex)"
stop b

# ---- memory: the passphrase's work asks for 256 MiB ----

printf 'correct horse battery\n' >"$W/pass"
cramped_init() { (ulimit -v "$1"; "$F" -q -C "$W/c" init 886 --passphrase-file "$W/pass"); }
if (ulimit -v 200000; "$F" --version) >/dev/null 2>&1; then
    ok "without memory for the passphrase no home is made" refuses 3 'out of memory' cramped_init 200000
    ok "and with it the same command makes one" fm c init 886 --passphrase-file "$W/pass"
    ok "which has its recovery.txt" test -s "$W/c/recovery.txt"
else
    echo "ok $((n += 1)) - little memory # SKIP a sanitized program does not begin in 200 MB"
fi
mkdir -p "$W/d" && chmod 700 "$W/d" && cp "$W/a/node/config" "$W/d/recovery.txt"
ok "a recovery.txt that lies there is never overwritten" refuses 1 'recovery.txt of an earlier node' \
    fm d init 886 --passphrase-file "$W/pass"
finish
