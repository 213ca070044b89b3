#!/bin/sh
# tests/e2e/test_support.sh - challenge and support among made-up authorities, told by bundles: no daemon, no network.
. tests/e2e/lib.sh
export COLUMNS=200
setup() { "$@" >>"$W/setup" 2>&1 || { cat "$W/setup"; exit 1; }; }

code=900
identities=
for who in barsetshire loamshire midland wessex; do
    code=$((code + 1))
    setup fm $who init $who --name "$who Council" --dfe $code --unprotected --listen 127.0.0.1:27117
done
setup fm lead init barset-lead --name "Barset Lead" --role lead --unprotected --listen 127.0.0.1:27117
setup fm helpers init barset-helpers --name "Barset Helpers" --dfe 907 --role partner --unprotected --listen 127.0.0.1:27117
setup fm barsetshire alliance create "Barset Alliance"
for who in loamshire midland wessex lead helpers; do
    setup fm $who id --export "$W/$who.id"
    identities="$identities --identity $W/$who.id"
done
setup fm barsetshire alliance admit $identities --yes --offline
setup fm barsetshire alliance export "$W/charter"
for who in loamshire midland wessex lead helpers; do setup fm $who join --charter "$W/charter"; done
EVERYBODY='barsetshire loamshire midland wessex lead helpers'

# as WHO STATUS ARGUMENTS...: run in that home. The record that it printed, if any, is $record.
as() {
    FOLKMOOT_HOME=$W/$1 status=$2
    export FOLKMOOT_HOME
    shift 2
    run "$status" "$@" --offline --json || return 1
    record=$(sed -n 's/.*"record":"\([a-z~0-9-]*\/[0-9]*\)".*/\1/p' "$W/out")
}
# tell WHO: everybody else takes in what WHO has said.
tell() {
    fm "$1" bundle export --out "$W/$1.fmb" --yes >>"$W/setup" 2>&1 || return 1
    for w in $EVERYBODY; do [ "$w" = "$1" ] || fm "$w" bundle import "$W/$1.fmb" >>"$W/setup" 2>&1 || return 1; done
}
# sees WHO WORDS COMMAND...: it prints these words as JSON.
sees() {
    FOLKMOOT_HOME=$W/$1 words=$2
    export FOLKMOOT_HOME
    shift 2
    run 0 "$@" --json && prints "$words"
}
blind() { as "$1" 1 thread "$2"; }

for who in barsetshire loamshire midland wessex; do
    i=$(case $who in barsetshire) echo 120;; loamshire) echo 40;; midland) echo 60;; wessex) echo 50;; esac)
    figures $who "$(case $who in barsetshire) echo 901;; loamshire) echo 902;; midland) echo 903;; wessex) echo 904;; esac)" 2024 "$i"
    setup fm $who publish "$W/$who.csv" --offline
    setup tell $who
done

# ---- challenge ----

