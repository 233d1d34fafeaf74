#!/usr/bin/env bash
# Runs a study with several processes on this machine: examples/gnu-parallel.sh STUDY DIR [PROCESSES]
# STUDY is a preset or a study file. Stopped at any point, the same command goes on where it was.
# Without GNU parallel it uses xargs. LETHE says how Lethe is called, by default "npx lethe".
set -euo pipefail
study=$1 out=$2 processes=${3:-2}
lethe=${LETHE:-npx lethe}

together() {
  if parallel --version 2>/dev/null | grep -q GNU; then
    parallel --jobs "$processes" --halt now,fail=1
  else
    xargs -d '\n' -P "$processes" -I '{}' bash -c '{}'
  fi
}

for ((step = 1; ; step++)); do
  commands=$($lethe plan "$study" --out "$out" --program "$lethe" --step "$step")
  [ -n "$commands" ] || break
  together <<<"$commands"
done
[ "$step" -gt 1 ] || { echo "gnu-parallel.sh: lethe plan lists no commands for $study" >&2; exit 1; }
