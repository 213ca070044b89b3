#!/bin/sh
# tests/e2e/test_damage.sh - a disk that rots: the store is mended, put aside and fetched again, and never refused.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
home b 850
ask b a
fm a alliance admit hampshire --yes >>"$W/setup" 2>&1
home c 867
ask c a
fm a alliance admit bracknell-forest --yes >>"$W/setup" 2>&1
start b
start c
for y in 2019 2020 2021 2022 2023 2024; do
    figures batch 845 $y $((y - 2000))
    until_true fm a publish "$W/batch.csv" --return "Year $y"
done
figures batch 850 1990 19
ok "b publishes" until_true fm b publish "$W/batch.csv" --return "Year 1990"
ok "three hold what each wrote" until_true agree_on a b c
ok "b keeps its alliance beside the store, as export writes it" fm b alliance export "$W/barset.charter"
ok "to the byte" cmp "$W/barset.charter" "$W/b/node/alliance"
log=$W/b/node/log.db
kill_hard b
mkdir "$W/torn" "$W/good"
cp -p "$W"/b/node/log.db* "$W/torn/"       # with a WAL that nobody has emptied
start b; stop b
cp -p "$W"/b/node/log.db* "$W/good/"

# again [good|torn]: b as it was before the damage.
again() { rm -rf "$log"* ; cp -p "$W/${1:-good}"/* "$W/b/node/"; rm -f "$log-shm"; }
flip() { printf '\377\000\125\252\377\000\125\252' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null; }
noise() { dd if=/dev/urandom of="$1" bs=4096 count=20 2>/dev/null; }
mends() {
    starts_or_ends b; runs b || { echo "it refused to start"; cat "$W/b.log"; return 1; }
    until_true agree_on a b c && fm b verify && runs b
}
says() { grep -q -e "$1" "$W/b.log" || { echo "it does not say $1"; cat "$W/b.log"; return 1; }; }
# The author goes on, without --offline, and nobody sees a second story.
year=2000
goes_on() {
    year=$((year + 1))
    figures batch 850 $year $((year - 1990))
    until_true fm b publish "$W/batch.csv" --return "Year $year" && until_true agree_on b a c || return 1
    no json_has a '"frozen":true' status && no json_has c '"frozen":true' status && fm c verify
}
# destroyed WHAT SAYS: as it now is; SAYS is in the daemon's log, or anything will do.
destroyed() {
    ok "$1: it starts, fetches again, and all verifies" mends
    ok "... and says so" says "$2"
    ok "... and its author goes on" goes_on
    stop b
    rm -rf "$log".damaged-*
}
# A daemon that should refuse: ended if it does not.
starts_or_ends() {
    : >"$W/$1.log"
    "$BIN/folkmootd" -C "$W/$1" 2>"$W/$1.log" &
    eval "pid_$1=$!"
    PIDS="$PIDS $!"
    until_true over_or_ready "$1"
}
over_or_ready() { grep -q '^ready' "$W/$1.log" || ! runs "$1"; }
refuses_to_run() {
    starts_or_ends b
    grep -q '^ready' "$W/b.log" && stop b && { echo "it runs"; return 1; }
    wait "$pid_b"; status=$?
    cat "$W/b.log"
    [ $status -eq 3 ] && grep -q -e "$1" "$W/b.log"
}

# ---- what is left is taken over ----

size=$(wc -c <"$log")
ok "the store is one of some size" test "$size" -gt 40000
for at in 1 3 5 7; do
    where=$((size * at / 8 / 4096 * 4096 + 100 * at))
    again; flip "$log" $where
    ok "bytes flipped at $at/8: it starts, fetches again, and all verifies" mends
    stop b
done
again; dd if=/dev/zero of="$log" bs=8192 seek=$((size / 16384)) count=3 conv=notrunc 2>/dev/null
destroyed "three pages of nothing in the middle" mended
again; truncate -s $((size - 8192)) "$log"
destroyed "the last page cut off" mended
again; dd if=/dev/urandom of="$log" bs=8192 seek=$((size / 8192 - 2)) count=2 conv=notrunc 2>/dev/null
destroyed "noise at the end" .

# ---- nothing is left: node/alliance says whom to dial and whom to believe ----

again; flip "$log" 0
destroyed "a header that is none" given-back
again; dd if=/dev/urandom of="$log" bs=8192 count=1 conv=notrunc 2>/dev/null
destroyed "noise for a first page" given-back
again; dd if="$W/good/log.db" of="$log" bs=4096 count=$((size / 8192)) 2>/dev/null
destroyed "half a file" .
again; noise "$log"
destroyed "a file of noise" given-back
again; : >"$log"
destroyed "an empty file" given-back
again; rm -f "$log"*
destroyed "no file" given-back
again; rm -f "$log"*; mkdir "$log"
destroyed "a folder in its place" given-back
again; rm -f "$log"*; mkfifo "$log"
destroyed "a pipe in its place" given-back
again; cp -p "$W/b/private/view.db" "$log"
destroyed "another program's database" given-back

# ---- the WAL ----

again torn
ok "there is a WAL of some size" test "$(wc -c <"$log-wal")" -gt 8192
destroyed "killed, and the WAL as it was" .
again torn; noise "$log-wal"
destroyed "noise for a WAL" .
again torn; flip "$log-wal" $(($(wc -c <"$log-wal") / 2))
destroyed "a WAL damaged in its middle" .
again torn; : >"$log-wal"
destroyed "an empty WAL" .
again torn; rm -f "$log-wal"
destroyed "no WAL" .

# ---- without a daemon, and under one ----

again; rm -f "$log"*
ok "without a daemon a command that reads says what to do" refuses 3 'folkmoot sync' fm b status
noise "$log"
ok "with noise too" refuses 3 'folkmoot sync' fm b compare cpp_repeat_pct --period 2024
ok "sync mends it" until_true fm b sync
ok "and all is here" until_true agree_on a b
ok "and verifies" fm b verify
start b
ok "it runs" agree_on a b
noise "$log"
comes_over() { figures batch 845 "$1" 30 && until_true fm a publish "$W/batch.csv" --return "$1" && until_true agree_on a b c; }
ok "noise under a running daemon: it goes on and fetches again" comes_over 2017
ok "it still runs" runs b
rm -f "$log"*
ok "its store deleted under it: likewise" comes_over 2018
ok "it runs, and all verifies" sh -c "kill -0 $(pid_of b) && '$F' -q -C '$W/b' verify"
ok "and its author goes on" goes_on
stop b

# ---- node/alliance itself ----

beside=$W/b/node/alliance
cp -p "$beside" "$W/beside"
for damage in noise : 'rm -f' 'chmod 644'; do
    case $damage in
        :) : >"$beside";;
        *) $damage "$beside";;
    esac
    ok "node/alliance after '$damage': no error" mends
    stop b
    ok "and it is written again" cmp "$beside" "$W/beside"
    ok "closed to others" test "$(stat -c %a "$beside")" = 600
done
rm -f "$log"*; flip "$beside" 5000
ok "with both damaged the node says what to do" refuses_to_run 'join --charter'
ok "and that it read neither" says 'alliance=unreadable'
ok "the charter's file brings it back" fm b join --charter "$W/barset.charter"
ok "and all the rest" mends
ok "and its author goes on" goes_on
stop b
ok "node/alliance too" cmp "$beside" "$W/beside"
rm -rf "$log".damaged-*
again

# ---- the view is only a fold ----

start b
ok "b reads" json_has b '"numerator":24,"denominator":200' compare cpp_repeat_pct --period 2024
dd if=/dev/urandom of="$W/b/private/view.db" bs=4096 count=20 2>/dev/null
rm -f "$W"/b/private/view.db-*
ok "a view of noise is folded anew" json_has b '"numerator":24,"denominator":200' compare cpp_repeat_pct --period 2024
stop b

# ---- what is no damage ----

cp -p "$W/b/node/config" "$W/config"
lines=$(wc -l <"$W/b/node/config")
echo 'lissten = 127.0.0.1:1' >>"$W/b/node/config"
ok "an unknown key in the settings is fatal, and its line is named" \
    refuses_to_run "line $((lines + 1)): unknown key"
cp -p "$W/config" "$W/b/node/config"

again
start b; stop b         # everything in one file
fm b status >/dev/null 2>&1
rm -f "$log"-wal "$log"-shm
# It says so in two places: one alone would be a rotten byte.
printf '\0\0\0\011' | dd of="$log" bs=1 seek=60 conv=notrunc 2>/dev/null
mark=$(grep -abo 'schema[0-9]' "$log" | sed 's/:.*//;q')
printf 9 | dd of="$log" bs=1 seek=$((mark + 6)) conv=notrunc 2>/dev/null
cp -p "$log" "$W/future.db"
ok "a store of a later program is not touched by the daemon" refuses_to_run newer
ok "nor by the command line, which says what to do" refuses 3 'newer' fm b status
ok "nor by publish" ends 3 fm b publish "$W/batch.csv" --offline
ok "it is as it was" cmp "$log" "$W/future.db"
: >"$log.suspect"
ok "nor when that program suspected it" refuses_to_run newer
ok "it still is as it was" cmp "$log" "$W/future.db"
ok "and nothing was put aside" no sh -c "ls '$W/b/node' | grep damaged"
finish