soon=$(date -u -d '+20 days' +%Y-%m-%d 2>/dev/null || date -u -v+20d +%Y-%m-%d)
t() { as loamshire 0 challenge barsetshire --about rereferral_pct@2024 --text "What changed at the front door?" --answer-by "$soon" && prints '"readers":"the alliance"' && asked=$record && tell loamshire; }
ok "an authority challenges another about its figure" t
t() { sees barsetshire '"owner":"barsetshire","about":"barsetshire/[0-9]*","state":"open","due":"'"$soon"'","overdue":false' challenge list; }
ok "the challenged sees it, and by when" t
t() { FOLKMOOT_HOME=$W/barsetshire run 0 && prints '1 challenge waits for our answer' && says 'respond RECORD' && FOLKMOOT_HOME=$W/midland run 0 && no grep -q 'waits for our' "$W/out"; }
ok "the bare command tells who is asked, and nobody else" t
t() { as midland 1 respond "$asked" --text "I know why" && says 'only who was challenged' && as lead 1 respond "$asked" --text x && as helpers 1 respond "$asked" --text x; }
ok "nobody else responds to it" t
t() { as barsetshire 0 respond "$asked" --text "A new threshold, in June." && tell barsetshire && sees midland '"state":"answered".*"days":0' challenge list --all; }
ok "the challenged responds, and all see it answered" t
t() { as loamshire 0 respond "$asked" --text "Thank you." && prints '"state":""' && tell loamshire && sees wessex '"state":"answered".*A new threshold.*Thank you' thread "$asked"; }
ok "who asked may reply, which leaves it answered" t
t() { sees wessex '"kind":"challenge","slug":"loamshire"' search front door; }
ok "it is found by search" t
t() { sees lead '"what":"response answered"' news --since 2020-01-01; }
ok "news has it" t
t() { as loamshire 2 challenge loamshire --about loamshire/2 --text x && says 'ourselves' && as loamshire 2 challenge barsetshire --about midland/2 --text x && as helpers 1 challenge barsetshire --about barsetshire/2 --text x; }
ok "nobody challenges itself, nor one about another's record, and partners challenge nobody" t
t() { as loamshire 1 challenge barset-helpers --about rereferral_pct --text x && says 'could not read this, nor answer'; }
ok "nobody is challenged who could not read it" t
t() { as loamshire 2 challenge barsetshire --about rereferral_pct@2024 --text x --answer-by 2020-01-01 && says 'past' && as loamshire 2 challenge barsetshire --about rereferral_pct@2024 && says '--text: it is missing' && as loamshire 2 challenge barsetshire --text x; }
ok "a day that is past, no text and no subject are refused" t

# ---- a letter of questions ----

t() { as loamshire 0 challenge draft barsetshire --out "$W/letter.md" && prints '"questions":3' && grep -q '^## barsetshire/[0-9]*$' "$W/letter.md" && grep -q 'also on such as were sealed for you and few others' "$W/letter.md" && grep -q '61.0\](figure:barsetshire:rereferral_pct@2024)' "$W/letter.md" && as loamshire 1 challenge draft barsetshire --out "$W/letter.md" && says 'there already'; }
ok "a draft asks about what stands in the worst quarter, with a link to it" t
t() { as loamshire 0 challenge send "$W/letter.md" && [ "$(grep -o '"readers":"the alliance"' "$W/out" | wc -l)" -eq 3 ] && tell loamshire && sees barsetshire '"n":3' challenge list && as barsetshire 0 thread "$record" && no grep -q 'Drafted by' "$W/out"; }
ok "it is sent, a challenge each, and what is commented out is not" t
t() { as loamshire 1 challenge draft loamshire --out "$W/none.md" && says 'raise no question' && as loamshire 2 challenge draft nowhere --out "$W/none.md" && as loamshire 2 challenge draft barsetshire; }
ok "where figures raise no question it says so" t
t() {
    before=$(log_size loamshire loamshire)
    { cat "$W/letter.md"; printf '\n## wessex/3\nAnd this?\n'; } >"$W/mixed.md"
    printf '# Challenge to barsetshire\n## barsetshire/4\n\n' >"$W/empty.md"
    as loamshire 2 challenge send "$W/mixed.md" && says 'a record of wessex, not of barsetshire' && as loamshire 1 challenge send "$W/empty.md" && says 'line 2: nothing is asked' &&
        as loamshire 3 challenge send "$W/nothing.md" && as loamshire 1 challenge send "$W/charter" && as loamshire 1 challenge send "$W/lead/node/log.db" && [ "$(log_size loamshire loamshire)" = "$before" ]
}
ok "a letter with one wrong question sends none, and says which line" t

# ---- about a record of three ----

figures triad 901 2023 100
t() { as barsetshire 0 publish "$W/triad.csv" --audience loamshire,midland && tell barsetshire && sees loamshire '"records":' status; }
ok "Barsetshire publishes to two peers" t
t() { as loamshire 0 challenge barsetshire --about rereferral_pct@2023 --text "Among the three of us: why?" && prints '"readers":"barsetshire, loamshire, midland"' && triad=$record && tell loamshire; }
ok "a challenge about it is for exactly the three" t
t() { as barsetshire 0 respond "$triad" --text "Because of one team." && prints '"readers":"barsetshire, loamshire, midland"' && tell barsetshire; }
ok "so is the response" t
t() { sees midland '"state":"answered".*Because of one team' thread "$triad"; }
ok "the third reads both" t
t() { blind wessex "$triad" && blind lead "$triad" && blind helpers "$triad" && no grep -q 'one team' "$W/out"; }
ok "a fourth member cannot read the thread, nor the lead, nor a partner" t
t() { as wessex 0 search team && no grep -q "$triad" "$W/out"; as wessex 1 respond "$triad" --text x; }
ok "nor find it, nor respond" t
t() { as midland 0 action add --about "$triad" --text "Visit the team." --due "$soon" && prints '"readers":"barsetshire, loamshire, midland"' && as midland 1 action add --about "$triad" --text x --audience wessex && says 'may not read'; }
ok "an action about it is no wider, and cannot be made wider" t

