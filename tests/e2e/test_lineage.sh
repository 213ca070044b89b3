#!/bin/sh
# tests/e2e/test_lineage.sh - a root key is lost and replaced; a member leaves; one goes on where another left off.
. tests/e2e/lib.sh

three_homes
until_true agree_on a b c
figures one 850 2023 20
figures two 850 2024 40
figures three 886 2023 60
ok "b publishes" until_true fm b publish "$W/one.csv" --return One
ok "and c" until_true fm c publish "$W/three.csv" --return Three
until_true agree_on a b c
print_of() { fm "$1" --json id | tr -d '\n' | sed 's/.*"fingerprint":"\([^"]*\)".*/\1/'; }
old=$(print_of b)

# ---- b's machine, seed and all, is gone: the stewards give its slug to another root ----

stop b
mv "$W/b" "$W/gone"
home b 850
fm b id --export "$W/new.id" >>"$W/setup" 2>&1
ok "which root?" refuses 2 'identity FILE' fm a alliance replace-root hampshire
ok "another's identity is refused" refuses 1 'that of hampshire and not of kent' fm a alliance replace-root kent --identity "$W/new.id" --yes
ok "another fingerprint, too" refuses 1 'not whom you spoke to' fm a alliance replace-root hampshire --identity "$W/new.id" --fingerprint "0000 1111" --yes
ok "who is no steward replaces nothing" refuses 1 'no steward' fm c alliance replace-root hampshire --identity "$W/new.id" --yes
ok "nothing is replaced unasked" refuses 2 'yes' fm a alliance replace-root hampshire --identity "$W/new.id"
ok "the steward replaces it" fm a alliance replace-root hampshire --identity "$W/new.id" --fingerprint "$(print_of b)" --yes
ok "once only" refuses 1 'was, a member' fm a alliance replace-root hampshire --identity "$W/new.id" --yes
ok "every node shows it" until_true json_has c "\"replaced_roots\":[{\"slug\":\"hampshire\",\"fingerprint\":\"$old\"" alliance show
fm a alliance export "$W/barset.charter" >>"$W/setup" 2>&1
ok "the new home joins" fm b join --charter "$W/barset.charter"
ok "but does not write over the old log" refuses 1 'folkmoot recover' fm b publish "$W/two.csv" --offline
ok "it recovers" until_true fm b recover --yes
ok "and goes on" until_true fm b publish "$W/two.csv" --return Two
start b
ok "c takes it" until_true holds_so_many c hampshire "$(log_size b hampshire)"
ok "what the old root signed stays" until_true json_has c '"record":"hampshire/' history cpp_repeat_pct --authority hampshire --period 2023
ok "and what the new one signs counts" until_true json_has c '"record":"hampshire~2/' history cpp_repeat_pct --authority hampshire --period 2024
ok "c verifies" fm c verify
says_since() { fm c --json "$1" | grep -q "\"replaced_roots\":.{\"slug\":\"hampshire\",\"fingerprint\":\"$old\",\"generation\":1,\"size\":[0-9]*,\"charter\":3}\]"; }
ok "status and verify say since when the root is another" eval 'says_since status && says_since verify'
says_root() { fm c "$1" | grep -q "replaced the root key of hampshire, by charter 3: it was $old"; }
ok "in words too" eval 'says_root status && says_root verify'

# ---- leaving, and going on where another left off ----

ok "why?" refuses 2 'why' fm c alliance leave
ok "the only steward stays until there is another" refuses 1 'only steward' fm a alliance leave --reason Tired --yes
fm a alliance set --steward +hampshire --threshold 2 --yes >>"$W/setup" 2>&1
ok "b becomes a steward" until_true fm b alliance sign --yes
ok "c says that it leaves" until_true fm c alliance leave --reason "We join another region." --yes
ok "the steward reads it" until_true json_has a 'We join another region' news
leaves='"leaving":[{"slug":"kent","reason":"We join another region.","said_at"'
ok "in status, too" eval 'json_has a "$leaves" status &&
    has "$(fm a status | tr "\n" " ")" "(kent/8): \"We join another region.\". It is a member"'
ok "doctor knows what to do" json_has a '"check":"leaving","ok":true,"detail":"kent says that it leaves","remedy":"`folkmoot status` says why; `folkmoot alliance remove' doctor
ok "and would end the membership" fm a alliance remove kent --reason "It asked for it." --yes
ok "which b signs, too" until_true fm b alliance sign --yes
ok "then nobody is leaving" eval "until_true json_has b '\"leaving\":[]' status"
ok "c hears that it is one no more" until_true refuses 1 'no longer a member' fm c publish "$W/three.csv" --offline
ok "what it said stays" json_has a '"record":"kent/' history cpp_repeat_pct --authority kent
ok "nobody succeeds itself" refuses 2 'itself' fm a alliance succeed hampshire --by hampshire --from 2024-04-01 --yes
ok "on a day that is one" refuses 2 '2024-02-30' fm a alliance succeed kent --by hampshire --from 2024-02-30 --yes
ok "a body that is known" refuses 2 'kent' fm a alliance succeed kemt --by hampshire --from 2024-04-01 --yes
ok "hampshire goes on where kent left off" fm a alliance succeed kent --by hampshire --from 2024-04-01 --yes
ok "so it is signed" until_true fm b alliance sign --yes
ok "every node knows" until_true json_has b '"successions":[{"slug":"hampshire","old":"kent","from":"2024-04-01"}]' alliance show
from='"successions":[{"slug":"hampshire","old":"kent","from":"2024-04-01"'
ok "compare says whose successor it is, and that the change joins them" json_has a "$from,\"joined\":true,\"counted\":null}]" compare cpp_repeat_pct --period 2024
ok "so do trend, history and the rug" eval 'json_has a "$from}]" trend cpp_repeat_pct --authority hampshire &&
    json_has a "$from}]" history cpp_repeat_pct --authority kent && json_has a "$from}]" rug'
says_whose() { fm a "$@" | tr '\n' ' ' | grep -q "Hampshire goes on where Kent left off, since 2024-04-01"; }
ok "in words too" eval 'says_whose compare cpp_repeat_pct && says_whose trend cpp_repeat_pct --authority hampshire &&
    says_whose history cpp_repeat_pct --authority kent && says_whose rug &&
    fm a report --out "$W/page.html" && grep -q "Hampshire goes on where Kent left off, since 2024-04-01" "$W/page.html"'
ok "once" until_true refuses 1 'already' fm a alliance succeed kent --by hampshire --from 2024-04-01 --yes
ok "who has returned nothing is missing" json_has a '"slug":"east-sussex","name":"East Sussex","state":"missing"' coverage
fm a alliance succeed east-sussex --by hampshire --from 2020-04-01 --yes >>"$W/setup" 2>&1
ok "but not once another goes on for it" eval 'until_true fm b alliance sign --yes &&
    until_true json_has a "\"slug\":\"east-sussex\",\"name\":\"East Sussex\",\"state\":\"not-due\"" coverage'
ok "nor from a comparison" eval 'json_has a "\"missing\":[]" compare cpp_repeat_pct --period 2024'

# ---- a steward leaves: it proposes that itself ----

ok "b leaves, and proposes the charter" fm b alliance leave --reason "We are merged." --yes
ok "which a signs" until_true fm a alliance sign --yes
former() { fm a --json alliance show | tr -d ' \n' | grep -q '"slug":"hampshire",[^}]*"former":true'; }
ok "b is a former member" until_true former
finish
