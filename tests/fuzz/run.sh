#!/usr/bin/env bash
# Lets every fuzz target run for so many seconds (./dev fuzz [SECONDS]). New inputs that reach new code
# are kept in build-fuzz/corpus; what crashes is put into tests/fuzz/corpus, where ./dev test replays it for ever.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
status=0
for program in build-fuzz/tests/fuzz/fuzz_*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    name=$(basename "$program")
    mkdir -p "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name"
    echo "== $name, $seconds s"
    "$program" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="tests/fuzz/corpus/$name/" "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name" 2>&1 |
        grep -E '^stat::|ERROR|SUMMARY|Test unit written' || true
    [ "${PIPESTATUS[0]}" = 0 ] || status=1
done
exit $status