t() {
    as wessex 1 challenge barsetshire --about rereferral_pct@2023 --text x
    figure=$(FOLKMOOT_HOME=$W/loamshire "$F" thread "$triad" --json | sed -n 's/.*"about":"\(barsetshire\/[0-9]*\)".*/\1/p')
    as barsetshire 0 open "$figure" --to wessex --yes && tell barsetshire && as wessex 0 challenge barsetshire --about "$figure" --text "Thank you. And now?" && prints '"readers":"barsetshire, wessex"'
}
ok "to whom the record is opened later asks its author, and sees nothing of the three" t
t() { blind wessex "$triad"; }
ok "still" t

# ---- support ----

t() { as barsetshire 0 support need --about rereferral_pct --text "Who has brought these down?" --days 30 && need=$record && tell barsetshire; }
ok "a need is said" t
t() { as barsetshire 2 support need --about rereferal_pct --text x && says 'did you mean `rereferral_pct`' && as barsetshire 2 support need --about a/b --text x && as barsetshire 2 support need --about x --text x --days 0; }
ok "a misspelt indicator is no theme" t
t() { as loamshire 0 support offer --about rereferral_pct --text "Two days of our front-door lead." && offer=$record && tell loamshire; }
ok "an offer too" t
t() { as loamshire 1 support close "$need" --outcome x && says 'only who opened it' && as barsetshire 1 support take "$need"; }
ok "only its owner closes a need, and does not take it itself" t
t() { as loamshire 0 support take "$need" --text "We come in May." && tell loamshire && sees wessex '"record":"'"$need"'",[^}]*"state":"taken",[^}]*"turned_by":"loamshire"' support list; }
ok "a need is taken" t
t() { sed 's/^2024,\(.*\)rereferral_pct,.*/2024,\1rereferral_pct,80,200,40.0/' "$W/barsetshire.csv" >"$W/after.csv" && as barsetshire 0 publish "$W/after.csv" --reason late-data && prints '"revised":1,' && as barsetshire 0 support close "$need" --outcome "Repeat referrals fell from 61 % to 40 %." && tell barsetshire; }
ok "the figure moves, and the need is closed with what came of it" t
t() { sees lead '"record":"'"$need"'",[^}]*"state":"closed",[^}]*"outcome":"Repeat referrals fell' support list --all && as lead 0 support list && no grep -q "$need" "$W/out"; }
ok "it is listed as closed, and not among the open ones" t
t() { as loamshire 1 support take "$need" && says 'it is closed'; }
ok "what is closed cannot be taken" t

t() {
    as barsetshire 0 support need --about cpp_2yr_pct --text "How do you end plans?" && asks=$record && tell barsetshire && as loamshire 0 support offer --about cpp_2yr_pct --text "Come and see." && gives=$record && tell loamshire &&
        sees lead '"from":"loamshire","to":"barsetshire","indicator":"cpp_2yr_pct",[^}]*"offer":"'"$gives"'",[^}]*"need":"'"$asks"'"' match &&
        prints '"said":\[.*{"from":"loamshire","to":"barsetshire","about":"cpp_2yr_pct","offer":"'"$gives"'","need":"'"$asks"'"}' &&
        FOLKMOOT_HOME=$W/lead run 0 match && prints 'loamshire Council offers help with cpp_2yr_pct ('"$gives"')' && prints "loamshire offers ($gives), barsetshire needs ($asks): cpp_2yr_pct"
}
ok "match names offers and needs beside strengths and areas for development" t

# ---- a partner ----

