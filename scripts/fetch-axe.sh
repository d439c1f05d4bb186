#!/bin/sh
# Fetches axe-core 4.12.1 (the accessibility rules that the screens are held to) into .cache/axe.min.js. It is used by
# tests only, comes from the PyPI wheel of axe-playwright-python, and is held against its checksum.
set -eu
cd "$(dirname "$0")/.."
sum=84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc
target=.cache/axe.min.js
is_right() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$sum" ]; }
is_right "$target" && exit 0
mkdir -p .cache
folder=$(mktemp -d .cache/axe.XXXXXX)
trap 'rm -rf "$folder"' EXIT
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" axe-playwright-python==0.1.8
python3 -m zipfile -e "$folder"/axe_playwright_python-*.whl "$folder/wheel"
is_right "$folder/wheel/axe_playwright_python/axe.min.js" || { echo "axe.min.js does not have the known checksum" >&2; exit 1; }
mv "$folder/wheel/axe_playwright_python/axe.min.js" "$target"
