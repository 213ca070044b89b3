#!/bin/sh
# tests/e2e/test_words.sh - what is said when something is wrong: one line, `folkmoot: what: why: what to do`, the promised
# exit status, and with --json a document as well; and where answers go.
. tests/e2e/lib.sh
unset NO_COLOR COLUMNS
export FOLKMOOT_HOME="$W/home"

# bad STATUS WORDS ARGUMENTS...: so it ends, in text and in JSON; on stderr one line that says these words.
bad() {
    want=$1 words=$2
    shift 2
    run "$want" "$@" || return 1
    [ "$(grep -c '^folkmoot: ..*: ..*: ..*' "$W/err")" -eq 1 ] || { echo "not one line 'folkmoot: what: why: what to do':"; cat "$W/err"; return 1; }
    says "$words" || return 1
    run "$want" --json "$@" || return 1
    is_document '[a-z-]*' && prints '^{"schema":"folkmoot.error/1","error":{"code":"[a-z-]*","message":"' && says "$words"
}
# it STATUS WORDS ARGUMENTS...: a test of bad, called by what was typed.
it() {
    want=$1 words=$2
    shift 2
    ok "\`folkmoot $(printf "%.100s" "$*")\` ends with $want: $words" bad "$want" "$words" "$@"
}

head -c 3000 /dev/urandom >"$W/binary"
: >"$W/empty"
mkdir "$W/folder"
echo 'correct horse battery staple' >"$W/right"
echo 'Tr0ub4dor&3' >"$W/wrong"
echo short >"$W/short"

# ---- where nothing is set up ----

it 2 'did you mean `publish`' pubish
it 2 'there is none of that name: `folkmoot help` lists' "$(printf 'x%.0s' $(seq 5000))"
it 2 'did you mean `--json`' --jsno
it 2 'one of create, set' alliance
it 2 'write each for itself' -qv status
it 2 'no option `-x`' -x status
it 2 'did you mean `show`' alliance shw
it 2 'one argument too many: folkmoot status$' status extra
it 2 'its value is missing' compare x --period
it 2 'one of value|name|rank' compare x --sort size
it 3 'nothing has been set up there' status
it 2 'did you mean `east-sussex`' init east-susex --unprotected
it 2 'give its --name' init 999 --unprotected
it 2 'folkmoot init 845' init
it 4 'nobody is at a terminal' init 845
it 4 'too short' init 845 --passphrase-file "$W/short"
it 4 'no such passphrase file' init 845 --passphrase-file "$W/none"
it 4 'too short' init 845 --passphrase-file "$W/empty"
it 2 'no such choice' init 845 --role boss
t() { chmod 755 "$W/folder" && : >"$W/folder/other" && run 3 init 845 --unprotected -C "$W/folder" && says 'holds other things' && rm "$W/folder/other"; }
ok "somebody's own folder is no home, and it says why" t
it 2 'did you mean `show`' help alliance shw
it 2 'help bundle` lists' help bundle zzzzzz
it 2 'one of bash, zsh' completion fish
t() { run 0 init 845 --passphrase-file "$W/right" && says '^next: ' && says 'Keep a copy of .*recovery.txt'; }
ok "init says where the copy of the seed is, and what is next" t
it 1 'a node lives here already' init 850

# ---- files and secrets ----

it 2 'join INVITE' join
it 2 'begins with folkmoot-invite' join folkmoot-invite:lwHE
it 3 'there is no such file' join --charter "$W/none"
it 3 'this is a folder' join --charter "$W/folder"
it 1 'it is not such a file: it must be' join --charter "$W/binary"
it 1 'belongs to no alliance yet' publish "$W/empty"
it 2 'alliance create NAME' alliance create
it 4 'nobody is at a terminal' alliance create "South East"
it 4 'this is not the passphrase' alliance create "South East" --passphrase-file "$W/wrong"
t() { run 0 alliance create "South East" --passphrase-file "$W/right" && says '^next: '; }
ok "the right passphrase signs" t
it 1 'another alliance needs another home' alliance create Again --passphrase-file "$W/right"

# ---- keys ----