t() { as helpers 1 publish "$W/barsetshire.csv" && says 'only authorities publish figures'; }
ok "a partner's own node publishes no figure" t
t() { as helpers 0 support offer --about "front door" --text "A peer reviewer." && help=$record && tell helpers && sees wessex '"record":"'"$help"'",[^}]*"state":"open"' support list; }
ok "a partner offers" t
t() { as wessex 0 support take "$help" && prints 'barset-helpers' && tell wessex && sees helpers '"state":"taken"' thread "$help" && sees midland '"state":"taken"' thread "$help"; }
ok "who takes a partner's offer is read by the partner and by the alliance" t
t() { as helpers 1 support need --about x --text x && says 'authorities and leads may' && as helpers 1 priority propose --about x --text x; }
ok "a partner needs and proposes nothing" t
t() { as barsetshire 0 review ask --about "front door" --text "Two days." --audience alliance && all=$record && as barsetshire 0 review ask --about "front door" --text "You too?" --audience barset-helpers && review=$record && tell barsetshire && as helpers 0 review report "$review" --text "Sound." && tell helpers && sees barsetshire '"state":"reported"' thread "$review" && blind helpers "$all"; }
ok "a partner reports on a review that names it, and reads no other" t

# ---- priorities ----

t() { as barsetshire 0 priority propose --about rereferral_pct --text "Repeat referrals." && priority=$record && tell barsetshire; }
ok "a priority is proposed" t
t() { as loamshire 0 priority support "$priority" && tell loamshire && as barsetshire 1 priority agree "$priority" && says '2 of 4 authorities are for it, and 3 are needed'; }
ok "two of four are not over half" t
t() { as lead 1 priority support "$priority" && as loamshire 1 priority support "$priority" && says 'already' && as helpers 1 priority support "$priority"; }
ok "a lead and a partner have no vote, and nobody has two" t
t() { as midland 0 priority support "$priority" && tell midland && as midland 1 priority agree "$priority" && as lead 0 priority agree "$priority" && tell lead && sees wessex '"state":"agreed",[^}]*"votes":3,"votes_needed":3' priority list; }
ok "three of four are" t

# ---- what is withdrawn, and what is hostile ----

t() { as wessex 0 practice share --about "weekly call" --text "$(printf 'Tuesdays.\nAll teams.')" && practice=$record && tell wessex && as loamshire 0 practice used "$practice" --text "It holds." && used=$record && tell loamshire && sees lead '"used":1' practice list; }
ok "practice is shared and used" t
t() { as loamshire 0 withdraw "$used" --reason mistake --yes && tell loamshire && sees lead '"used":0' practice list; }
ok "who withdraws what it said has not said it" t
t() { as wessex 2 practice share --about x --text "$(printf 'a\033[31mb')" && says 'control characters' && head -c 1000000 /dev/zero | tr '\0' a >"$W/large" && as wessex 2 practice share --about x --text "@$W/large" && says 'more than 8192 bytes' && as wessex 2 practice share --about "$(head -c 200 "$W/large")" --text x; }
ok "control characters and a megabyte are refused, by name of the limit" t
t() {
    printf 'caf\351 \223quoted\224\r\n\t<script>alert(1)</script>\r\n=HYPERLINK("http://x")' >"$W/hostile"
    as wessex 0 practice share --about "$(printf '=1+1 \342\200\256<b>')" --text "@$W/hostile" && hostile=$record && says 'Windows-1252' &&
        as wessex 0 support offer --about "$(printf '<img onerror=x> \342\200\256')" --text "@$W/hostile" && tell wessex &&
        FOLKMOOT_HOME=$W/lead run 0 thread "$hostile" && prints 'café “quoted”' && no grep -q "$(printf '\342\200\256')" "$W/out" &&
        FOLKMOOT_HOME=$W/lead run 0 practice list --csv && no grep -q "$(printf '\342\200\256')" "$W/out" && prints "'=1+1" && no grep -q ',=' "$W/out"
}
ok "cp1252 is read, and marks of direction, formulas and HTML come out harmless" t
t() { FOLKMOOT_HOME=$W/lead run 0 export --format csv --what posts && prints "^$hostile,wessex,practice,\"'=1+1 <b>\",open," && no grep -q "$(printf '\342\200\256')" "$W/out" && FOLKMOOT_HOME=$W/wessex run 0 export --format json --what posts && no grep -q 'one team' "$W/out" && prints '{"schema":"folkmoot.export/1","posts":\[{' && FOLKMOOT_HOME=$W/lead run 2 export --format ees --what posts; }
ok "posts are exported, harmless, and only what may be read" t
t() {
    FOLKMOOT_HOME=$W/lead run 0 report --out "$W/page.html" && mv "$W/page.html" "$W/out" && prints '<h2[^>]*>Challenge and support</h2>' && prints 'Challenges: 4, answered 1' && prints '3 of 4' && prints 'How do you end plans' &&
        prints '&lt;script&gt;alert(1)' && prints '&lt;img onerror=x&gt;' && no grep -q '<img' "$W/out" &&
        no grep -q 'one team' "$W/out" && no grep -q '<script' "$W/out" && no grep -q "$(printf '\342\200\256')" "$W/out"
}
ok "the report has what is open, what is agreed, and nothing of the three" t

