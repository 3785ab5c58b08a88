#!/usr/bin/env bash
# clang-tidy and cppcheck over our own sources (not the generated ones), called by `./dev lint --deep`.
# What is excepted stands with its reason in .clang-tidy (whole checks) and tools/lint/deep.list
# (cppcheck); a single line may carry NOLINT(check) with the reason behind it.
set -uo pipefail
cd "$(dirname "$0")/../.."
status=0

echo "== clang-tidy"
# gcc's own flags mean nothing to clang.
mapfile -t sources < <(git ls-files -co --exclude-standard 'src/*.c' | grep -v '_test\.c$')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -e 's/-fstack-clash-protection//g; s/-fcf-protection//g; s/-Werror//g; s/"command": "ccache /"command": "/' \
    build/compile_commands.json >"$work/compile_commands.json"
tidy() {
    xargs -r -P "$(nproc)" -n 4 clang-tidy -p "$work" --quiet "$@" >>"$work/tidy" 2>>"$work/errors"
}
printf '%s\n' "${sources[@]}" | grep '^src/base/' | tidy || status=1
printf '%s\n' "${sources[@]}" | grep -v '^src/base/' | tidy --extra-arg-before="-include$PWD/tools/lint/analyzer.h" ||
    status=1
grep -E 'warning:|error:' "$work/tidy" | sort -u
[ "$status" = 0 ] || tail -5 "$work/errors"

echo "== cppcheck"
mapfile -t exceptions < <(sed -n 's/^\([A-Za-z][^ #]*\).*/--suppress=\1/p' tools/lint/deep.list)
mapfile -t includes < <(find src -mindepth 1 -maxdepth 1 -type d | sed 's/^/-I/')
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
    -j "$(nproc)" -D_GNU_SOURCE -Ibuild/gen "${includes[@]}" "${exceptions[@]}" "${sources[@]}" || status=1

[ "$status" = 0 ] && echo "deep lint: nothing found"
exit $status
