#!/bin/sh
# tests/e2e/test_audit.sh - what leaves the alliance, and what somebody who trusts nobody makes of it. Barsetshire is made up.
. tests/e2e/lib.sh

home a 845
found a "Barset"
start a
joins() { home "$1" "$2" && ask "$1" a && fm a alliance admit "$3" --yes && fm "$1" sync; }
ok "b joins" joins b 850 hampshire
ok "c joins" joins c 886 kent
start b
start c
until_true json_has a '"waiting_for":[]' status
figures one 845 2024 80
ok "a publishes to the alliance" fm a publish "$W/one.csv"
figures two 845 2023 60
ok "and to everyone" fm a publish "$W/two.csv" --audience public
witnessed() { fm a --json status 2>/dev/null | tr -d ' \n' | grep -q '"slug":"east-sussex","generation":1,"size":'"$1"',"announced":[0-9]*,"verified":[0-9]*,"cosignatures":3,"quorum":true'; }
size=$(log_size a east-sussex)
ok "all three witness it" until_true witnessed "$size"
hash() { fm "$1" --json alliance show | tr -d ' \n' | sed 's/.*"charter":"\([0-9a-f]*\)".*/\1/'; }
H=$(hash a)

# ---- nobody's home from here on: what is audited needs none ----
audit() { status=$1; shift; FOLKMOOT_HOME=$W/nowhere run "$status" audit "$@"; }
d() { FOLKMOOT_HOME=$W/a run "$@"; }

sealed=east-sussex/2
t() { d 0 disclose cpp_repeat_pct@2024 --out "$W/d.fmb" && prints "$sealed: valid" && says 'over another channel'; }
ok "a record leaves" t
t() { audit 0 "$W/d.fmb" --charter "$H" --json && is_document audit && prints '"ok":true,"consistent":true,"trust":"charter"' &&
      prints '"record":"'$sealed'","verdict":"valid","signed_by":"east-sussex","charter_version":3' &&
      prints '"cosigned_by":\["east-sussex","hampshire","kent"\],"quorum":true,"content":{"type":"figure","indicator":"cpp_repeat_pct"' &&
      prints '"numerator":80'; }
ok "and is what its author said" t
t() { audit 1 "$W/d.fmb" --json && prints '"ok":false,"consistent":true,"trust":"none"' && prints '"verdict":"unpinned","signed_by":null' &&
      prints '"quorum":false' && prints "\"hash\":\"$H\""; }
ok "without a charter nothing is trusted" t
t() { audit 1 "$W/d.fmb" && prints "$H" && prints 'Anybody can make up an alliance'; }
ok "and how to find out is said" t
t() { audit 1 "$W/d.fmb" --charter "$(echo "$H" | tr 0-9a-f 1-9a-f0)" --json && prints '"trust":"none"' && prints 'none of the file'; }
ok "another charter is not in it" t
ok "what is no hash is said" audit 2 "$W/d.fmb" --charter 12ab
t() { audit 0 "$W/d.fmb" --charter "$H" --csv && prints "$sealed,valid,east-sussex,3"; }
ok "rows for a spreadsheet" t
ok "a reader discloses another's record as well" fm c disclose east-sussex:cpp_repeat_pct@2024 --out "$W/c.fmb"
ok "which is the same record" audit 0 "$W/c.fmb" --charter "$H"

# Only K of that record: the keys that c has of the two others are not in it.
other() { fm a disclose east-sussex/3 east-sussex/4 --out "$W/other.fmb" && audit 0 "$W/other.fmb" --charter "$H" && prints 'east-sussex/4: valid'; }
ok "two others leave in another file" other
t() { d 1 bundle import "$W/d.fmb"; }
ok "a disclosure is no bundle" t

# ---- sealed ----
t() { FOLKMOOT_HOME=$W/nowhere run 0 audit --new-key "$W/box" --json && is_document audit; }
ok "an auditor makes a key" t
KEY=$(sed 's/.*"key":"\([^"]*\)".*/\1/' "$W/out")
ok "which is nobody else's to read" sh -c "[ \"\$(stat -c %a '$W/box')\" = 600 ]"
ok "and is not made over" refuses 1 'a file is there already' "$F" audit --new-key "$W/box"
ok "a record leaves sealed" d 0 disclose $sealed --to "$KEY" --out "$W/s.fmb"
t() { audit 4 "$W/s.fmb" --charter "$H" && says "sealed to the box key $KEY"; }
ok "nobody else opens it" t
ok "its reader does" audit 0 "$W/s.fmb" --charter "$H" --key "$W/box"
t() { audit 4 "$W/s.fmb" --charter "$H" --key "$W/b/private/box.keys" && says 'another box key'; }
ok "another key does not" t
BOX=$(fm b --json id | tr -d ' \n' | sed 's/.*"box":"\([^"]*\)".*/\1/')
ok "a member's own box key will do" d 0 disclose $sealed --to "$BOX" --out "$W/sb.fmb"
ok "and opens it" audit 0 "$W/sb.fmb" --charter "$H" --key "$W/b/private/box.keys"
chmod 644 "$W/box"
ok "a key that is open to others is refused" audit 3 "$W/s.fmb" --charter "$H" --key "$W/box"
ok "what is no key is said" d 2 disclose $sealed --to abcd --out "$W/x.fmb"

