#!/bin/sh
# tests/e2e/test_tools.sh - what other people's tools say of our files: Go's sumdb of a log in tiles, minisign and
# ssh-keygen of an officer's signature. A tool that is not installed (`sh .ci/deps tools`) is passed over, loudly.
. tests/e2e/lib.sh

lacks() { n=$((n + 1)); echo "ok $n - $1 # SKIP not installed"; echo "# oracle $1 IS NOT INSTALLED: nothing of ours was shown to it"; }
GO_X=/usr/share/gocode
has_go=
if command -v go >/dev/null 2>&1 && [ -d $GO_X/src/golang.org/x/mod/sumdb ]; then
    ok "the verifier builds on Go's own sumdb" \
        env GOCACHE="$W/go" GO111MODULE=off GOPATH=$GO_X go build -o "$W/verify" tests/others/verify.go && has_go=yes
else
    lacks "go with x/mod"
fi
by_go() { [ -z "$has_go" ] || "$W/verify" "$@"; }
refused_by_go() { [ -z "$has_go" ] || refuses 1 "$1" "$W/verify" log "$2" "$3"; }

# ---- a log of more than one tile, witnessed by both ----

many() {    # many FROM TO: three figures a year
    echo 'time_period,time_identifier,old_la_code,indicator,numerator,denominator,value'
    year=$1
    while [ "$year" -le "$2" ]; do
        for cell in cpp_repeat_pct cpp_2yr_pct rereferral_pct; do echo "$year,Reporting year,845,$cell,40,200,20.0"; done
        year=$((year + 1))
    done
}
home a 845
found a Barset
start a
home b 850
ask b a
fm a alliance admit hampshire --yes >>"$W/setup" 2>&1
start b
until_true json_has a '"waiting_for":[]' status
many 1910 2005 >"$W/many.csv"
ok "288 figures are published" fm a publish "$W/many.csv"
ok "a policy for its log" sh -c "'$F' -q -C '$W/a' alliance policy 845 >'$W/policy'"
ok "which asks for two witnesses" grep -q '^group .* 2 ' "$W/policy"
size=$(log_size a east-sussex)
is_witnessed() { fm a export-log 845 --witnessed --out "$W/poll" --json >"$W/polled" 2>&1; has "$(cat "$W/polled")" "\"size\":$size,"; }
exports() { fm a export-log 845 --witnessed --out "$W/log" --json >"$W/exported"; }
until_true is_witnessed
exports
ok "the log as tiles, with the cosignatures of both" has "$(cat "$W/exported")" '"cosignatures":2,"witnesses":2,"quorum":true'
ok "tiles and bundles have their places" sh -c "cd '$W/log' && ls checkpoint tile/0/000 tile/0/001.p/* tile/1/000.p/1 tile/entries/000"
ok "nothing else is left in it" ends 1 sh -c "ls -a '$W/log' | grep -v '^[.]*$\|^checkpoint$\|^tile$'"
ok "Go: note, cosignatures, every tile and entry, proofs" by_go log "$W/log" "$W/policy"
cp -r "$W/log" "$W/bad"
sed '$d' "$W/log/checkpoint" >"$W/bad/checkpoint"
ok "Go: not with one witness fewer" refused_by_go 'too few' "$W/bad" "$W/policy"
sed "s/^$size\$/$((size - 1))/" "$W/log/checkpoint" >"$W/bad/checkpoint"
ok "Go: not with another size" refused_by_go 'checkpoint' "$W/bad" "$W/policy"
cp "$W/log/checkpoint" "$W/bad/checkpoint"
flip() { printf '\377' | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null; }
flip "$W/bad/tile/entries/000" 40
ok "Go: not with a changed entry" refused_by_go 'entry 0: another hash' "$W/bad" "$W/policy"

# ---- the folder ----

