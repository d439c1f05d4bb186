#!/usr/bin/env bash
# Puts the pictures of `make screenshots` together: one sheet for each language and text step, and the page that shows them.
set -euo pipefail
cd "$(dirname "$0")/.."
out=docs/pictures/screens
mkdir -p "$out"
rm -f "$out"/*.jpg
page=docs/resident-screens.md
{
    echo "# The resident's screens"
    echo
    echo "Every screen and every dialog, at each text step, in each language; of a screen that looks different from case to case (it is"
    echo "printing, the paper is out, it is printed, nobody can know) a picture of each, of a longer one its first page. They are made by"
    echo "\`make screenshots\`, which also leaves every single picture (each fault, each page, lowered as well) in \`.build/screens\`. Text"
    echo "step 2 is the one a session begins with."
} >"$page"
for language in zh-Hans en; do
    for step in 1 2 3; do
        from=.build/screens/sheet-$language-$step
        [ -d "$from" ] || { echo "$from is not there: run make screenshots" >&2; exit 1; }
        # Names without the number that orders them stand below each picture.
        args=()
        for file in "$from"/*.png; do
            name=$(basename "$file" .png)
            name=${name#*-} name=${name//_/, }
            args+=(-label "${name//-/ }" "$file")
        done
        montage "${args[@]}" -resize 264x -geometry +14+12 -tile 8x -background '#e8ebee' -fill '#26323b' -pointsize 20 \
            -quality 80 "$out/$language-$step.jpg"
        case $language in zh-Hans) title=简体中文 ;; *) title=English ;; esac
        printf '\n## %s, text step %s\n\n![%s screens and dialogs in %s at text step %s](pictures/screens/%s-%s.jpg)\n' \
            "$title" "$step" "$(ls "$from" | wc -l)" "$title" "$step" "$language" "$step" >>"$page"
    done
done
echo "$page and $(ls "$out" | wc -l) sheets in $out are new."
