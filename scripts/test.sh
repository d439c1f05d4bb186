#!/usr/bin/env bash
# Everything CI checks: packages, format, build with warnings as errors, then each suite by itself, so that one suite's load
# is not another's time-out. `scripts/test.sh NAME…` runs only the suites named.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh test
scripts/python-tools.sh
scripts/fetch-axe.sh
echo "Checking the format …"
swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift
echo "Building …"
swift build --build-tests
.build/debug/kioskd check-contents Kiosk
scripts/completions.sh
scripts/man.sh

suites=("$@")
[ $# -gt 0 ] || mapfile -t suites < <(cd Tests && ls -d -- *Tests)
limit=1500  # seconds; a suite that hangs is a failure, with its log
passed=0 failed=0
mkdir -p .build/test-logs
for suite in "${suites[@]}"; do
    log=.build/test-logs/$suite.log
    # SWIFT_BACKTRACE: the default prints registers, which may hold a resident's data.
    if SWIFT_BACKTRACE=enable=no timeout --kill-after=10 $limit \
        swift test --disable-xctest --skip-build --filter "^$suite\\." >"$log" 2>&1 </dev/null; then status=0; else status=$?; fi
    summary=$(grep -aE 'Test run with [0-9]+ tests?' "$log" | tail -n 1 || true)
    tests=$(sed -E 's/.*Test run with ([0-9]+) tests?.*/\1/' <<<"${summary:-0}")
    broken=$(grep -aE '^✘ Test .* failed after' "$log" | grep -acvE '^✘ Test run with ' || true)
    if [ $status -eq 0 ] && [ "${tests:-0}" -gt 0 ]; then
        passed=$((passed + tests))
        printf '%-24s %s\n' "$suite" "${summary#* }"
        # Skipped is a failure where everything is installed; only what is made on demand says so itself.
        skipped=$(grep -aE '^[^ ]+ Test .* skipped' "$log" | grep -av 'skipped: "on demand' || true)
        if [ "${CI:-}" = true ] && [ -n "$skipped" ]; then
            head -n 10 <<<"$skipped"
            echo "$suite skipped tests, and in CI everything is installed: that is a failure."
            failed=$((failed + 1))
        fi
    else
        [ "$broken" -gt 0 ] || broken=1
        failed=$((failed + broken))
        passed=$((passed + (tests > broken ? tests - broken : 0)))
        printf '%-24s FAILED (status %s); its log, %s:\n' "$suite" "$status" "$log"
        # What a failure says may have several lines.
        grep -aE -A 5 '^✘.* recorded an issue' "$log" | cut -c1-400 | head -n 60 || true
        grep -aE '^✘.* failed after|error:' "$log" | cut -c1-400 | head -n 40 || true
        tail -n 5 "$log" | cut -c1-400
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
