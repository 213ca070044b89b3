# embed.awk - a CSV file as a C table of strings, its header as the first row.
#
#     awk -v name=local_authorities -f embed.awk local_authorities.csv > local_authorities.csv.c
#
# Quoted fields may hold commas and doubled quotes, not line ends. A row of another
# width than the header stops the build.

function fail(why) { print FILENAME ":" FNR ": " why > "/dev/stderr"; failed = 1; exit 1 }

function put(field)
{
    gsub(/\\/, "\\\\", field)
    gsub(/"/, "\\\"", field)
    gsub(/\?/, "\\?", field)
    printf "%s\"%s\"", (n++ > 0 ? ", " : "    {"), field
}

BEGIN {
    print "#include \"cli/register/embedded.h\"\n"
}

{
    sub(/\r$/, "")
    if (FNR == 1) sub(/^\357\273\277/, "")
    if ($0 == "") next
    rest = $0; n = 0
    do {
        if (substr(rest, 1, 1) == "\"") {
            field = ""; rest = substr(rest, 2)
            while ((at = index(rest, "\"")) > 0 && substr(rest, at + 1, 1) == "\"") {
                field = field substr(rest, 1, at); rest = substr(rest, at + 2)
            }
            if (at == 0) fail("a quote is not closed")
            field = field substr(rest, 1, at - 1); rest = substr(rest, at + 1)
        } else {
            at = index(rest, ",")
            field = at > 0 ? substr(rest, 1, at - 1) : rest
            rest = at > 0 ? substr(rest, at) : ""
        }
        if (FNR == 1) width++
        else if (n >= width) fail("too many fields")
        fields[n + 1] = field
        n++
        more = substr(rest, 1, 1) == ","
        rest = substr(rest, 2)
    } while (more)
    if (n != width) fail("too few fields")
    if (FNR == 1) printf "const char *const csv_%s[][%d] = {\n", name, width
    n = 0
    for (i = 1; i <= width; i++) put(fields[i])
    print "},"
    rows++
}

END {
    if (failed) exit 1
    print "};"
    printf "const size_t csv_%s_rows = %d;\n", name, rows
}