it 2 'did you mean `log`' keys rotate lgo
it 2 'the stewards replace a lost root' keys rotate root
it 2 'disowned where the log key was stolen' keys rotate node --void-from 3
it 2 'entry 0 is who we are' keys rotate log --compromised --void-from 0
it 2 'the last is 0' keys rotate log --compromised --void-from 7
it 4 'this is not the passphrase' keys rotate log --passphrase-file "$W/wrong"
it 4 'give --new-passphrase-file' keys passphrase --passphrase-file "$W/right"
it 3 'its folder is not there' keys backup "$W/none/b"
it 1 'this is no backup' keys backup --check "$W/binary"
it 3 'there is no such file' keys backup --check "$W/none"
it 1 'a node lives here already' keys restore "$W/binary"
it 2 'goes with a recovery file' keys restore --charter "$W/none"
it 1 'has the keys by which it is known' keys restore --passphrase-file "$W/right"
cp "$W/home/private/box.keys" "$W/key" && rm "$W/home/private/box.keys"
it 4 '`folkmoot keys restore` makes it again' compare cin_rate
cp "$W/key" "$W/home/private/box.keys"
for key in private/log.key private/box.keys node/node.key node/witness.key; do
    cp "$W/home/$key" "$W/key" && rm "$W/home/$key"
    t() { run 1 keys status && run 0 keys restore --passphrase-file "$W/right" && run 0 keys status && cmp -s "$W/key" "$W/home/$key"; }
    ok "$key is made again from the seed" t
done

it 3 'its folder is not there' id --export "$W/none/id"
it 3 'this is a folder' id --export "$W/folder"
ok "an identity is exported" run 0 id --export "$W/id"
it 1 'yes overwrites it' id --export "$W/id"
t() { run 0 id --export - && grep -q '^folkmoot identity v1' "$W/out"; }
ok "- is stdout, and nothing else is said there" t
it 3 'its folder is not there' alliance export "$W/none/charter"
it 3 'there is no such file' alliance admit --identity "$W/none"
it 1 'it must be what' alliance admit --identity "$W/binary"
it 3 'there is no such file' alliance set --agreement "$W/none"
it 2 'set what' alliance set --yes
it 1 'give --threshold 1$' alliance set --threshold 5 --yes --passphrase-file "$W/right"
t() { run 1 alliance set --threshold 5 --yes --passphrase-file "$W/right"; [ ! -s "$W/out" ]; }
ok "what is not lawful is not shown as if it could be signed" t
t() { run 0 alliance set --opens 90d --purpose "To compare" --agreement "$W/right" --yes --passphrase-file "$W/right" && run 0 alliance show && prints '^Purpose:  *To compare$' && prints '^Opened:  *90d' && prints '^Agreement:  *right$' && run 0 alliance show --json && prints '"agreement":"right","agreement_sha256":"[0-9a-f]*","purpose":"To compare","foi":null,"retain":null,"opens":"90d"'; }
ok "what was agreed is shown" t
it 2 'yes would answer' alliance set --history from-admission
it 2 'no member `kent`' alliance remove kent --reason gone
it 2 'reason TEXT' alliance remove east-sussex
it 1 'it has not asked here' alliance admit kent
it 2 'for example 12h' alliance invite --expires 3x
it 2 'name the folder' export-log 845
it 2 'needs a folder' export-log 845 --out -
it 2 'no member `nowhere`' export-log nowhere --out "$W/x"
it 3 'this is a file' export-log 845 --out "$W/empty"
it 3 'its folder is not there' export-log 845 --out "$W/none/x"
it 2 'no such version' alliance policy 845 --version 9
it 2 'its value is missing' alliance policy 845 --version
it 2 'which office' officer add
it 2 'give it with --name' officer add --role dcs
it 3 'there is no such file' officer add --key "$W/none"
it 1 'wrote' officer add --key "$W/binary"
it 2 'has no such officer' officer revoke dcs
it 2 'name the file with --out' officer keygen --role dcs --name Jane
it 2 'one line' officer keygen --role dcs --name '' --out "$W/x"
it 2 'no such choice' officer keygen --role king --name Jane --out "$W/x"
it 2 'who signs' assess sign "$W/empty"
it 1 'does not begin as a self-assessment does' assess sign "$W/empty" --as dcs
it 1 'does not begin as a self-assessment does' assess check "$W/empty"
it 1 'not UTF-8' assess check "$W/binary"
it 3 'there is no such file' assess check "$W/none"
it 3 'there is no such file' assess show "$W/none"
it 3 'there is no such file' assess publish "$W/none"
it 2 'name the file with --out' assess new
it 2 'this is no year' assess new --year 20255 --out "$W/x"
it 3 'its folder is not there' assess new --out "$W/none/x"
it 2 'no member `nowhere`' assess show nowhere
it 1 'no self-assessment of it' assess show 845
it 2 'this is no year' assess list --year x
it 2 'who signs' sign-file "$W/empty"
it 2 'for whose tool' sign-file "$W/empty" --as dcs
it 2 'has no such officer' sign-file "$W/empty" --as dcs --format sshsig
it 3 'this is a folder' sign-file "$W/folder" --as dcs --format sshsig
it 1 'not its .pub' sign-file "$W/empty" --as dcs --format sshsig --key "$W/binary"
it 3 'there is no such file' indicators add "$W/none"
it 3 'there is no such file' reference import "$W/none" --source x
it 2 'name the file' bundle export
it 3 'there is no such file' bundle import "$W/none"
it 3 'this is a folder' bundle import "$W/folder"
it 1 'it is no bundle' bundle import "$W/binary"
it 1 'it is no bundle' bundle import "$W/empty"
it 2 'no member `nowhere`' verify --authority nowhere
it 2 'it needs a file' audit
it 3 'there is no such file' audit "$W/none"
it 3 'this is a folder' audit "$W/folder"
it 1 'it is not such a file' audit "$W/binary"
it 3 'it is read more than once' audit /dev/null
it 1 'it is not such a file' audit "$W/empty"
printf 'c2sp.org/tlog-proof@v1\n' >"$W/cut.tlog-proof"
printf 'quorum none\nquorum none\n' >"$W/policy"
it 1 'cut short' audit "$W/cut.tlog-proof"
it 3 'there is no such file' audit "$W/cut.tlog-proof" --policy "$W/none"
it 1 'line 2 cannot be used' audit "$W/cut.tlog-proof" --policy "$W/policy"
it 2 'it is no hash' audit "$W/cut.tlog-proof" --charter 3B
printf 'folkmoot disclosure v1' >"$W/short.fmb"
it 1 'it is not such a file' audit "$W/short.fmb"
it 2 'two ways to trust' audit "$W/id" --policy "$W/binary" --charter 00
it 2 'it audits nothing' audit --new-key "$W/key" "$W/id"
it 2 'it needs a file to write' prove east-sussex/0
it 1 'stands there' prove east-sussex/99 --out "$W/p"
it 2 'this names no record' prove nothing --out "$W/p"
it 2 'it needs a file to write' disclose east-sussex/0
it 1 'is no record' disclose east-sussex/0 --out "$W/d"
it 2 'it is no box key' disclose east-sussex/0 --to abc --out "$W/d"