# ---- a proof, and a policy ----
ok "a proof is written" fm a prove $sealed --out "$W/p.tlog-proof"
t() { head -n 1 "$W/p.tlog-proof" | grep -qx 'c2sp.org/tlog-proof@v1' && grep -qx 'index 2' "$W/p.tlog-proof"; }
ok "in the form of C2SP" t
t() { audit 1 "$W/p.tlog-proof" --charter "$H" && prints 'unpinned'; }
ok "it has no charter to be judged by" t
t() { fm a alliance policy east-sussex >"$W/policy" && audit 0 "$W/p.tlog-proof" --policy "$W/policy" --json && prints '"trust":"policy"' &&
      prints '"verdict":"withheld","signed_by":"east-sussex","charter_version":null' && prints '"quorum":true'; }
ok "a policy judges it" t
t() { audit 0 "$W/d.fmb" --policy "$W/policy" && prints "$sealed: valid"; }
ok "and what was disclosed" t
t() { fm a alliance policy kent >"$W/other" && audit 1 "$W/d.fmb" --policy "$W/other" && prints 'invalid'; }
ok "another log's policy does not" t

# ---- whole logs ----
ok "whole logs leave" fm a bundle export --out "$W/all.fmb"
t() { audit 0 "$W/all.fmb" --charter "$H" --json && prints '"record":"'$sealed'","verdict":"withheld"' && prints '"file":"bundle"' &&
      prints '"record":"east-sussex/7","verdict":"valid"'; }
ok "and are recomputed: sealed ones withheld, public ones valid" t
t() { audit 1 "$W/all.fmb" && prints 'unpinned'; }
ok "by nobody's charter nothing is trusted" t
head -c $(($(wc -c <"$W/all.fmb") - 10)) "$W/all.fmb" >"$W/cut.fmb"
t() { audit 1 "$W/cut.fmb" --charter "$H" && prints 'ends in the middle'; }
ok "a file that was cut says so" t

# ---- withdrawn, erased ----
t() { d 0 withdraw east-sussex/3 --reason mistake --yes && d 0 disclose east-sussex/3 --out "$W/w.fmb" && prints 'withdrew it later (mistake)'; }
ok "a withdrawn record says so" t
t() { d 0 withdraw $sealed --reason mistake --erase --yes && until_true witnessed $((size + 2)) && d 0 disclose $sealed --out "$W/e.fmb" &&
      audit 0 "$W/e.fmb" --charter "$H" --json && prints '"verdict":"erased"' && prints '"erased":true'; }
ok "an erased one is erased, and never invalid" t
ok "what left before still shows what it said" audit 0 "$W/d.fmb" --charter "$H"

# ---- a working paper ----
t() { audit 0 "$W/d.fmb" --charter "$H" --report "$W/r.html" && grep -q 'Reviewed by, on' "$W/r.html" && grep -q "$(sha256sum <"$W/d.fmb" |
      cut -c1-64)" "$W/r.html" && ! grep -qi '<script' "$W/r.html"; }
ok "a working paper is written" t
ok "with no tag left open" awk -f tests/e2e/page.awk "$W/r.html"
ok "and not over another" audit 1 "$W/d.fmb" --charter "$H" --report "$W/r.html"

# ---- what cannot be disclosed ----
ok "no record stands there" d 1 disclose east-sussex/999 --out "$W/x.fmb"
t() { d 1 disclose east-sussex/0 --out "$W/x.fmb" && says 'no record' && d 0 prove east-sussex/0 --out "$W/0.tlog-proof"; }
ok "an identity is no record, and can be proven" t
ok "one record twice" d 2 disclose east-sussex/4 east-sussex/4 --out "$W/x.fmb"
ok "a file is needed" d 2 disclose east-sussex/4
ok "nothing was half written" test ! -e "$W/x.fmb"

# ---- one file that needs nothing ----
if [ "$BIN" = "$PWD/bin" ] && make -s audit-static >"$W/static" 2>&1; then
    t() { ldd "$BIN/folkmoot-audit" 2>&1 | grep -q 'not a dynamic executable\|statically linked'; }
    ok "folkmoot-audit needs no shared library" t
    ok "and judges alike" ends 0 env -i "$BIN/folkmoot-audit" "$W/d.fmb" --charter "$H"
    ok "good and bad" ends 1 env -i "$BIN/folkmoot-audit" "$W/d.fmb"
else
    echo "# SKIPPED: no static auditor is built here (static libraries are missing, or BIN is not bin/)"
    sed 's/^/# /' "$W/static" 2>/dev/null | head -n 5
fi
finish
