#!/bin/sh
# Makes .cache/venv with the independent peers that tests run against, at pinned versions. Does nothing when it is there.
# Usage: scripts/python-tools.sh [FOLDER]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
venv=${1:-$root/.cache/venv}
packages="schemathesis==4.32.5 tuspy==1.1.0 tuspyserver==4.4.3 fastapi==0.165.0 uvicorn==0.54.0 python-escpos==3.1 img2pdf==0.6.3"
if [ -f "$venv/packages" ] && [ "$(cat "$venv/packages")" = "$packages" ]; then exit 0; fi
command -v python3 >/dev/null || { echo "python3 is not installed; on Debian: apt-get install python3-venv" >&2; exit 1; }
mkdir -p "$(dirname "$venv")"
# One at a time; a half-made folder never counts, because the list of packages is written last.
exec 9>"$venv.lock"
if command -v flock >/dev/null; then flock 9; fi
if [ -f "$venv/packages" ] && [ "$(cat "$venv/packages")" = "$packages" ]; then exit 0; fi
rm -rf "$venv"
python3 -m venv "$venv" || { echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
# shellcheck disable=SC2086
"$venv/bin/pip" install --quiet --disable-pip-version-check $packages
printf '%s' "$packages" >"$venv/packages"
