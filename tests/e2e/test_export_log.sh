#!/bin/sh
# tests/e2e/test_export_log.sh - a log as tiles, judged by Go's sumdb under a policy of ours, when keys were turned, when it is frozen,
# in its second generation, and when its author has left; and what officers sign in those states.
. tests/e2e/lib.sh

GO_X=/usr/share/gocode
has_go=
if command -v go >/dev/null 2>&1 && [ -d $GO_X/src/golang.org/x/mod/sumdb ]; then
    ok "the verifier builds on Go's own sumdb" \
        env GOCACHE="$W/go" GO111MODULE=off GOPATH=$GO_X go build -o "$W/verify" tests/others/verify.go && has_go=yes
else
    n=$((n + 1)); echo "ok $n - go with x/mod # SKIP not installed"; echo "# oracle go IS NOT INSTALLED: nothing of ours was shown to it"
fi
by_go() { [ -z "$has_go" ] || "$W/verify" "$@"; }
two_homes
figures one 850 2021 20; figures two 850 2022 30; figures three 850 2023 40; figures four 850 2024 50; figures five 850 2025 60

exports() { # exports FOLDER: b's log as a holds it, when both stand behind its newest state
    rm -rf "$W/$1"; fm a export-log hampshire --witnessed --out "$W/$1" --json >"$W/exported" &&
        has "$(cat "$W/exported")" "\"size\":$(log_size b hampshire)," && has "$(cat "$W/exported")" '"witnesses":2'
}
policy() { fm a alliance policy hampshire >"$W/policy"; }
# proof RECORD: is one of the log, by the newest policy: of Go, and of ours.
proof() { rm -f "$W/proof"; fm a prove "$1" --out "$W/proof" && by_go proof "$W/proof" "$W/policy" && "$F" audit "$W/proof" --policy "$W/policy"; }

# ---- keys that were turned ----

ok "b has an officer whose key it holds" fm b officer add --role dcs --name 'Jane Roe'
fm b officer list dcs --format minisign >"$W/dcs.pub" 2>/dev/null
ok "and publishes" fm b publish "$W/one.csv" --return One --as dcs
ok "its log, as two witness it" until_true exports before
policy && cp "$W/policy" "$W/first.policy"
ok "Go takes it" by_go log "$W/before" "$W/first.policy"
ok "b has another witness key" fm b keys rotate witness
ok "another log key" fm b keys rotate log
ok "and another after that" fm b keys rotate log
ok "publishes again, signed off by the same officer" fm b publish "$W/two.csv" --return Two --as dcs
ok "its log by the new keys" until_true exports after
policy
ok "the policy has three log keys" ends 0 test "$(grep -c '^log ' "$W/policy")" -eq 3
ok "and both witness keys of b, as one" grep -q '^group folkmoot/[0-9a-f]*/hampshire 1 folkmoot/.*/hampshire/witness folkmoot/.*/hampshire/witness~[0-9a-f]\{8\}$' "$W/policy"
ok "Go: what was exported before they were turned" by_go log "$W/before" "$W/policy"
ok "Go: and what was after" by_go log "$W/after" "$W/policy"
ok "but not that by the policy of before" refuses 1 "checkpoint" env sh -c "[ -n '$has_go' ] && exec '$W/verify' log '$W/after' '$W/first.policy'; echo checkpoint; exit 1"
ok "one witness by two keys is one" sh -c "grep -q '^group quorum 2 folkmoot/[0-9a-f]*/east-sussex/witness folkmoot/[0-9a-f]*/hampshire\$' '$W/policy'"
cp -r "$W/before" "$W/one"; grep -v 'east-sussex/witness' "$W/before/checkpoint" >"$W/one/checkpoint"
ok "Go: not with b alone" refuses 1 'too few' env sh -c "[ -n '$has_go' ] && exec '$W/verify' log '$W/one' '$W/policy'; echo too few; exit 1"
ok "a record of before" until_true proof hampshire/3
said_off() { json_has a '"title":"One","signed_off":"dcs' sql "SELECT title, signed_off FROM batch_return ORDER BY idx" && json_has a '"title":"Two","signed_off":"dcs' sql "SELECT title, signed_off FROM batch_return ORDER BY idx"; }
ok "a reads by whom both returns were signed off" until_true said_off
signs() { rm -f "$W/sig"; fm b sign-file "$DATA" --yes --as dcs --format minisign --out "$W/sig" && { ! command -v minisign >/dev/null 2>&1 || minisign -V -p "$W/dcs.pub" -x "$W/sig" -m "$DATA"; }; }
ok "the officer's key is the one from before the keys were turned" signs

# ---- a frozen log ----

stop b; cp -pR "$W/b" "$W/copy"; start b
ok "b publishes" until_true fm b publish "$W/three.csv" --return Three
ok "what both witness" until_true exports third
stop b; mv "$W/b" "$W/b-first"; mv "$W/copy" "$W/b"
ok "a copy of its home tells another story" fm b publish "$W/four.csv" --return Four --offline
start b
ok "both find out" until_true json_has a '"frozen":true' status
until_true json_has b '"frozen":true' status
frozen() { rm -rf "$W/frozen"; fm a export-log hampshire --witnessed --out "$W/frozen" --json >"$W/exported" 2>"$W/err" && has "$(cat "$W/exported")" '"frozen":true' && grep -q 'told two stories' "$W/err"; }
ok "a frozen log is exported, and that is said" frozen
policy
ok "Go: it is what was witnessed" by_go log "$W/frozen" "$W/policy"
ok "Go: and so are those from before" by_go log "$W/before" "$W/policy"
ok "b's officer still signs files" signs
ok "but no return, while the log is frozen" refuses 1 'folkmoot recover' fm b publish "$W/five.csv" --return Five --as dcs --offline

# ---- the next log ----

fm a bundle export --authority hampshire --out "$W/other.fmb" >>"$W/setup" 2>&1
ok "b goes on with the story that stands" fm b recover --branch "$W/other.fmb" --yes
ok "and publishes in its next log, signed off" until_true fm b publish "$W/five.csv" --return Five --as dcs
ok "which a reads" until_true json_has a '"title":"Five","signed_off":"dcs' sql "SELECT title, signed_off FROM batch_return WHERE title = 'Five'"
second() { exports second && has "$(cat "$W/exported")" '/hampshire/2"'; }
ok "the next log is exported" until_true second
policy
ok "Go: under the policy of both" by_go log "$W/second" "$W/policy"
ok "which has the keys of the first log too" sh -c "grep -q '^log folkmoot/[0-9a-f]*/hampshire/2+' '$W/policy' && grep -q '^log folkmoot/[0-9a-f]*/hampshire+' '$W/policy'"
ok "a record of the next log" until_true proof hampshire~2/2
ok "and one of the first" until_true proof hampshire/3
ok "the officer signs on" signs

# ---- a former member ----

size=$(log_size a hampshire)
ok "b leaves" fm a alliance remove hampshire --reason 'it joined another' --yes
stop b
former() { rm -rf "$W/former"; fm a export-log hampshire --out "$W/former" --json >"$W/exported" && has "$(cat "$W/exported")" "\"size\":$size,"; }
ok "its log is exported still, to where the charter closed it" former
policy
ok "Go: under a policy whose only witness is a" by_go log "$W/former" "$W/policy"
ok "which its own key still signs" grep -q '^log folkmoot/[0-9a-f]*/hampshire/2+' "$W/policy"
ok "by the charter of before both are asked" sh -c "'$F' -q -C '$W/a' alliance policy hampshire --version 2 >'$W/policy'"
ok "Go: which holds as well" by_go log "$W/former" "$W/policy"
finish
