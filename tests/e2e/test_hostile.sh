#!/bin/sh
# tests/e2e/test_hostile.sh - Barsetshire lies to Kent and to Surrey: by copies of its home, by a stolen key, by old papers. The
# many variants are the simulator's (tests/sim/play_forks.c, play_recovery.c, play_liars.c); here the programs are run.
. tests/e2e/lib.sh

home kent 886
found kent "The Shires"
start kent
home surrey 936
home barset barsetshire --name Barsetshire --dfe 901
home loam loamshire --name Loamshire --dfe 902
for who in surrey barset loam; do ask "$who" kent; done
fm kent alliance admit surrey barsetshire loamshire --yes >>"$W/setup" 2>&1
start surrey
start barset
start loam
until_true agree_on kent surrey barset loam
figures first 901 2022 10
figures left 901 2023 20
figures right 901 2023 60
figures more 901 2024 80
figures own 902 2023 30
ok "Barsetshire publishes" until_true fm barset publish "$W/first.csv" --return First
ok "and Loamshire" until_true fm loam publish "$W/own.csv" --return Own
until_true agree_on kent surrey barset loam
fm kent bundle export --authority loamshire --out "$W/old.fmb" >>"$W/setup" 2>&1
cp -pR "$W/loam" "$W/young"             # as it lies, while its daemon runs: who steals it does the same
stop barset; stop loam
frozen() { json_has "$1" "\"slug\":\"$2\",\"generation\":1," status && fm "$1" --json status | tr -d ' \n' |
    grep -q "\"slug\":\"$2\",\"generation\":1,[^}]*\"frozen\":true"; }
proved() { fm "$1" --json evidence list | tr -d ' \n' | grep -q "\"slug\":\"$2\",\"generation\":1,$3,\"holds\":true"; }

# ---- one story to Kent and another, of the same length, to Surrey ----

cp -pR "$W/barset" "$W/twin"
stop surrey
start barset
ok "Kent hears of 20" until_true fm barset publish "$W/left.csv" --return Left
size=$(log_size barset barsetshire)
until_true holds_so_many kent barsetshire "$size"
stop barset; stop kent
start surrey
PORT_TWIN=$(port_of barset)
"$BIN/folkmootd" -C "$W/twin" 2>"$W/twin.log" &
twin=$!
PIDS="$PIDS $twin"
ok "Surrey hears of 60" until_true fm twin publish "$W/right.csv" --return Right --offline
until_true holds_so_many surrey barsetshire "$size"
kill $twin; wait $twin 2>/dev/null
start kent
ok "Kent finds out" until_true frozen kent barsetshire
ok "and Surrey" until_true frozen surrey barsetshire
ok "each can prove it: two roots of one size" until_true proved kent barsetshire "\"size_a\":$size,\"size_b\":$size"
ok "to anybody: Surrey too" until_true proved surrey barsetshire "\"size_a\":$size,\"size_b\":$size"
ok "what each held stays readable" json_has kent '"numerator":20' compare cpp_repeat_pct --period 2023
ok "also at Surrey" json_has surrey '"numerator":60' compare cpp_repeat_pct --period 2023
ok "and both verify" fm kent verify

# ---- the past written anew: another log, shorter, from a copy that was stolen ----

start loam
figures later 902 2024 40
ok "Loamshire goes on" until_true fm loam publish "$W/later.csv" --return Later
grown=$(log_size loam loamshire)
until_true holds_so_many kent loamshire "$grown"
until_true holds_so_many surrey loamshire "$grown"
stop loam
figures false 902 2021 99
ok "a thief signs, with the copied key, an earlier year in its name" until_true fm young publish "$W/false.csv" --return False --offline
ok "his log is no longer than the true one" test "$(log_size young loamshire)" -le "$grown"
"$BIN/folkmootd" -C "$W/young" 2>"$W/young.log" &
thief=$!
PIDS="$PIDS $thief"
ok "Kent sees two stories" until_true frozen kent loamshire
ok "Surrey too" until_true frozen surrey loamshire
ok "nobody takes his figures for Loamshire's" no json_has kent '"numerator":99' compare cpp_repeat_pct --period 2021
kill $thief; wait $thief 2>/dev/null

# ---- Loamshire sets it right ----

start loam
until_true frozen loam loamshire
ok "Loamshire goes on from what the others hold" until_true fm loam recover --keep ours --yes
ok "with another key" until_true fm loam publish "$W/false.csv" --return Corrected
ok "which Kent takes" until_true json_has kent '"record":"loamshire~2/' history cpp_repeat_pct --authority loamshire
ok "and Surrey" until_true json_has surrey '"record":"loamshire~2/' history cpp_repeat_pct --authority loamshire
ok "what it said before stays" json_has kent '"record":"loamshire/' history cpp_repeat_pct --authority loamshire --period 2024

# ---- old papers ----

"$BIN/folkmootd" -C "$W/young" 2>"$W/young.log" &
thief=$!
PIDS="$PIDS $thief"
stop loam
ok "the thief's node, with the old identity, is turned away" until_true grep -q 'stale-identity' "$W/young.log"
kill $thief; wait $thief 2>/dev/null
start loam

# ---- a newcomer is given the past only, as if nothing had come since ----

home late 935
fm late id --export "$W/late.id" >>"$W/setup" 2>&1
fm kent alliance admit --identity "$W/late.id" --yes >>"$W/setup" 2>&1
fm kent alliance export "$W/shires.charter" >>"$W/setup" 2>&1
fm late join --charter "$W/shires.charter" >>"$W/setup" 2>&1
ok "it takes the old bundle" fm late bundle import "$W/old.fmb"
newest=$(log_size loam loamshire)
sync_holds() { fm "$1" sync >>"$W/setup" 2>&1; holds_so_many "$@"; }
ok "and any honest peer gives it the rest" until_true sync_holds late loamshire "$newest"
ok "and the evidence" until_true proved late loamshire "\"size_a\":[0-9]*,\"size_b\":[0-9]*"
ok "all of it verifies at Kent" fm kent verify
ok "and at Surrey" fm surrey verify
finish
