#!/usr/bin/env bash
# Replays the corpus of every fuzz target with the sanitizer build. A crash ends the target's run and counts.
set -uo pipefail
cd "$(dirname "$0")/../.."
status=0
for program in build-san/tests/fuzz/fuzz_*-replay; do
    [ -x "$program" ] || continue
    name=$(basename "$program" -replay)
    find "tests/fuzz/corpus/$name" -type f -print0 2>/dev/null | sort -z | xargs -0 -r "$program" ||
        { echo "FAILED $name"; echo "0 passed, 1 failed"; status=1; }
    [ -d "tests/fuzz/corpus/$name" ] || "$program" || { echo "0 passed, 1 failed"; status=1; }
done
exit $status
