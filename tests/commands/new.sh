#!/usr/bin/env bash
# The measure of the house: `./dev new umbrella` in a copy of the project makes a folder that builds, passes its
# own tests and serves its page, with one word outside the folder; taking folder and word away leaves no trace.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git ls-files -co --exclude-standard -z | xargs -0 tar cf - --ignore-failed-read 2>/dev/null | tar xf - -C "$work"
ln -s "$PWD/node_modules" "$work/node_modules"
cd "$work"
git init -q . && git add -A . && git -c user.name=test -c user.email=test@localhost commit -q -m before
passed=0
fine() { passed=$((passed + 1)); echo "ok $1"; }

python3 tools/build/new.py umbrella
changed=$(git status --porcelain | sort | tr '\n' ' ')
[ "$changed" = " M src/modules.list ?? src/umbrella/ " ] || { echo "changed: $changed"; exit 1; }
[ "$(git diff --numstat | cut -f1,2 | tr '\t' ' ')" = "1 0" ] || { echo "more than one line outside the folder"; exit 1; }
fine "one word outside the folder"

for wrong in Umbrella window umbrella 'x y'; do
    if python3 tools/build/new.py "$wrong" >/dev/null 2>&1; then echo "took the name $wrong"; exit 1; fi
done
fine "names that C or SQL have taken are refused"

python3 tools/lint/lint.py --quiet | tee lint.log | grep src/umbrella/ && exit 1
fine "the linter finds nothing in it"

meson setup build --buildtype=plain >setup.log 2>&1 || { cat setup.log; exit 1; }
ninja -C build --quiet onewindow onewindow-test
fine "it builds"

said=$(ONEWINDOW_ROOT=$work build/onewindow-test --module umbrella | tail -1)
[ "$said" = "2 passed, 0 failed" ] || { echo "its tests: $said"; exit 1; }
fine "its tests pass"
grep -q '/umbrella' build/gen/openapi.c || { echo "not in the description of the interface"; exit 1; }
fine "it is in the description of the interface"

build/onewindow init --data hall --demo wolong >/dev/null
build/onewindow serve --data hall --listen 127.0.0.1:0 >said 2>log &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do grep -q serves said && break; sleep 0.1; done
python3 - "$(sed 's/.* //' said)" <<'PYTHON'
import json, sys, urllib.request
url = sys.argv[1]
def call(path, body=None, token=None):
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url + "/api/v1" + path, data, headers), timeout=10) as r:
        return r.status, json.load(r)
token = call("/login", {"name": "guide01", "password": "wolong-demo"})[1]["token"]
assert call("/umbrella", {"name": "红伞"}, token)[0] == 201
status, page = call("/umbrella", None, token)
assert (status, page["total"], page["items"][0]["name"]) == (200, 1, "红伞"), page
PYTHON
fine "its page is served and its form works"

rm -rf src/umbrella && sed -i '/^module umbrella$/d' src/modules.list
[ -z "$(git status --porcelain -- src)" ] || { git status --porcelain -- src; exit 1; }
fine "taking folder and word away leaves nothing"
echo "$passed passed, 0 failed"
