#!/usr/bin/env bash
# The manual pages of kioskctl, made from its own description of itself, into .build/man: kioskctl.1, kioskctl-status.1 … Look at
# one with man -l .build/man/kioskctl-scan.1. The exit statuses are those of docs/kioskctl.md.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build/man
program=.build/debug/kioskctl
[ -x "$program" ] || { echo "$program is not built: run make build first." >&2; exit 1; }
command -v jq >/dev/null || { echo "jq is not installed; on Debian: apt-get install jq" >&2; exit 1; }
# The day of the last commit: the same commit gives the same pages.
day=$(LC_ALL=C date -ud "$(git log -1 --format=%cs 2>/dev/null || date -u +%F)" "+%B %-d, %Y")
statuses=$(awk -F' *[|] *' '/^\| `[0-9]+` \|/ { gsub(/`/, "", $2); gsub(/`/, "", $3); print ".It " $2; print $3 "." }' docs/kioskctl.md)
[ -n "$statuses" ] || { echo "docs/kioskctl.md has no table of exit statuses." >&2; exit 1; }
rm -rf "$out"
mkdir -p "$out"
described=$("$program" --experimental-dump-help)

# Every command, as a line: its page's name, and the page in mdoc but for the breaking of lines.
jq -r --arg day "$day" '
    # A backslash is said as \e, a character that is no ASCII by its number.
    def text: gsub("\\\\"; "\\e") | explode
        | map(if . < 127 then [.] | implode else "\\[u" + ([(. / 4096, . / 256, . / 16, .) | floor % 16
            | "0123456789ABCDEF"[.:. + 1]] | join("")) + "]" end) | join("");
    def shown: (.arguments // []) | map(select(.shouldDisplay));
    def page: ((.superCommands // []) + [.commandName]) | join("-");
    def below: (.subcommands // []) | map(select(.commandName != "help" and .shouldDisplay));
    def flags: .names | sort_by(.name | length) | map(if .kind == "short" then .name else "-" + .name end) | join(" , ");
    def flag: .names | map(select(.kind == "long"))[0] // .names[0] | if .kind == "short" then .name else "-" + .name end;
    def value: if .valueName and .kind != "flag" then " Ar " + (.valueName | text) else "" end;
    def call: (if .kind == "positional" then "Ar " + (.valueName | text) else "Fl " + flag + value end)
        + (if .isRepeating then " ..." else "" end);
    def head: if .kind == "positional" then "Ar " + (.valueName | text) else "Fl " + flags + value end;
    def words: (.abstract // "" | text) + (if .kind != "flag" and .defaultValue then " Default: " + (.defaultValue | text) + "." else "" end);
    def related: (if (.superCommands // []) == [] then [] else [.superCommands | join("-")] end) + (below | map(page)) | sort;
    .command | [recurse(.subcommands // [] | map(select(.commandName != "help"))[])] | .[]
    | page + "\t" + ([
        ".Dd " + $day, ".Dt " + (page | ascii_upcase) + " 1", ".Os", ".Sh NAME", ".Nm " + page,
        ".Nd \"" + (.abstract | text | rtrimstr(".") | gsub("\""; "\\(dq")) + "\"", ".Sh SYNOPSIS",
        ".Nm \"" + (page | gsub("-"; " ")) + "\"",
        (if (below | length) > 0 then ".Ar subcommand" else empty end),
        (shown[] | if .isOptional then ".Op " + call elif .kind == "positional" then "." + call else "." + call end),
        ".Sh DESCRIPTION", (.discussion // "" | text),
        ".Bl -tag -width 6n", (shown[] | ".It " + head, words), ".El",
        (if (below | length) > 0 then ".Sh SUBCOMMANDS", ".Bl -tag -width 6n", (below[] | ".It Xr " + page + " 1", (.abstract | text)), ".El"
            else empty end),
        ".Sh \"EXIT STATUS\"", ".Sh SEE ALSO",
        (related | (length as $count | to_entries[] | ".Xr " + .value + " 1" + (if .key < $count - 1 then " ," else "" end)))
    ] | join("\n") | gsub("\n"; "\u001f"))' <<<"$described" |
while IFS=$'\t' read -r name page; do
    tr '\037' '\n' <<<"$page" | STATUSES=$statuses awk '
        # A sentence a line, as mdoc wants it; what is indented stays as it is.
        function sentences(text,    n, parts, i, line) {
            n = split(text, parts, / /)
            line = ""
            for (i = 1; i <= n; i++) {
                if (line != "" && length(line) + length(parts[i]) > 76) { print line; line = "" }
                line = (line == "" ? "" : line " ") parts[i]
                if (parts[i] ~ /[.:;]$/ || parts[i] ~ /[.]\)$/) { print line; line = "" }
            }
            if (line != "") print line
        }
        /^\.Sh "EXIT STATUS"/ {
            if (literal) { print ".Ed"; literal = 0 }
            print; print ".Bl -tag -width 6n"
            count = split(ENVIRON["STATUSES"], statuses, /\n/)
            for (place = 1; place <= count; place++)
                if (statuses[place] ~ /^\./) print statuses[place]; else sentences(statuses[place])
            print ".El"
            next
        }
        # An empty line is a paragraph; not before a list, which makes room for itself.
        /^$/ { empty = 1; next }
        { if (empty && $0 !~ /^\./) print ".Pp"; empty = 0 }
        /^ / { if (!literal) { print ".Bd -literal"; literal = 1 } sub(/^  /, ""); print; next }
        { if (literal) { print ".Ed"; literal = 0; if ($0 !~ /^\./) print ".Pp" } }
        /^\./ { print; next }
        { sentences($0) }
    ' >"$out/$name.1"
done
echo "$(find "$out" -name '*.1' | wc -l) pages in $out"