same() { diff -r "$W/log" "$1"; }
mends() { run 0 -C "$W/a" export-log 845 --witnessed --out "$W/bad" --json && prints '"written":1,"mended":1' && says 'written anew' && same "$W/bad"; }
ok "a file that was damaged is written anew, and that is said" mends
again() { run 0 -C "$W/a" export-log 845 --witnessed --out "$W/log" --json && prints '"written":0,"mended":0'; }
ok "a second run writes nothing" again
crash() { # killed by the kernel while it writes the first bundle
    (ulimit -f 8; exec "$F" -q -C "$W/a" export-log 845 --witnessed --out "$W/cut") >/dev/null 2>&1
    [ -e "$W/cut/.unfinished" ] && [ ! -e "$W/cut/checkpoint" ]
}
ok "what was killed half way has no checkpoint" crash
rm -f "$W/cut/.folkmoot-"* "$W/cut"/tile/*/.folkmoot-*
taken_up() { fm a export-log 845 --witnessed --out "$W/cut" && same "$W/cut"; }
ok "and is taken up" taken_up
refuses_folder() { # refuses_folder STATUS WORDS FOLDER: and nothing in it changes
    cp -r "$W/$3" "$W/before"; refuses "$1" "$2" fm a export-log 845 --witnessed --out "$W/$3"; got=$?
    diff -r "$W/$3" "$W/before" || got=1; rm -rf "$W/before"; return $got
}
mkdir "$W/mine"; echo x >"$W/mine/notes"
ok "another's folder is left alone" refuses_folder 1 'other files' mine
echo x >"$W/mine/checkpoint"
ok "one with something else called checkpoint" refuses_folder 1 'not one of Folkmoot' mine
mkdir "$W/half"; cp -r "$W/log/tile" "$W/half/tile"
ok "tiles that nothing says are ours" refuses_folder 1 'other files' half
echo folkmoot/none >"$W/half/.unfinished"
ok "an unfinished one of another log" refuses_folder 1 'another log' half
fm a export-log hampshire --out "$W/b-log" >/dev/null
ok "another member's log" refuses_folder 1 'another log' b-log
line() { sed "$1" "$W/log/checkpoint" >"$W/bad/checkpoint"; }
line "2s/.*/$((size + 1))/"
ok "one that holds more than we do" refuses_folder 1 'only' bad
line '3s/.*/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=/'
ok "one that tells another story" refuses_folder 1 'contradicts' bad
many 1906 1907 >"$W/more.csv"
fm a publish "$W/more.csv" >/dev/null
size=$(log_size a east-sussex)
until_true is_witnessed
exports
ok "a log that grew: only what is new is written" has "$(cat "$W/exported")" '"files":5,"written":2,"mended":0'
ok "Go: that too" by_go log "$W/log" "$W/policy"

proves() { fm a prove east-sussex/7 --out "$W/proof" && by_go proof "$W/proof" "$W/policy"; }
if "$F" help prove >/dev/null 2>&1; then
    ok "Go: one record's proof" proves
fi

# ---- officers ----

echo 'correct horse' >"$W/pass"
keygen() { (cd "$W" && "$F" officer keygen --role dcs --name 'Jane Roe' --out jane.key --passphrase-file pass); }
ok "an officer makes a key without a home" keygen
ok "and the authority enrols it" fm a officer add --key "$W/jane.key.pub"
ok "a key that the authority holds" fm a officer add --role leader --name 'Siân Reeve'
sign() { fm a sign-file "$DATA" --yes "$@" >/dev/null; }
hers="--key $W/jane.key --passphrase-file $W/pass"
if command -v minisign >/dev/null 2>&1; then
    fm a officer list dcs --format minisign >"$W/dcs.pub"
    fm a officer list leader --format minisign >"$W/leader.pub"
    t() { sign --as dcs $hers --format minisign --out "$W/m" && minisign -V -p "$W/dcs.pub" -x "$W/m" -m "$DATA"; }
    ok "minisign: her own key" t
    t() { sign --as 'siân reeve' --format minisign --out "$W/h" && minisign -V -p "$W/leader.pub" -x "$W/h" -m "$DATA"; }
    ok "minisign: a held key" t
    ok "minisign: not under another's key" ends 1 minisign -V -p "$W/leader.pub" -x "$W/m" -m "$DATA"
    ok "minisign: not of another file" ends 1 minisign -V -p "$W/dcs.pub" -x "$W/m" -m "$W/pass"
    sed 's/^trusted comment: ./trusted comment: X/' "$W/m" >"$W/m2"
    ok "minisign: not with another comment" ends 1 minisign -V -p "$W/dcs.pub" -x "$W/m2" -m "$DATA"
    : >"$W/empty"
    t() { fm a sign-file "$W/empty" --as dcs $hers --format minisign && minisign -V -p "$W/dcs.pub" -m "$W/empty"; }
    ok "minisign: an empty file, where it looks by itself" t