# ---- challenge and support ----

it 2 'challenge SLUG --about' challenge
it 2 '--about is missing' challenge east-sussex --text x
it 2 'no member `kent`' challenge kent --about cin_rate --text x
it 2 'that is ourselves' challenge east-sussex --about cin_rate --text x
it 2 'no indicator `cin_rat`' challenge east-sussex --about cin_rat --text x
it 2 'where to' challenge draft east-sussex
it 3 'there is no such file' challenge send "$W/none"
it 1 'it is not such a file' challenge send "$W/binary"
it 1 'it asks nothing' challenge send "$W/empty"
it 2 'this names no record' respond nothing --text x
it 1 'no such matter' respond east-sussex/0 --text x
it 1 'nothing is said about it' thread east-sussex/0
it 2 '--text: it is missing' support need --about cin_rate
it 2 '--about: it is missing' support need --text x
it 2 'did you mean `cin_rate`' support need --about cin_rat_ --text x
it 2 'there is no text' support need --about cin_rate --text ' '
it 3 'there is no such file' support need --about cin_rate --text "@$W/none"
it 2 'no number of days' support need --about cin_rate --text x --days soon
it 2 'is not for everybody' support need --about cin_rate --text x --audience public
it 2 'this is no day' action add --about cin_rate --text x --due tomorrow
it 2 'did you mean `need`' support ned
it 2 'is no day' activity --since ever
it 2 'no member `nowhere`' timeline nowhere
t() { run 0 support list && prints 'Nothing is open' && run 0 priority list --json && is_document priority-list && prints '"n":0,' && run 0 practice list -q --csv && run 0 activity; }
ok "with nothing said the lists say so" t

# ---- publishing and asking ----

