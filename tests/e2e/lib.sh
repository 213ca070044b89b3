# tests/e2e/lib.sh - what the end-to-end tests share; read by `. tests/e2e/lib.sh` from the top folder.
#
# TAP on stdout; every home lies in $W, which goes at the end, as do the daemons, by their pids. What a test waits
# for is a condition, looked at every 50 ms for at most $LIMIT_S seconds: never a pause.
set -u
unset FOLKMOOT_HOME FOLKMOOT_PASSPHRASE_FILE
export NO_COLOR=1
BIN=$(cd "${BIN:-bin}" && pwd) || exit 3
F=$BIN/folkmoot
DATA=docs/examples/south_east.csv
LIMIT_S=${LIMIT_S:-120}
W=$(mktemp -d) || exit 3
PIDS=
n=0 failed=0

# Twenty ports a test, below those that the kernel gives out; a test that runs beside this one has others.
claim_ports() {
    place=$(($$ % 1100))
    until mkdir "${TMPDIR:-/tmp}/folkmoot-ports-$place" 2>/dev/null; do
        holder=$(cat "${TMPDIR:-/tmp}/folkmoot-ports-$place/pid" 2>/dev/null) && ! kill -0 "$holder" 2>/dev/null && break
        place=$(((place + 1) % 1100))
    done
    PORTS=${TMPDIR:-/tmp}/folkmoot-ports-$place PORT=$((10000 + place * 20))
    echo $$ >"$PORTS/pid"
}

leave() {
    for pid in $PIDS; do kill "$pid" 2>/dev/null; done
    for pid in $PIDS; do wait "$pid" 2>/dev/null; done
    [ -n "${KEEP:-}" ] || rm -rf "$W"
    rm -rf "$PORTS"
}
claim_ports
trap leave EXIT
trap 'exit 1' INT TERM

# ok NAME COMMAND...: one line of TAP; what the command said is shown when it failed.
ok() {
    name=$1; shift; n=$((n + 1))
    if "$@" >"$W/said" 2>&1; then echo "ok $n - $name"; else
        echo "not ok $n - $name"; sed 's/^/# /' "$W/said"; failed=1
    fi
}
# The plan; whether something failed is the exit status.
finish() { echo "1..$n"; exit $failed; }

fm() { who=$1; shift; "$F" -q -C "$W/$who" "$@"; }
# ends STATUS COMMAND...
ends() {
    want=$1; shift; "$@"; got=$?
    [ $got -eq "$want" ] || { echo "exit $got, not $want: $*"; return 1; }
}
# refuses STATUS WORDS COMMAND...: ends so, and says these words.
refuses() {
    status=$1 words=$2; shift 2
    "$@" >"$W/refusal" 2>&1; got=$?
    cat "$W/refusal"
    [ $got -eq "$status" ] || { echo "exit $got, not $status: $*"; return 1; }
    grep -q -e "$words" "$W/refusal" || { echo "it does not say: $words"; return 1; }
}
no() { ! "$@"; }
has() { case $1 in *"$2"*) return 0;; *) echo "no $2 in: $1"; return 1;; esac; }

# One command after another, each looked at from several sides:
#
#     t() { run 1 publish "$W/bad.csv" --json && is_document publish && prints '"published":0' && says 'problem'; }
#     ok "what is bad is refused" t
#
# run WANTED-STATUS ARGUMENTS...: in the home $FOLKMOOT_HOME, with nobody to ask. What it says is in $W/out and $W/err.
run()
{
    wanted=$1
    shift
    "$F" "$@" >"$W/out" 2>"$W/err" </dev/null
    got=$?
    [ $got -eq "$wanted" ] || { echo "exit $got, not $wanted: $*"; cat "$W/out" "$W/err"; return 1; }
}

prints() { grep -q -e "$1" "$W/out" || { echo "it does not print: $1"; cat "$W/out" "$W/err"; return 1; }; }
says() { grep -q -e "$1" "$W/err" || { echo "it does not say: $1"; cat "$W/out" "$W/err"; return 1; }; }
# One line, from one brace to the other, with the schema first.
is_document() { [ "$(wc -l <"$W/out")" -eq 1 ] && prints "^{\"schema\":\"folkmoot\\.$1/1\",.*}\$"; }

# until_true COMMAND...: within $LIMIT_S.
until_true() {
    until_s=$(($(date +%s) + LIMIT_S))
    until "$@" >"$W/waited" 2>&1; do
        [ "$(date +%s)" -lt $until_s ] || { echo "not in $LIMIT_S s: $*"; cat "$W/waited"; return 1; }
        sleep 0.05
    done
}