# ---- every type, everywhere ----

t() {
    as midland 0 note "$(FOLKMOOT_HOME=$W/midland "$F" --json compare rereferral_pct | grep -o '"record":"midland/[0-9]*"' | sed 's/.*:"//; s/"//;q')" --text "Zebras in the note." && tell midland
    for pair in challenge:front response:threshold need:brought offer:Two review:Sound action:Visit priority:Repeat practice:Tuesdays note:Zebras; do
        who=lead
        [ "${pair%:*}" = action ] && who=midland
        [ "${pair%:*}" = review ] && who=barsetshire
        sees $who '"kind":"'"${pair%:*}"'","slug"' search "${pair#*:}" || return 1
        sees $who '"what":"'"${pair%:*}"'[^"]*","shown"' news --since 2020-01-01 || return 1
    done
}
ok "posts of every type are found by search, and told by news" t

# ---- counted and told in order ----

t() { sees lead '{"slug":"barsetshire","challenges_given":0,"challenges_received":4,"answered":1,"late":0,"overdue":0,"needs":2,"needs_met":1,' activity && prints '{"slug":"loamshire","challenges_given":4,[^}]*"needs_taken_of_others":1,' && prints '{"slug":"barset-helpers",[^}]*"offers":1,"offers_taken":1,' && sees loamshire '"challenges_received":5,"answered":2,' activity --authority barsetshire; }
ok "activity counts given and received, of what one may read" t
slugs() { FOLKMOOT_HOME=$W/lead "$F" --json "$@" 2>/dev/null | tr '{' '\n' | sed -n 's/^"slug":"\([a-z-]*\)".*/\1/p'; }
t() { slugs activity >"$W/order" && [ "$(wc -l <"$W/order")" -eq 6 ] && sort -c "$W/order" && slugs verify >"$W/order" && [ "$(wc -l <"$W/order")" -eq 6 ] && sort -c "$W/order"; }
ok "activity and verify list by name" t
t() { FOLKMOOT_HOME=$W/lead run 0 activity && prints '^barsetshire  *0  *1/4 ' && [ "$(sed -n '1,/^$/p' "$W/out" | awk '{ print length }' | sort -n | tail -1)" -le 100 ]; }
ok "and activity fits a screen" t
t() { sees lead '"challenges_received":0' activity --authority barsetshire --since 2090-01-01 && FOLKMOOT_HOME=$W/lead run 2 activity --since whenever && FOLKMOOT_HOME=$W/lead run 2 activity --authority nowhere; }
ok "since a day, and of somebody who is there" t
t() { sees wessex '"slug":"loamshire","what":"challenge".*"slug":"barsetshire","what":"response answered".*"slug":"loamshire","what":"need taken"' timeline barsetshire && no grep -q 'one team\|three of us' "$W/out" && FOLKMOOT_HOME=$W/wessex run 0 timeline barsetshire && prints 'What changed at the front door'; }
ok "a timeline has both sides, in order, and nothing of the three" t
t() { sees wessex '"what":"response answered"[^}]*"counts":true' timeline barsetshire && no prints '"counts":false' && as loamshire 0 withdraw "$asked" --reason mistake --yes && tell loamshire && sees wessex '"what":"response answered"[^}]*"counts":false' timeline barsetshire && FOLKMOOT_HOME=$W/wessex run 0 timeline barsetshire && prints 'response answered (does not count)'; }
ok "an answer to what was taken back is shown as one that does not count" t

