#!/bin/sh
# tests/e2e/test_report.sh - the page that a lead prints: nineteen authorities' own figures, and a made-up member whose name is an attack.
#
# No daemon, no network, no browser: pages are looked at by tests/e2e/page.awk.
. tests/e2e/lib.sh
export FOLKMOOT_HOME="$W/lead"     # for run; each t is the next test
export COLUMNS=100
CODES='845 825 826 846 850 851 852 867 868 869 870 871 872 886 887 921 931 936 938'
P=$W/page.html

setup() { "$@" >>"$W/setup" 2>&1 || { cat "$W/setup"; exit 1; }; }
sound() { awk -f tests/e2e/page.awk "$1"; }
holds_text() { grep -q -F -e "$2" "$1" || { echo "$1 does not hold: $2"; return 1; }; }
lacks_text() { ! grep -q -F -e "$2" "$1" || { echo "$1 holds: $2"; return 1; }; }
tell() { setup fm "$1" bundle export --out "$W/$1.fmb" --yes; setup fm lead bundle import "$W/$1.fmb"; }

setup fm 845 init 845 --unprotected --listen 127.0.0.1:27217
setup fm 845 alliance create "South East"
setup fm lead init se-lead --name "South East Sector Lead" --role lead --unprotected --listen 127.0.0.1:27217
setup fm barset init barsetshire --name "Barset</title><script>alert(1)</script> & \"Sons\"" --unprotected --listen 127.0.0.1:27217
identities=
for code in $CODES; do
    [ "$code" = 845 ] && continue
    setup fm "$code" init "$code" --unprotected --listen 127.0.0.1:27217
    setup fm "$code" id --export "$W/$code.id"
    identities="$identities --identity $W/$code.id"
done
setup fm lead id --export "$W/lead.id"
setup fm barset id --export "$W/barset.id"
setup fm 845 alliance admit $identities --identity "$W/lead.id" --identity "$W/barset.id" --yes --offline
setup fm 845 alliance export "$W/charter"
for code in $CODES lead barset; do [ "$code" = 845 ] || setup fm "$code" join --charter "$W/charter"; done
tell barset

t() { run 1 report --out "$P" && says 'no figure is published to the alliance' && [ ! -e "$P" ]; }
ok "with nothing published there is no page" t

for code in $CODES; do
    setup fm "$code" publish "$DATA" --where release=2023 --return "Release 2023" --offline
    setup fm "$code" publish "$DATA" --where release=2024 --reason correction --return "Release 2024" --offline
    tell "$code"
done

# ---- the region ----

t() { run 0 report --out "$P" && prints 'page.html: 16 indicators, 20 authorities, for the alliance' && says '--check FILE.html'; }
ok "a page of the region is written" t
t() { sound "$P" && [ "$(sound "$P")" = "22 pictures" ]; }
ok "it is sound, and every picture has its words and its table" t
t() { [ "$(wc -c <"$P")" -lt 1000000 ] && lacks_text "$P" '<script' && lacks_text "$P" 'http://' && lacks_text "$P" 'https://' && lacks_text "$P" 'url(' && lacks_text "$P" '@import'; }
ok "it is under a megabyte, runs nothing and fetches nothing" t
t() { holds_text "$P" 'Barset&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Sons&quot;' && no grep -q 'alert(1)</script>' "$P"; }
ok "a name that is an attack is shown as what it is" t
t() { holds_text "$P" 'OFFICIAL: for members of ' && holds_text "$P" '19 of 20 authorities have figures here' && holds_text "$P" '149 comparisons in 8 sets were tested. Plain 99.8 % limits list 48, where chance alone would list 0.3' && holds_text "$P" 'ordinary spread 6 remain'; }
ok "it says for whom it is, who returned, and what the funnels list" t
t() { holds_text "$P" 'low: 22, 153 of 711, where all of these together have 51 (z -5.08) [hampshire/90]' && holds_text "$P" '>Hampshire</text>'; }
ok "whom to ask is named, with the figures and the record" t
t() { holds_text "$P" '-3.6 %' && holds_text "$P" 'of the figures compared and those of the period before, 98 were revised since first published and 0 withdrawn'; }
ok "changes are like for like, and revisions are counted" t
t() { [ "$(grep -c '^<tr data-record=' "$P")" -eq 1824 ] && [ "$(grep -c '^<tr data-log=' "$P")" -eq 20 ]; }
ok "it carries the records and the heads of the logs that it rests on" t