# number FIELD: the first number of that field in one JSON document on stdin.
number() { tr -d '\n ' | grep -o "\"$1\":[0-9]*" | sed 's/.*://;q'; }
json_has() { who=$1 part=$2; shift 2; has "$(fm "$who" --json "$@" 2>/dev/null | tr -d '\n')" "$part"; }

# home NAME CODE-OR-SLUG [OPTION...]: a home that listens on the next port.
home() {
    name=$1; shift
    PORT=$((PORT + 1))
    eval "port_$name=$PORT"
    fm "$name" init "$@" --unprotected --listen "127.0.0.1:$PORT" >>"$W/setup" 2>&1
}
port_of() { eval "echo \$port_$1"; }

# start HOME: its daemon, until it serves; pid_of HOME.
start() {
    : >"$W/$1.log"                      # or the last one's "ready" is taken for this one's
    "$BIN/folkmootd" -C "$W/$1" 2>"$W/$1.log" &
    eval "pid_$1=$!"
    PIDS="$PIDS $!"
    until_true grep -q '^ready' "$W/$1.log"
}
pid_of() { eval "echo \$pid_$1"; }
runs() { kill -0 "$(pid_of "$1")" 2>/dev/null; }
# stop HOME, or kill_hard HOME: its daemon, and wait for it.
end_with() {
    pid=$(pid_of "$2")
    kill "$1" "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    PIDS=$(echo " $PIDS " | sed "s/ $pid / /")
}
stop() { end_with -TERM "$1"; }
kill_hard() { end_with -KILL "$1" 2>/dev/null; }

# found HOME NAME: an alliance. ask HOME STEWARD: by an invite of the steward, whose daemon runs.
found() { fm "$1" alliance create "$2" >>"$W/setup" 2>&1; }
ask() {
    invite=$(fm "$2" alliance invite 2>>"$W/setup") || return 1
    fm "$1" join "$invite" >>"$W/setup" 2>&1
}
version() { fm "$1" --json alliance show 2>/dev/null | number version; }
is_at_version() { [ "$(version "$1")" = "$2" ] || { echo "$1 is at charter $(version "$1"), not $2"; return 1; }; }

# slug SIZE lines of what a home holds whole; log_size HOME SLUG.
holds() {
    fm "$1" --json status 2>/dev/null | tr -d ' \n' | grep -o '"slug":"[a-z0-9-]*","generation":[0-9]*,"size":[0-9]*' |
        sed 's/"slug":"//; s/","generation":[0-9]*,"size":/ /' | sort
}
log_size() { holds "$1" | sed -n "s/^$2 //p"; }
holds_so_many() { [ "$(log_size "$1" "$2")" = "$3" ] || { echo "$1 holds $(log_size "$1" "$2") of $2, not $3"; return 1; }; }
agree_on() {    # agree_on HOME HOME...: all hold what the first holds
    agreed=$(holds "$1"); first=$1; shift
    [ -n "$agreed" ] || return 1
    for w in "$@"; do
        [ "$(holds "$w")" = "$agreed" ] || { echo "$w: $(holds "$w"), $first: $agreed"; return 1; }
    done
}

# figures NAME CODE PERIOD FIRST: $W/NAME.csv, three figures of an authority, the first count FIRST.
figures() {
    {
        echo 'time_period,time_identifier,old_la_code,indicator,numerator,denominator,value'
        i=0
        for cell in cpp_repeat_pct cpp_2yr_pct rereferral_pct; do
            echo "$3,Reporting year,$2,$cell,$(($4 + i)),200,$(halves $(($4 + i)))"
            i=$((i + 1))
        done
    } >"$W/$1.csv"
}
halves() { echo "$(($1 / 2)).$(($1 % 2 * 5))"; }   # a count as a percentage of 200

# three_homes: a, the steward, b, Hampshire, and c, Kent, an alliance that runs.
three_homes() {
    home a 845
    found a "Barset"
    start a
    home b 850
    home c 886
    for who in b c; do ask $who a; done
    fm a alliance admit hampshire kent --yes >>"$W/setup" 2>&1
    start b
    start c
}

# two_homes: a, the steward, and b, Hampshire, an alliance of two that run and hold the same.
two_homes() {
    home a 845
    found a "Barset"
    start a
    home b 850
    ask b a
    fm a alliance admit hampshire --yes >>"$W/setup" 2>&1
    start b
    until_true agree_on a b
}
