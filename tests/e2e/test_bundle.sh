#!/bin/sh
# tests/e2e/test_bundle.sh - what one member heard reaches another on a stick, while the other's daemon runs.
BIN=${BIN:-bin}
F=$BIN/folkmoot
W=$(mktemp -d) || exit 3
PORT=$((26000 + $$ % 6000))
PIDS=
n=0 failed=0
stop() { kill "$1" 2>/dev/null && wait "$1" 2>/dev/null; }
leave() {
    for pid in $PIDS; do stop "$pid"; done
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
status_has() { has "$("$F" -C "$W/$1" status --json 2>/dev/null)" "$2"; }
daemon() {      # daemon HOME: PID in $last
    "$BIN/folkmootd" -C "$W/$1" 2>"$W/$1.log" &
    last=$!; PIDS="$PIDS $last"
    until_true grep -q '^ready' "$W/$1.log"
}
ends() {        # ends STATUS COMMAND...
    want=$1; shift; "$@"; got=$?; [ $got -eq "$want" ] || { echo "exit $got, not $want"; return 1; }
}
join() {        # join HOME CODE SLUG
    invite=$("$F" -q -C "$W/a" alliance invite 2>/dev/null)
    "$F" -q -C "$W/$1" init "$2" --unprotected --listen "127.0.0.1:$4" && "$F" -C "$W/$1" join "$invite" \
        && "$F" -C "$W/a" alliance admit "$3" --yes && "$F" -C "$W/$1" sync
}

"$F" -q -C "$W/a" init 845 --unprotected --listen 127.0.0.1:$PORT >/dev/null 2>&1
"$F" -q -C "$W/a" alliance create "Barset" >/dev/null 2>&1
daemon a; A=$last
ok "b joins" join b 850 hampshire $((PORT + 1))
ok "c joins, and b hears nothing of it" join c 886 kent $((PORT + 2))
until_true status_has a '"waiting_for":[]'
stop "$A"

ok "a writes what it holds" "$F" -C "$W/a" bundle export --for hampshire --out "$W/all.fmb"
ok "a file that is there is not written over" ends 1 "$F" -C "$W/a" bundle export --out "$W/all.fmb"
ok "but with --yes" "$F" -C "$W/a" bundle export --yes --out "$W/all.fmb"
ok "one log alone" "$F" -C "$W/a" bundle export --authority 845 --out "$W/one.fmb"
ok "nothing is left beside the files" ends 1 sh -c "ls -a '$W' | grep -q folkmoot-"
ok "without --out it says what is missing" ends 2 "$F" -C "$W/a" bundle export

daemon b
printf 'hello' >"$W/none.fmb"
ok "what is no bundle is refused" ends 1 "$F" -C "$W/b" bundle import "$W/none.fmb"
ok "a file that is not there is the environment's fault" ends 3 "$F" -C "$W/b" bundle import "$W/absent.fmb"
size=$(wc -c <"$W/all.fmb")
dd if="$W/all.fmb" of="$W/cut.fmb" bs=1 count=$((size - 100)) 2>/dev/null
ok "a file that was cut says so" ends 1 "$F" -C "$W/b" bundle import "$W/cut.fmb"

ok "b takes it over while its daemon runs" "$F" -C "$W/b" bundle import "$W/all.fmb"
ok "b now knows kent and holds its log" status_has b '"slug":"kent","generation":1,"size":1'
ok "as its author wrote it" "$F" -C "$W/b" verify
again=$("$F" -C "$W/b" bundle import --json "$W/all.fmb")
ok "again there is nothing new" has "$again" '"came":0'
ok "and nothing is refused" has "$again" '"refused":null'

"$F" -q -C "$W/x" init 931 --unprotected >/dev/null 2>&1
ok "a home of no alliance takes no bundle" ends 1 "$F" -C "$W/x" bundle import "$W/all.fmb"
"$F" -q -C "$W/x" alliance create "Loamshire" >/dev/null 2>&1
ok "another alliance's file is refused" ends 1 "$F" -C "$W/x" bundle import "$W/all.fmb"
ok "by name" has "$("$F" -C "$W/x" bundle import --json "$W/all.fmb" 2>/dev/null)" '"code":"foreign-alliance"'

echo "1..$n"
exit $failed