# ---- shown to an outsider ----

t() { as barsetshire 0 disclose "$triad" --out "$W/triad.fmb" || as loamshire 0 disclose "$triad" --out "$W/triad.fmb" && FOLKMOOT_HOME=$W/none run 1 audit "$W/triad.fmb" --json && prints 'Among the three of us'; }
ok "a challenge is disclosed and audited like any record" t

# ---- a partner that publishes a figure all the same ----

# Its node has heard that it is an authority, and not that it is a partner again; a program of its own would do no other.
figures helpers 907 2024 10
setup fm barsetshire alliance set --role barset-helpers=authority --yes --offline
setup tell barsetshire
setup fm barsetshire alliance set --role barset-helpers=partner --yes --offline
setup fm barsetshire bundle export --out "$W/again.fmb" --yes
for w in loamshire midland wessex lead; do setup fm $w bundle import "$W/again.fmb"; done
t() { as helpers 0 publish "$W/helpers.csv" && prints '"published":3,' && for w in barsetshire wessex lead; do fm helpers bundle export --out "$W/helpers.fmb" --yes && fm $w bundle import "$W/helpers.fmb" || return 1; done; }
ok "a partner's node that does not know it is one publishes figures" t
t() {
    for w in barsetshire wessex lead; do
        sees $w '"rows":\[{"slug":"barset-helpers",[^}]*"counted":0}' sql "SELECT slug, value, counted FROM figure WHERE slug = 'barset-helpers' AND indicator = 'rereferral_pct'" || return 1
        sees $w '"n":4,' compare rereferral_pct && no grep -q 'barset-helpers' "$W/out" || return 1
        sees $w '"rows":\[' rug && no grep -q 'barset-helpers' "$W/out" || return 1
        FOLKMOOT_HOME=$W/$w run 0 report --out "$W/counted.html" --yes && no grep -q 'data-record="barset-helpers' "$W/counted.html" || return 1
    done
}
ok "its peers hold them and count none" t
t() { fm helpers bundle import "$W/again.fmb" && as helpers 1 publish "$W/helpers.csv" --reason correction && says 'only authorities publish figures, and barset-helpers is a partner' && as helpers 1 compare rereferral_pct && says 'no figure of any period is held'; }
ok "once it hears so itself, it is told, and counts none of its own" t

# ---- a day that passes ----

if "${CC:-cc}" -shared -fPIC -o "$W/later.so" tests/e2e/later.c 2>>"$W/setup"; then
    later() { days=$1; shift; ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0" LD_PRELOAD=$W/later.so LATER_DAYS=$days "$@"; }
    t() { as loamshire 0 challenge wessex --about rereferral_pct@2024 --text "And you?" --answer-by "$soon" && third=$record && tell loamshire && as lead 0 challenge list --overdue && prints '"n":0,'; }
    ok "before its day a challenge is not overdue" t
    t() { FOLKMOOT_HOME=$W/lead later 30 run 0 challenge list --overdue --json && prints '"record":"'"$third"'",[^}]*"overdue":true' && later 30 as lead 0 action list --overdue && prints '"n":0,'; }
    ok "after it, it is" t
    t() { later 30 as wessex 0 respond "$third" --text "Much as before." && tell wessex && sees lead '"record":"'"$third"'",[^}]*"state":"answered",[^}]*"overdue":false,"late":true,"turned_by":"wessex",[^}]*"days":30' challenge list --all; }
    ok "an answer that came late says so, with its days" t
    t() { sees lead '"slug":"wessex",.*"late":1,"overdue":0,.*"days_median":30' activity --authority wessex; }
    ok "and is counted as late" t
    t() { FOLKMOOT_HOME=$W/lead later 120 run 0 match --json && prints '"said":\[\]'; }
    ok "offers and needs that have run out meet no more" t
else
    ok "a day that passes # SKIP no compiler" true
fi
finish