t() { cp "$P" "$W/first" && run 1 report --out "$P" && says 'there already: --yes' && cmp "$P" "$W/first" && run 0 report --out "$P" --yes; }
ok "another file is not written over without --yes" t
t() { run 3 report --out "$W/nowhere/page.html" && run 3 report --out "$W" && run 2 report && run 2 report --out x.html --csv && run 2 report --for nobody --out x; }
ok "without a place, or a folder for it, nothing is written" t
t() { run 0 report --out - && prints '^<!DOCTYPE html>' && run 0 report --with kent,surrey --period 2023 --out "$W/two.html" --json && is_document report && prints '"authorities":2,.*"pages":\[{"file":' && sound "$W/two.html" && lacks_text "$W/two.html" hampshire; }
ok "it goes to stdout, is of named members, and of another period" t

# ---- does it still hold? ----

t() { run 0 report --check "$P" && prints '1824 records: 1824 stand'; }
ok "a page of today stands" t
t() { run 1 report --check "$DATA" && says 'no report of ours' && head -c 200000 "$P" >"$W/cut.html" && run 1 report --check "$W/cut.html" --json && is_document error && run 3 report --check "$W/none.html" && run 2 report --check "$P" --out x; }
ok "what is no report, or a part of one, is refused" t
t() { sed 's|\(<tr data-record="hampshire/90" data-shown="\)22"|\160"|' "$P" >"$W/forged.html" && run 1 report --check "$W/forged.html" && prints 'hampshire.*differs.*60'; }
ok "a figure that its record never said is found" t
t() { sed 's|\(data-log="kent" data-generation="1" data-size="[0-9]*" data-root="\)....|\10000|' "$P" >"$W/forged.html" && run 1 report --check "$W/forged.html" && prints 'kent: the log held here is another one'; }
ok "so is another history" t
t() { run 0 report --check "$P" --json && is_document report && prints '"ok":true,.*"stands":1824,"revised":0,.*"heads":\[{"slug":"[a-z-]*","generation":1,"size":[0-9]*,"verdict":"agrees"}'; }
ok "programs are told the same" t

{ echo 'time_period,time_identifier,old_la_code,indicator,numerator,denominator,value'
  echo '2024,Reporting year,886,cl_eet_19_21_pct,700,1203,58'; } >"$W/kent.csv"
setup fm 886 publish "$W/kent.csv" --reason late-data --offline
setup fm 867 withdraw cl_eet_19_21_pct@2024 --reason unreliable --offline --yes
tell 886
tell 867
t() { run 1 report --check "$P" && prints '1822 stand, 1 revised since' && prints 'kent  *cl_eet_19_21_pct@2024  *revised  *55  *58  *late-data' && prints 'bracknell-forest  *cl_eet_19_21_pct@2024  *withdrawn  *54 .*unreliable'; }
ok "what was revised or withdrawn since is listed, with why" t
t() { run 0 report --out "$W/new.html" && sound "$W/new.html" && holds_text "$W/new.html" '99 were revised since first published and 1 withdrawn' && holds_text "$W/new.html" ': 58, was 55' && holds_text "$W/new.html" 'withdrawn by its author' && run 0 report --check "$W/new.html"; }
ok "a new page says so itself, and stands" t
t() { run 1 report --as-of 2020-01-01 --out "$W/old.html" && says 'no figure of any period is held' && [ ! -e "$W/old.html" ]; }
ok "of a day before anything was said there is no page" t

# ---- one authority, and all ----

