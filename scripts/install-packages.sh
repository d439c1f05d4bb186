#!/usr/bin/env bash
# install-packages.sh run|cups|test : installs the Debian packages of scripts/packages.txt that are missing, and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=$(awk -v what="${1:-run}" '$1 == "run" || $1 == what || $1 == "cups" && what == "test" { print $2 }' scripts/packages.txt)

if ! command -v swift >/dev/null; then
    echo "Swift is not installed: get the Swift 6.3 toolchain for Debian 12 from https://swift.org/install and put it on the PATH." >&2
    exit 1
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [ "$(printf '6.3\n%s\n' "${version:-0}" | sort -V | head -n 1)" != 6.3 ]; then
    echo "Swift ${version:-of an unknown version} is too old: HallKiosk needs the Swift 6.3 toolchain for Debian 12 from https://swift.org/install." >&2
    exit 1
fi
if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian: HallKiosk is built on Debian 12. Packages it needs: $wanted" >&2
    exit 1
fi
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" { print $2 }')
missing=$(comm -23 <(sort <<<"$wanted") <(sort -u <<<"$installed"))
[ -n "$missing" ] || exit 0

echo "Installing: $(tr '\n' ' ' <<<"$missing")"
sudo=""
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "These packages are missing and need root to install: $(tr '\n' ' ' <<<"$missing"). Run as root: apt-get install $(tr '\n' ' ' <<<"$missing")" >&2
        exit 1
    fi
    sudo=sudo
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; }
# Package lists may be old or absent on a fresh machine: refresh them first.
if ! { $sudo apt-get update -q && install; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "The packages could not be installed (see above). Check the network and the apt sources, then try again." >&2
    exit 1
fi