it 2 'folkmoot publish FILE.csv' publish
it 3 'there is no such file' publish "$W/none.csv"
it 3 'this is a folder' publish "$W/folder"
it 3 'there is no such file' publish "$DATA" --indicators "$W/none"
cp "$DATA" "$W/own.csv"
it 2 'this is the file that is published' publish "$W/own.csv" --errors "$W/folder/../own.csv"
t() { run 1 publish "$W/binary" --json && is_document publish && prints '"line":null,"column":null,"problem":".*holds a NUL byte in line [0-9]'; }
ok "a file that is no text is a refused publish, of no line and no column" t
t() { run 1 publish "$DATA" --where relese=2024 && prints 'did you mean `release`'; }
ok "a misspelt column of --where gets the nearest" t
echo precious >"$W/mine.txt"
it 1 'no list of problems' publish "$DATA" --errors "$W/mine.txt"
t() { grep -q precious "$W/mine.txt" && run 1 publish "$DATA" --errors "$W/e.csv" && run 1 publish "$DATA" --errors "$W/e.csv" && says '74 problems' && run 1 publish "$DATA" --errors "$W/mine.txt" --yes && grep -q ',problem' "$W/mine.txt"; }
ok "--errors writes over its own list only" t
printf 'time_period,old_la_code,indikator,value\n2024,845,cin_rate,1\n' >"$W/heading.csv"
t() { run 1 publish "$W/heading.csv" --errors "$W/e.csv" && grep -q ',problem: indicator: there is no column' "$W/e.csv" && run 1 publish "$W/heading.csv" --errors "$W/e.csv" && says '1 problem, '; }
ok "also over one whose heading is wrong" t
printf 'time_period,old_la_code,indicator\n2024,845,cin_rate\n' >"$W/heading.csv"
t() { run 1 publish "$W/heading.csv" --errors "$W/e.csv" && grep -q ',"problem: value: .*, or value' "$W/e.csv" && run 1 publish "$W/heading.csv" --errors "$W/e.csv" && says '1 problem, '; }
ok "in words with a comma in them, too" t
t() { run 1 publish "$W/binary" --errors "$W/e.csv" && run 1 publish "$DATA" --errors "$W/e.csv" && says '74 problems'; }
ok "and over what came of a file that is no text" t
it 3 'errors .*: this is a folder' publish "$DATA" --errors "$W/folder"
it 2 'binary: the map is no CSV file' publish "$DATA" --indicators "$W/binary"
it 3 'this is a folder' template --period 2024 --out "$W/folder"
t() { run 0 template --period 2024 --out "$W/t.csv" && run 0 template --period 2024 --out - && cmp -s "$W/out" "$W/t.csv"; }
ok "a template goes to stdout too, and nothing else with it" t
it 1 'a file is there already: --yes overwrites it' template --period 2024 --out "$W/t.csv"
t() { run 3 publish "$DATA" --errors "$W/none/e.csv" && says 'its folder is not there'; }
ok "an errors file that cannot be written is the environment's fault" t
t() { run 0 publish "$DATA" --where release=2024 && prints '^Published 90 figures' && prints '^1,620 rows of other' && says '^next: '; }
ok "people read what was published" t
t() { run 0 publish "$DATA" --where release=2024 && prints '^Nothing to publish: 90 figures stand' && ! grep -q '^next: ' "$W/err"; }
ok "and that the second time there was nothing" t
run 0 init 850 --unprotected -C "$W/other" && cp "$W/home/private/log.key" "$W/log.key" && cp "$W/other/private/log.key" "$W/home/private/log.key"
it 4 'not the key that node/identity names: `folkmoot keys restore`' note cin_rate@2024 --text "By another key."
t() { run 0 keys restore --passphrase-file "$W/right" && cmp -s "$W/log.key" "$W/home/private/log.key"; }
ok "and that makes it" t
rm "$W/other/private/log.key"
t() { run 0 keys restore -C "$W/other" && run 0 keys status -C "$W/other" && run 1 keys restore -C "$W/other"; }
ok "in a home of no alliance too" t
it 2 'did you mean `cin_rate`' compare cin_rat
it 2 'did you mean `cin_rate`' history cin_rat
it 2 'did you mean `cin_rate`' indicators cpp_rate cin_rat
it 2 'write 2024' compare cin_rate --period soon
it 2 'write 2025-01-31' compare cin_rate --as-of yesterday
it 1 'no figure of period 2031' compare cin_rate --period 2031
t() { run 0 compare sw_turnover_pct --json && prints '"value":"8.1","numerator":31.4,' && prints '"quartiles":{"q0":8.1,'; }
ok "numbers are printed as they were published" t
t() { run 0 compare cin_rate && prints '3,580 to 3,708, +3.6 %' && prints '+9.7$' && ! grep -q ' $' "$W/out"; }
ok "people read signs and thousands, and no line ends in blanks" t
t() { run 0 compare sw_turnover_pct --csv && prints ',1,-,,'; }
ok "a band that is a dash is no formula for a spreadsheet" t
t() { run 0 sql "SELECT NULL AS nil, 1 AS one" && prints '^nil  one$'; }
ok "a column of nulls was asked for" t
t() { run 0 export --json && prints '"numerator":3708,"denominator":null,"value":"357.9","status":"stated","reason":null,"marking":null' && prints '"value":"27.0"'; }
ok "export takes --json for its format, and writes counts as numbers" t
it 2 'stdout cannot be csv and json at once' export --format csv --json
t() { run 1 reference import "$W/own.csv" --source x --where release=2030 && says '^folkmoot: ..*: ..*: ..*'; }
ok "an import that is refused says so in a line as well" t
t() { run 0 coverage --json && prints '"slug":"east-sussex",.*"fresh":false'; }
ok "coverage says whose log is fresh" t

