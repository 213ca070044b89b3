# tests/e2e/page.awk - is a page sound? awk -f page.awk FILE.html; says what is wrong, a line each, and exits 1.
#
# Tags balance; nothing runs or fetches; one h1, headings in order; ids once; every table that is seen has a caption and every th a
# scope; every picture a title and a description, and a table in <details> in the same figure or section.
function wrong(what) { print FILENAME ": " what; bad = 1 }
function has(attributes, name) { return index(attributes, " " name "=\"") > 0 }
function value(attributes, name,    at, rest) {
    at = index(attributes, " " name "=\"")
    if (at == 0) return ""
    rest = substr(attributes, at + length(name) + 3)
    return substr(rest, 1, index(rest, "\"") - 1)
}
BEGIN { RS = "<"; depth = 0; n = 0 }
NR == 1 { if ($0 != "") wrong("text before the first tag"); next }
{
    end = index($0, ">")
    if (end == 0) { wrong("a tag without end: <" substr($0, 1, 40)); next }
    tag = substr($0, 1, end - 1)
    text = substr($0, end + 1)
    if (index(text, ">") && open[depth] != "style") wrong("a bare bracket in: " substr(text, 1, 60))
    if (tag == "!DOCTYPE html") { n++; if (NR != 2) wrong("a document type in the middle"); next }
    if (substr(tag, 1, 1) == "/") {
        name = substr(tag, 2)
        if (depth == 0 || open[depth] != name) wrong("</" name "> where <" open[depth] "> is open")
        if (name == "svg" && !(titled && described)) wrong("a picture without title or description")
        if (name == "table" && !hidden && !captioned) wrong("a table without caption")
        if (name == "figure" && pictures_in_figure > 0 && !tables_in_figure) wrong("a figure without its table")
        if (name == "section" && pictures > 0 && !tables) wrong("a section of pictures without their table")
        if (name == "figure") in_figure = 0
        if (name == "details") in_details = 0
        depth--
        next
    }
    is_empty = substr(tag, length(tag), 1) == "/"
    sub(/\/$/, "", tag)
    blank = index(tag, " ")
    name = blank ? substr(tag, 1, blank - 1) : tag
    attributes = blank ? substr(tag, blank) : ""
    if (name !~ /^[a-z][a-z0-9]*$/ && name != "viewBox") wrong("an odd tag: " name)
    if (name ~ /^(script|iframe|object|embed|link|img|image|use|base|form)$/) wrong("<" name "> may not be here")
    if (attributes ~ / on[a-z]*=/ || has(attributes, "src") || has(attributes, "style")) wrong("an attribute that runs or fetches: " attributes)
    if (attributes ~ /https?:/) wrong("an address in an attribute: " attributes)
    href = value(attributes, "href")
    if (href ~ /[:\/]/) wrong("a link that leaves the page: " href)
    id = value(attributes, "id")
    if (id != "" && seen[id]++) wrong("the id " id " stands twice")
    if (name == "html") lang = value(attributes, "lang")
    if (name ~ /^h[1-6]$/) {
        level = substr(name, 2) + 0
        if (level > last + 1) wrong("h" level " behind h" last)
        if (level == 1 && ones++) wrong("a second h1")
        last = level
    }
    if (name == "svg") { titled = described = 0; n_svg++; if (in_figure) pictures_in_figure++; else pictures++; if (value(attributes, "role") != "img") wrong("a picture without a role") }
    if (name == "title" && open[depth] == "svg") titled = 1
    if (name == "desc") described = 1
    if (name == "table") { captioned = 0; hidden = has(attributes, "hidden"); if (in_details && in_figure) tables_in_figure++; else if (in_details) tables++ }
    if (name == "caption") captioned = 1
    if (name == "th" && !has(attributes, "scope")) wrong("a th without scope")
    if (name == "figure") { in_figure = 1; pictures_in_figure = tables_in_figure = 0 }
    if (name == "section") pictures = tables = 0
    if (name == "details") in_details = 1
    if (!is_empty) open[++depth] = name
}
END {
    if (depth > 0) wrong("<" open[depth] "> is never ended")
    if (n != 1) wrong("no document type")
    if (lang != "en-GB") wrong("the language is not said")
    if (ones != 1) wrong("no h1")
    if (!bad) print n_svg + 0 " pictures"
    exit bad
}
