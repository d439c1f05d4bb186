#!/usr/bin/env bash
# Everything CI checks: packages, format, build with warnings as errors, all test suites.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh test
[ ! -x scripts/python-tools.sh ] || scripts/python-tools.sh
[ ! -x scripts/fetch-axe.sh ] || scripts/fetch-axe.sh
echo "Checking the format …"
swift format lint --strict --recursive --parallel Sources Tests Package.swift
echo "Building …"
swift build --build-tests
echo "Testing …"
# SWIFT_BACKTRACE: the default prints registers, which may hold a resident's data.
SWIFT_BACKTRACE=enable=no swift test --disable-xctest --skip-build
