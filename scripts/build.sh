#!/usr/bin/env bash
# Builds all programs; quiet when it goes well.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p .build
if [ -d .build/debug ]; then echo "Building what has changed …"; else
    echo "Building (the first time takes about six minutes on two cores) …"
fi
if ! swift build >.build/build.log 2>&1; then
    grep -E 'error:|error: ' .build/build.log | head -n 20 >&2
    echo "The build failed; the whole log is .build/build.log." >&2
    exit 1
fi
# A missing translation fails the build, as a missing symbol does.
if ! .build/debug/kioskd check-contents Kiosk >&2; then
    echo "What residents read is not whole: see above." >&2
    exit 1
fi
