#!/usr/bin/env bash
# What a shell needs to complete kioskctl's commands, into .build/completions: one file a shell, under the name that it is
# installed by (docs/kioskctl.md).
set -euo pipefail
cd "$(dirname "$0")/.."
out=.build/completions
program=.build/debug/kioskctl
[ -x "$program" ] || { echo "$program is not built: run make build first." >&2; exit 1; }
mkdir -p "$out"
"$program" --generate-completion-script bash >"$out/kioskctl"
"$program" --generate-completion-script zsh >"$out/_kioskctl"
"$program" --generate-completion-script fish >"$out/kioskctl.fish"
echo "completions for bash, zsh and fish in $out"