# ---- every command ----

commands() { "$F" help --json | grep -o '"command":"[^"]*"' | sed 's/"command":"//; s/"$//'; }
each_helps() {
    [ "$(commands | wc -l)" -gt 20 ] || return 1
    commands | while read -r c; do
        "$F" $c --help >"$W/help" 2>&1 || { echo "$c --help ends with $?"; return 1; }
        grep -q "^folkmoot $c: " "$W/help" && grep -A1 '^example:' "$W/help" | grep -q '  folkmoot' ||
            { echo "$c --help: no summary or example"; return 1; }
        "$F" $c --nonsuch >"$W/help" 2>&1 && { echo "$c takes --nonsuch"; return 1; }
        grep -q 'option.*--nonsuch' "$W/help" || { echo "$c --nonsuch: $(cat "$W/help")"; return 1; }
        ! grep -qiE 'epoch|fold[^e]|cosignature' "$W/help" || { echo "$c: a word of the protocol"; return 1; }
    done
}
ok "every command has a summary, an example, and knows its options" each_helps
each_topic() {
    topics=$("$F" help | sed '1,/^Topics/d; /^$/,$d; s/^  //; s/ .*//')
    [ "$(echo "$topics" | wc -l)" -gt 5 ] || return 1
    for topic in $topics; do
        run 0 help "$topic" && prints "^$topic: " && [ "$(sed -n "/^$topic: /,\$p" "$W/out" | wc -l)" -gt 4 ] && run 0 help "$topic" --json &&
            is_document help && prints '"text":"..*","commands"' || { echo "nothing of $topic"; return 1; }
    done
}
ok "every topic is explained, also one that has a command's name" each_topic
t() { run 0 completion bash --json && is_document completion && prints '"script":"# Completion'; }
ok "a script is a document too" t
full() { "$F" $1 >/dev/full 2>"$W/err"; got=$?; cat "$W/err"; [ $got -eq 3 ] && [ "$(wc -l <"$W/err")" -eq 1 ]; }
for c in status "status --json" "indicators --csv" "id --export -" "export --format csv"; do
    ok "\`$c\` says when nothing can be written" full "$c"
done

# ---- at a terminal ----

# (where a terminal can be made: a bare chroot has no /dev/pts)
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    at_terminal() { script -qec "$*" /dev/null </dev/null >"$W/out" 2>&1; }
    t() { at_terminal "$F" status; grep -q "$(printf '\033\\[')" "$W/out"; }
    ok "a terminal gets colour" t
    t() { NO_COLOR=1 at_terminal "$F" status; [ -s "$W/out" ] && ! grep -q "$(printf '\033\\[')" "$W/out"; }
    ok "but not with NO_COLOR" t
    t() { run 0 status; [ -s "$W/out" ] && ! grep -q "$(printf '\033\\[')" "$W/out"; }
    ok "nor through a pipe" t
    t() { NO_COLOR=1 at_terminal "$F" compare cin_rate; prints '^East Sussex <  357.9'; }
    ok "where our own row is marked by a letter" t
    t() { at_terminal "$F" bundle export --out -; got=$?; [ $got -eq 2 ] && prints 'binary is not for a terminal'; }
    ok "binary is never written to it" t
fi
finish
