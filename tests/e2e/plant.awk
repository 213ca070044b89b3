# tests/e2e/plant.awk - one cell of a CSV file made wrong, the rest byte for byte.
#
#     awk -v code=845 -v row=3 -v column=At31_episodes -v bad=6S7 -v where="" -v line_to=FILE -f plant.awk IN.csv >OUT.csv
#
# The row is the row-th of the authority (the last of it where it has fewer) whose line holds the words `where`; its line goes to line_to. A file without
# that column, or without such a row, comes out as it is, and nothing goes to line_to.

# Where the n-th cell of a line begins, and how long it is, quotes and all: start[], size[].
function cells(line,    n, i, c, quoted, from)
{
    n = 0; quoted = 0; from = 1
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) { start[++n] = from; size[n] = i - from; from = i + 1 }
    }
    start[++n] = from; size[n] = length(line) - from + 1
    return n
}
function bare(i,    s) { s = substr(text, start[i], size[i]); gsub(/"/, "", s); return s }

{
    end = sub(/\r$/, "") ? "\r" : ""
    text = $0
    if (NR == 1) {
        n = cells(text)
        for (i = 1; i <= n; i++) {
            name = bare(i)
            sub(/^\357\273\277/, "", name)
            if (name == column) at = i
            if (name == "old_la_code") of = i
            if (name == "geographic_level") level = i
        }
    } else if (at > 0) {
        cells(text)
        if (bare(of) == code && bare(level) == "Local authority" && index(text, where) > 0) ours[++m] = NR
    }
    lines[NR] = text end
}
END {
    target = m == 0 ? 0 : ours[row < m ? row : m]
    for (i = 1; i <= NR; i++) {
        text = lines[i]
        if (i == target) {
            end = sub(/\r$/, "", text) ? "\r" : ""
            cells(text)
            text = substr(text, 1, start[at] - 1) bad substr(text, start[at] + size[at]) end
            print i >line_to
        }
        print text
    }
}
