#!/bin/sh
# tests/e2e/test_restore.sh - an old copy of a home must not tell a second story; two publishes at once tell one.
. tests/e2e/lib.sh

two_homes
figures one 850 2023 20
figures two 850 2024 40
figures three 850 2025 60
ok "b publishes" until_true fm b publish "$W/one.csv" --return One
stop b
cp -pR "$W/b" "$W/copy"
start b
ok "and, after its home was copied, again" until_true fm b publish "$W/two.csv" --return Two
size=$(log_size b hampshire)
ok "a holds it all" until_true holds_so_many a hampshire "$size"
stop b

restore() { rm -rf "$W/b"; cp -pR "$W/copy" "$W/b"; }
restore
ok "the old copy does not know what was published" no holds_so_many b hampshire "$size"
stop a
ok "with no peer in reach it signs nothing" refuses 3 'offline' fm b publish "$W/three.csv" --return Three
ok "and is as it was" no holds_so_many b hampshire $((size + 4))
start a
ok "with a peer it fetches its own log back and goes on from there" until_true fm b publish "$W/three.csv" --return Three
grown=$(log_size b hampshire)
ok "one story, longer than the first" test "$grown" -gt "$size"
start b
ok "the peer takes it" until_true holds_so_many a hampshire "$grown"
ok "nobody sees a fork" no json_has a '"frozen":true' status
ok "all of it verifies there" fm a verify
ok "what was published between is read" until_true json_has a '"numerator":40,"denominator":200' compare cpp_repeat_pct --period 2024
ok "and what came after" json_has a '"numerator":60,"denominator":200' compare cpp_repeat_pct --period 2025

# ---- two at once, with peers in reach ----

figures race 850 2022 80
fm b --json publish "$W/race.csv" --return Race >"$W/first" 2>"$W/first.err" &
first=$!
fm b --json publish "$W/race.csv" --return Race >"$W/second" 2>"$W/second.err"
second=$?
wait $first
ok "two publishes of one file at once both end well" test $? -eq 0 -a $second -eq 0
ok "one publishes" test "$(cat "$W/first" "$W/second" | grep -c '"published":3,')" -eq 1
ok "the other finds nothing to do" test "$(cat "$W/first" "$W/second" | grep -c '"published":0,"revised":0,"unchanged":3,')" -eq 1
ok "the log verifies" fm b verify
ok "and at the peer" until_true holds_so_many a hampshire "$(log_size b hampshire)"

# ---- --offline says what it risks ----

stop a; stop b
restore
fm b publish "$W/three.csv" --return Three --offline >"$W/risk" 2>&1
ok "--offline publishes" test $? -eq 0
ok "and says what it risks" grep -q 'fork\|two stories\|restored\|copy' "$W/risk"
finish
