#!/bin/sh
# tests/e2e/test_status.sh - status and verify, from a home alone to two members that witness each other.
BIN=${BIN:-bin}
F=$BIN/folkmoot
W=$(mktemp -d) || exit 3
PORT=$((20000 + $$ % 6000))
DAEMON=
n=0 failed=0
leave() {
    [ -n "$DAEMON" ] && kill "$DAEMON" 2>/dev/null && wait "$DAEMON" 2>/dev/null
    rm -rf "$W"
}
trap leave EXIT
trap 'exit 1' INT TERM

ok() {          # ok NAME COMMAND...
    name=$1; shift; n=$((n + 1))
    if "$@" >"$W/out" 2>&1; then echo "ok $n - $name"; else
        echo "not ok $n - $name"; sed 's/^/# /' "$W/out"; failed=1
    fi
}
until_true() {  # until_true COMMAND...: at most 30 s
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1)); [ $tries -lt 300 ] || return 1; sleep 0.1
    done
}
has() { case $1 in *"$2"*) return 0;; *) echo "no $2 in: $1"; return 1;; esac; }
lacks() { case $1 in *"$2"*) echo "$2 in: $1"; return 1;; *) return 0;; esac; }
status() { "$F" -C "$W/$1" status --json 2>"$W/err"; }
status_has() { has "$(status "$1")" "$2"; }
seconds() { date +%s; }

"$F" -q -C "$W/a" init 845 --unprotected --listen 127.0.0.1:$PORT >/dev/null 2>&1
ok "a home alone has a status" status_has a '"alliance":null'
"$F" -C "$W/a" status >/dev/null 2>"$W/err"
ok "an unprotected seed is said" grep -q 'kept in clear' "$W/err"

"$F" -q -C "$W/a" alliance create "Barset" >/dev/null 2>&1
s=$(status a)
ok "the founder holds and witnesses its own log" has "$s" '"slug":"east-sussex","generation":1,"size":1,"announced":1,"verified":1'
ok "nobody is waited for" has "$s" '"waiting_for":[]'
ok "no daemon runs" has "$s" '"daemon":false'

invite=$("$F" -q -C "$W/a" alliance invite 2>/dev/null)
"$BIN/folkmootd" -C "$W/a" 2>"$W/a.log" &
DAEMON=$!
until_true grep -q '^ready' "$W/a.log"
ok "the daemon is seen" status_has a '"daemon":true'

"$F" -q -C "$W/b" init 850 --unprotected --listen 127.0.0.1:$((PORT + 1)) >/dev/null 2>&1
t=$(seconds)
ok "b asks to join" "$F" -C "$W/b" join "$invite"
ok "and does not wait when nothing is left to wait for" test $(($(seconds) - t)) -lt 15
s=$(status b)
ok "who waits to be admitted is told so" has "$s" '"state":"waiting"'
ok "and whom it has nothing of" has "$s" '"waiting_for":["east-sussex"]'

ok "b is admitted" "$F" -C "$W/a" alliance admit hampshire --yes
t=$(seconds)
ok "b syncs" "$F" -C "$W/b" sync
ok "a sync ends when it is settled" test $(($(seconds) - t)) -lt 15
until_true status_has a '"waiting_for":[]'
s=$(status b)
ok "both logs are held by b" has "$s" '"slug":"east-sussex","generation":1,"size":1,"announced":1,"verified":1,"cosignatures":2,"quorum":true,"frozen":false'
ok "b waits for nobody" has "$s" '"waiting_for":[]'
ok "b knows where a is" has "$s" "\"address\":\"127.0.0.1:$PORT\""
ok "people read who witnessed what" has "$("$F" -C "$W/b" status 2>/dev/null)" "2 of 2"
ok "status as CSV" has "$("$F" -C "$W/b" status --csv 2>/dev/null)" "hampshire,1,1,1,1,2"

ok "all logs verify" "$F" -C "$W/b" verify
v=$("$F" -C "$W/b" verify --authority 845 --json)
ok "one log by its DfE code" has "$v" '"slug":"east-sussex","generation":1,"ok":true,"size":1,"entries":1,"checkpoints":1,"cosignatures":2'
ok "and only that one" lacks "$v" '"slug":"hampshire"'
"$F" -C "$W/b" verify --authority nowhere >/dev/null 2>&1
ok "an unknown authority is a usage error" test $? -eq 2

echo "1..$n"
exit $failed
