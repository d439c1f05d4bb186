#!/usr/bin/env bash
# Measures the release build against its peers. `scripts/speed.sh` writes docs/performance.md; with names of benchmarks
# (`scripts/speed.sh page idle`) only those are run, and the document goes to .build/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh run
scripts/install-packages.sh test
scripts/python-tools.sh
echo "Building for release (the first time takes about fifteen minutes on two cores) …"
mkdir -p .build
if ! swift build -c release >.build/build-release.log 2>&1; then
    grep -E 'error: ' .build/build-release.log | head -n 20 >&2
    echo "The build failed; the whole log is .build/build-release.log." >&2
    exit 1
fi
if [ $# -eq 0 ]; then
    SWIFT_BACKTRACE=enable=no .build/release/kiosk-bench --output docs/performance.md
    echo "Written: docs/performance.md"
else
    SWIFT_BACKTRACE=enable=no .build/release/kiosk-bench --only "$(IFS=,; echo "$*")" --output .build/performance.md
    echo "Written: .build/performance.md"
fi