t() { run 0 report --authority hampshire --out "$W/h.html" && sound "$W/h.html" && holds_text "$W/h.html" '19 of 19, D' && holds_text "$W/h.html" '<h1>Hampshire: ' && run 0 report --check "$W/h.html"; }
ok "a page of one authority is sound and stands" t
t() { run 2 report --authority middlemarch --out "$W/m.html" && run 1 report --authority se-lead --out "$W/m.html" && [ ! -e "$W/m.html" ]; }
ok "who is no member, or no authority, has none" t
t() { run 0 report --authority all --out "$W/all/" && prints '22 pages' && [ "$(ls "$W/all" | wc -l)" -eq 22 ] && for f in "$W"/all/*.html; do sound "$f" >/dev/null || { sound "$f"; return 1; }; done; }
ok "a folder has a page of each, the region's, and an index" t
t() { for f in $(grep -o 'href="[^"#]*"' "$W/all/index.html" | sed 's/href="//; s/"//'); do [ -f "$W/all/$f" ] || { echo "no $f"; return 1; }; done; }
ok "the index leads to pages that are there" t
t() { run 1 report --authority all --out "$W/all" && says 'there already' && run 0 report --authority all --out "$W/all" --yes && run 3 report --authority all --out "$P" && run 3 report --authority all --out "$W/nowhere/all" && ln -s nowhere "$W/dangling" && run 3 report --authority all --out "$W/dangling" && [ "$(find "$W" -name '*.new-*' | wc -l)" -eq 0 ]; }
ok "a folder that is there is left alone, and nothing half made stays" t

# ---- for everyone ----

t() { run 1 report --for public --out "$W/public.html" && says 'no figure is published to everyone' && [ ! -e "$W/public.html" ]; }
ok "what the alliance shares is no page for everyone" t
for code in 887 872; do
    setup fm "$code" publish "$DATA" --where release=2024 --audience public --return "Public" --offline
    tell "$code"
done
t() { run 0 report --for public --out "$W/public.html" && prints '2 authorities, for everyone' && sound "$W/public.html" && holds_text "$W/public.html" 'PUBLISHED TO EVERYONE' && holds_text "$W/public.html" 'figures, 2024</h1>' && lacks_text "$W/public.html" OFFICIAL; }
ok "a page for everyone is of those who published to everyone" t
t() { lacks_text "$W/public.html" hampshire && lacks_text "$W/public.html" 'data-log="kent"' && lacks_text "$W/public.html" 'was due' && [ "$(grep -o 'data-record="[a-z-]*/' "$W/public.html" | sort -u | wc -l)" -eq 2 ]; }
ok "nothing of the others is in it" t
t() { run 0 report --check "$W/public.html" && prints 'for everyone'; }
ok "it stands as a page for everyone" t
t() { run 0 report --out "$P" --yes && lacks_text "$P" 'PUBLISHED TO EVERYONE' && holds_text "$P" 'kent'; }
ok "and the alliance's is as it was" t

# ---- for fewer than the alliance ----

{ echo 'time_period,time_identifier,old_la_code,indicator,numerator,denominator,value'
  echo '2024,Reporting year,870,cl_eet_19_21_pct,77,100,77'; } >"$W/reading.csv"
setup fm 870 publish "$W/reading.csv" --audience se-lead --offline
tell 870
t() { run 0 compare cl_eet_19_21_pct --json && prints '"numerator":77,"denominator":100,.*"record":"reading/114"' && run 0 report --out "$W/named.html" && lacks_text "$W/named.html" 'reading/114' && holds_text "$W/named.html" 'data-record="reading/89" data-shown="43"' && run 0 report --check "$W/named.html"; }
ok "what was told to one member is on no page that the alliance reads" t

# ---- what others published, beside the members' figures ----

pages() { rm -rf "$W/$1" && mkdir "$W/$1" && run 0 report --out "$W/$1/region.html" && run 0 report --authority hampshire --out "$W/$1/h.html" && run 0 report --for public --out "$W/$1/public.html"; }
said() { sed 's/data-made="[^"]*"//; s/Made [^,]*, [0-9:]* UTC//' "$1"; }
setup pages without
t() { for f in region h public; do lacks_text "$W/without/$f.html" England && lacks_text "$W/without/$f.html" eighbours || return 1; done; }
ok "with nothing imported there is no word of anybody else" t
cat >"$W/others.csv" <<'CSV'
time_period,time_identifier,geographic_level,country_code,region_code,old_la_code,new_la_code,la_name,indicator,numerator,denominator,value
2024,Reporting year,Local authority,E92000001,E12000009,916,E10000013,Gloucestershire,cl_eet_19_21_pct,40,100,40
2024,Reporting year,Local authority,E92000001,E12000004,855,E10000018,Leicestershire,cl_eet_19_21_pct,61,100,61
2024,Reporting year,National,E92000001,,,,,cl_eet_19_21_pct,12350,23190,53
CSV
setup fm lead reference import "$W/others.csv" --source "The <DfE>" --vintage 2024-11-14
t() { pages with && for f in region h public; do sound "$W/with/$f.html" && run 0 report --check "$W/with/$f.html" || return 1; done; }
ok "with public figures the pages are sound, and stand" t
t() { holds_text "$W/with/region.html" 'England 53 (dashes and dots)' && holds_text "$W/with/region.html" 'Source: The &lt;DfE&gt; (2024-11-14).' && holds_text "$W/with/region.html" 'England (public figure)</bdi></th><td class="n">12350</td>' && holds_text "$W/with/region.html" 'class="te"' && holds_text "$W/with/region.html" 'class="nb"'; }
ok "England and the neighbours stand there, marked, with their source" t
t() { [ "$(grep -c 'class="te"' "$W/with/region.html")" -eq 1 ] && [ "$(grep -c 'data-record=' "$W/with/region.html")" -eq "$(grep -c 'data-record=' "$W/without/region.html")" ] && holds_text "$W/with/region.html" '19 of 20 authorities have figures here'; }
ok "only where something was published, and they are nobody's return" t
t() { holds_text "$W/with/h.html" '<th scope="col" class="n">England, neighbours</th>' && holds_text "$W/with/h.html" '>53<br/>5' && grep -q 'Gloucestershire.*; without a figure: ' "$W/with/h.html"; }
ok "an authority's page has them too, and names whose they are" t
t() { holds_text "$W/with/public.html" 'England 53 (dashes and dots)' && lacks_text "$W/with/public.html" hampshire; }
ok "and so has the page for everyone, which tells nothing more of the members" t
t() { run 1 report --with england --out "$W/e.html" && says 'about the alliance' && [ ! -e "$W/e.html" ]; }
ok "a page about England is not made" t
setup fm lead reference remove others
t() { pages again && for f in region h public; do said "$W/without/$f.html" >"$W/a" && said "$W/again/$f.html" >"$W/b" && cmp "$W/a" "$W/b" || return 1; done; }
ok "with nothing imported the pages are as they were" t

# ---- another alliance ----

t() {
    fm other init loamshire --name Loamshire --unprotected --listen 127.0.0.1:27217 >/dev/null 2>&1 &&
        fm other alliance create Loam >/dev/null 2>&1 && FOLKMOOT_HOME=$W/other run 1 report --check "$P" && says 'of another alliance'
}
ok "a page of another alliance is refused" t

# ---- where nobody has a number ----

{ echo 'time_period,time_identifier,old_la_code,indicator,numerator,denominator,value'
  echo '2023,Reporting year,850,cpp_2yr_pct,30,80,37.5'
  echo '2024,Reporting year,850,cpp_2yr_pct,c,80,c'
  echo '2024,Reporting year,850,cin_rate,700,,x'; } >"$W/hidden.csv"
setup fm alone init 850 --unprotected --listen 127.0.0.1:27217
setup fm alone alliance create Alone
setup fm alone publish "$W/hidden.csv" --offline
t() { FOLKMOOT_HOME=$W/alone run 0 report --out "$W/hidden.html" && sound "$W/hidden.html" && holds_text "$W/hidden.html" '%, 2024, low is good' && holds_text "$W/hidden.html" '>37.5<' && lacks_text "$W/hidden.html" 'these are counts'; }
ok "counts that are hidden are no counts, and the years before stay rates" t
finish