else
    lacks minisign
fi
if command -v ssh-keygen >/dev/null 2>&1; then
    fm a officer list --format ssh >"$W/friends"
    verify() { ssh-keygen -Y verify -f "$W/friends" -I "$1@east-sussex" -n "${4:-file}" -s "$2" <"$3"; }
    t() { sign --as dcs $hers --format sshsig --out "$W/s" && verify dcs "$W/s" "$DATA"; }
    ok "ssh-keygen: her own key" t
    t() { sign --as leader --format sshsig --out "$W/t" && verify leader "$W/t" "$DATA"; }
    ok "ssh-keygen: a held key" t
    ok "ssh-keygen: not as another officer" no verify leader "$W/s" "$DATA"
    ok "ssh-keygen: not of another file" no verify dcs "$W/s" "$W/pass"
    ok "ssh-keygen: not as a git commit" no verify dcs "$W/s" "$DATA" git
else
    lacks ssh-keygen
fi
ok "a signature that is there is not written over" refuses 1 'already' fm a sign-file "$DATA" --as leader --format sshsig --out "$W/pass"
ok "an own key is not the home's to use" refuses 1 'own' fm a sign-file "$DATA" --as dcs --format sshsig --out "$W/x"
ok "nor is one officer's key another's" refuses 1 'Jane Roe, dcs' sign --as leader $hers --format sshsig --out "$W/x"
ok "a wrong passphrase" refuses 4 'not the passphrase' sign --as dcs --key "$W/jane.key" --passphrase-file "$W/policy" --format sshsig --out "$W/x"
sed 's/^role dcs/role leader/' "$W/jane.key" >"$W/forged.key"
ok "a key file under another role" refuses 1 'was changed' sign --as leader --key "$W/forged.key" --passphrase-file "$W/pass" --format sshsig --out "$W/x"
sed 's/Jane/June/' "$W/jane.key.pub" >"$W/june.pub"
ok "a card under another name is not enrolled" refuses 1 'was changed' fm a officer add --key "$W/june.pub"
ok "nor is a key twice" refuses 1 'enrolled already' fm a officer add --key "$W/jane.key.pub"
until_true holds_so_many b east-sussex "$(log_size a east-sussex)"
ok "others hear of both, by key and not by name" json_has b '{"role":"dcs","name":null,"kind":"own"' officer list --authority 845
many 1900 1900 >"$W/off.csv"
ok "she signs a return off" json_has a '"signed_off":"dcs Jane Roe"' publish "$W/off.csv" --return Spring --as dcs $hers
many 1901 1901 >"$W/off.csv"
ok "a held key does" json_has a '"signed_off":"leader Siân Reeve"' publish "$W/off.csv" --return Summer --as leader
(cd "$W" && "$F" officer keygen --role dcs --name Rogue --out rogue.key --passphrase-file pass) >/dev/null 2>&1
many 1902 1902 >"$W/off.csv"
ok "a key that is not enrolled does not" refuses 1 'not one of' fm a publish "$W/off.csv" --as dcs --key "$W/rogue.key" --passphrase-file "$W/pass"
signed_off() { json_has "$1" "$2" sql "SELECT title, signed_off FROM batch_return ORDER BY idx DESC LIMIT $3"; }
ok "an officer is revoked" fm a officer revoke 'Jane Roe'
ok "and is not listed" ends 2 fm a officer list dcs
until_true holds_so_many b east-sussex "$(log_size a east-sussex)"
ok "not even by others" no json_has b '"role":"dcs"' officer list --authority 845
ok "but what she signed off before stays hers, and b reads by whom" signed_off b '"Summer","signed_off":"leader Siân Reeve"},{"title":"Spring","signed_off":"dcs Jane Roe"' 2
fm a publish "$W/off.csv" --return Autumn >/dev/null
ok "a return that nobody signed has nobody's name" signed_off a '"title":"Autumn","signed_off":""' 1
ok "the log verifies, versions and all" fm b verify
finish
