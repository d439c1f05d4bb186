#!/usr/bin/env bash
# The manual pages of kioskctl, made from its own help, into .build/man: kioskctl.1, kioskctl-status.1 … Look at one with
# man -l .build/man/kioskctl-scan.1. swift-argument-parser's generator writes them; here they are only tidied: names as man
# takes them, one sentence a line, and the exit statuses of docs/kioskctl.md in place of the generator's general words.
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build/man
made=.build/plugins/GenerateManual/outputs/kioskctl
rm -rf "$made"
# The day of the last commit: the same commit gives the same pages.
day=$(git log -1 --format=%cs 2>/dev/null || date -u +%F)
if ! swift package --allow-writing-to-package-directory generate-manual --configuration debug --multi-page \
    --date "$day" >.build/man.log 2>&1; then
    tail -n 20 .build/man.log >&2
    echo "The manual pages were not made; the whole log is .build/man.log." >&2
    exit 1
fi

statuses=$(awk -F' *[|] *' '/^\| `[0-9]+` \|/ { gsub(/`/, "", $2); gsub(/`/, "", $3); print ".It " $2; print $3 "." }' docs/kioskctl.md)
[ -n "$statuses" ] || { echo "docs/kioskctl.md has no table of exit statuses." >&2; exit 1; }
rm -rf "$out"
mkdir -p "$out"
for page in "$made"/*.1; do
    name=$(basename "$page" .1)
    case $name in *.help | help) continue ;; esac
    name=${name//./-}
    STATUSES=$statuses TITLE=${name^^} awk '
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
        /^\.Dt / { print ".Dt " ENVIRON["TITLE"] " 1"; next }
        /^\.Nd / { sub(/\."$/, "\""); print; next }
        /^\.Sh "EXIT STATUS"/ {
            print; print ".Bl -tag -width 6n"
            count = split(ENVIRON["STATUSES"], statuses, /\n/)
            for (place = 1; place <= count; place++)
                if (statuses[place] ~ /^\./) print statuses[place]; else sentences(statuses[place])
            print ".El"
            if (ENVIRON["TITLE"] != "KIOSKCTL") { print ".Sh SEE ALSO"; print ".Xr kioskctl 1" }
            exit
        }
        # An empty line is a paragraph; not before a list, which makes room for itself.
        /^$/ { empty = 1; next }
        { if (empty && $0 !~ /^\./) print ".Pp"; empty = 0 }
        /^ / { if (!literal) { print ".Bd -literal"; literal = 1 } sub(/^  /, ""); print; next }
        { if (literal) { print ".Ed"; literal = 0; if ($0 !~ /^\./) print ".Pp" } }
        /^\./ { print; next }
        { sentences($0) }
    ' "$page" >"$out/$name.1"
done
echo "$(find "$out" -name '*.1' | wc -l) pages in $out"
