#!/usr/bin/env bash
# All tests, called by `./dev test`. It starts what they need (a PostgreSQL of its own, a server with
# a fresh demonstration hall for each suite), counts what ran, and ends everything it started, by
# process id. Suites that leave a processor idle run beside each other (`beside`, `track`). The last
# line is `N passed, N failed`; the exit status is 1 when anything failed.
#   test.sh            everything
#   test.sh quick      the part before a commit
#   test.sh soak       the tests that have a long form, in that form
set -uo pipefail
MODE=${1:-all}
ROOT=${ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$ROOT"
WORK=$(mktemp -d /tmp/onewindow-test.XXXXXX)
chmod 755 "$WORK"
PIDS=() TRACKS=()
STARTED=$(date +%s.%N)
: >"$WORK/counts"

# A quarantine of 32 MB instead of 256: what is freed and used again at once is found all the same, and pages stay warm.
export ASAN_OPTIONS=${ASAN_OPTIONS:-abort_on_error=1:detect_leaks=1:strict_string_checks=1:quarantine_size_mb=32:thread_local_quarantine_size_kb=64}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}
export ONEWINDOW_ROOT=$ROOT ONEWINDOW_BINARY=$ROOT/build-san/onewindow
export TMPDIR=$WORK/tmp
mkdir "$TMPDIR"
chmod 1777 "$TMPDIR"

# The output of a program that is ended by a signal is of no interest here.
end_pid() {
    local pid=$1 i
    kill -TERM "$pid" 2>/dev/null || return 0
    for i in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

# A track and all that it started: they are a process group.
end_track() {
    local i
    kill -TERM -- "-$1" 2>/dev/null || return 0
    for i in $(seq 100); do
        kill -0 -- "-$1" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- "-$1" 2>/dev/null
}

finish() {
    local pid
    for pid in "${TRACKS[@]}"; do end_track "$pid"; done
    for pid in "${PIDS[@]}"; do end_pid "$pid"; done
    [ -n "${KEEP_TEST_FILES:-}" ] || rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 130' INT TERM

# count_of LOG: "passed failed" out of what the runners of Python, node and ours print.
count_of() {
    awk '
        /^Ran [0-9]+ tests? in/          { ran += $2 }
        /^FAILED \(/                     { n = $0; while (match(n, /(failures|errors)=[0-9]+/)) {
                                               split(substr(n, RSTART, RLENGTH), a, "="); bad += a[2]
                                               n = substr(n, RSTART + RLENGTH) } }
        /^# pass [0-9]+$/                { good += $3 }
        /^# fail [0-9]+$/                { worse += $3 }
        /^(# )?cancelled [0-9]+$/        { worse += $NF }
        /^[0-9]+ passed, [0-9]+ failed/  { good += $1; worse += $3 }
        END { print good + (ran > bad ? ran - bad : 0), worse + bad }' "$1"
}

seconds_since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }'; }

# Tracks are processes of their own, so what passed and failed is gathered in a file.
count() { echo "$1 $2" >>"$WORK/counts"; }
total() { awk '{ good += $1; bad += $2 } END { print good + 0, bad + 0 }' "$WORK/counts"; }

# suite NAME COMMAND…: runs it, counts, says how long it took, and shows the end of what failed.
suite() {
    local name=$1 log passed failed status begun word
    shift
    log=$WORK/$(echo "$name" | tr -c 'A-Za-z0-9\n' '-').log
    begun=$(date +%s.%N)
    [ -t 1 ] && printf '   %s …\r' "$name"
    "$@" >"$log" 2>&1
    status=$?
    read -r passed failed < <(count_of "$log")
    # A suite that says nothing it counted is one test; one that ends badly failed at least once.
    [ "$((passed + failed))" -gt 0 ] || passed=$((status == 0 ? 1 : 0))
    [ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1
    count "$passed" "$failed"
    word='ok    '
    [ "$failed" = 0 ] || word='FAILED'
    {
        printf '%s %-44s %6d passed %4d failed %8s s\n' "$word" "$name" "$passed" "$failed" "$(seconds_since "$begun")"
        if [ "$failed" != 0 ]; then
            grep -nE '^not ok|FAIL|ERROR|AddressSanitizer|runtime error|LeakSanitizer|error:' "$log" | head -40
            echo "--- the end of $name"
            tail -60 "$log"
            echo "---"
        fi
    } >"$log.said"
    cat "$log.said" # at once: another track speaks too
}

# beside NAME COMMAND…: begins a suite that needs nothing the others use; finished NAME waits for it and counts it.
declare -A BESIDE
beside() {
    local name=$1
    shift
    "$@" >"$WORK/beside-${name//[^A-Za-z0-9]/-}.log" 2>&1 &
    BESIDE[$name]=$!
    PIDS+=("$!")
}

finished() {
    wait_and_show() {
        local status
        wait "${BESIDE[$1]}"
        status=$?
        cat "$WORK/beside-${1//[^A-Za-z0-9]/-}.log"
        return $status
    }
    suite "$1" wait_and_show "$1"
}

# track FUNCTION: its suites one after the other, beside those of the other tracks; tracks_end waits for all.
track() {
    set -m # a process group of its own
    (set +m; "$@"; exit 0) &
    TRACKS+=("$!")
    set +m
}

tracks_end() {
    local pid
    for pid in "${TRACKS[@]}"; do
        wait "$pid" && continue
        echo "a track did not come to its end"
        count 0 1
    done
    TRACKS=()
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# --- the throw-away PostgreSQL ------------------------------------------------------------------

PG_BIN=/usr/lib/postgresql/15/bin
start_postgres() {
    local run=() i
    if [ "$(id -u)" = 0 ]; then
        run=(setpriv --reuid=postgres --regid=postgres --init-groups)
        install -d -o postgres -g postgres -m 755 "$WORK/pg"
    else
        mkdir "$WORK/pg"
    fi
    PG_PORT=$(free_port)
    "${run[@]}" "$PG_BIN/initdb" -D "$WORK/pg/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 \
        >"$WORK/initdb.log" 2>&1 || { cat "$WORK/initdb.log"; return 1; }
    "${run[@]}" "$PG_BIN/postgres" -D "$WORK/pg/data" -k "$WORK/pg" -p "$PG_PORT" \
        -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off -c full_page_writes=off \
        -c max_wal_size=2GB -c log_min_messages=fatal >"$WORK/postgres.log" 2>&1 &
    PIDS+=($!)
    for i in $(seq 100); do
        "$PG_BIN/pg_isready" -q -h "$WORK/pg" -p "$PG_PORT" && break
        sleep 0.1
    done
    export PGHOST=127.0.0.1 PGPORT=$PG_PORT PGUSER=postgres
    export ONEWINDOW_TEST_POSTGRES="postgresql://postgres@127.0.0.1:$PG_PORT/postgres"
    "$PG_BIN/pg_isready" -q
}

# --- a server with a hall of its own ------------------------------------------------------------

# The demonstration hall is made once and copied for each suite.
make_hall() {
    "$ONEWINDOW_BINARY" init --data "$WORK/hall" --demo wolong
}

SERVER=''
# start_server NAME WORDS…: leaves its address in ONEWINDOW_URL and its folder in ONEWINDOW_DATA.
start_server() {
    local name=$1 said i
    shift
    ONEWINDOW_DATA=$WORK/hall-$name
    cp -r "$WORK/hall" "$ONEWINDOW_DATA"
    cp "$WORK/hall.key" "$ONEWINDOW_DATA.key"
    said=$WORK/server-$name.out
    "$ONEWINDOW_BINARY" serve --data "$ONEWINDOW_DATA" --listen 127.0.0.1:0 "$@" >"$said" 2>"$WORK/server-$name.log" &
    SERVER=$!
    PIDS+=("$SERVER")
    for i in $(seq 300); do
        grep -q 'onewindow serves' "$said" && break
        kill -0 "$SERVER" 2>/dev/null || break
        sleep 0.1
    done
    ONEWINDOW_URL=$(sed -n 's/^onewindow serves //p' "$said" | tail -1)
    ONEWINDOW_SERVER_LOG=$WORK/server-$name.log ONEWINDOW_SERVER_PID=$SERVER
    export ONEWINDOW_URL ONEWINDOW_DATA ONEWINDOW_SERVER_LOG ONEWINDOW_SERVER_PID
    [ -n "$ONEWINDOW_URL" ] || { cat "$WORK/server-$name.log"; return 1; }
}

# stop_server NAME: it must end orderly within 10 s, and no sanitizer may have spoken.
stop_server() {
    local status i
    kill -TERM "$SERVER" 2>/dev/null
    for i in $(seq 200); do
        kill -0 "$SERVER" 2>/dev/null || break
        sleep 0.1
    done
    if kill -0 "$SERVER" 2>/dev/null; then
        kill -KILL "$SERVER"
        echo "the server did not end within 20 s of SIGTERM"
        return 1
    fi
    wait "$SERVER"
    status=$?
    if grep -qE 'Sanitizer|runtime error|server_crashed' "$WORK/server-$1.log"; then
        grep -nE -A25 'Sanitizer|runtime error|server_crashed' "$WORK/server-$1.log" | head -80
        return 1
    fi
    [ "$status" = 0 ] || { echo "the server ended with status $status"; tail -20 "$WORK/server-$1.log"; return 1; }
}

node_files() {
    find "$1" -maxdepth 1 \( -name '*.test.mjs' -o -name '*.test.js' -o -name '*_test.mjs' -o -name '*_test.js' \) | sort
}

run_node() {
    # Nothing takes so long; what hangs is ended and counts as failed.
    NODE_OPTIONS="--require $ROOT/tools/build/node_end.cjs" timeout --kill-after=10 "${OW_TEST_LONG:+10}1800" node --test --test-reporter=tap "$@"
}

# node_suite NAME FOLDER SERVER-WORDS…: node's test runner over a folder, against a fresh server.
node_suite() {
    local name=$1 folder=$2 files
    shift 2
    mapfile -t files < <(node_files "$folder")
    [ ${#files[@]} -gt 0 ] || return 0
    node_suite_of "$name" "$(basename "$folder")" "$*" "${files[@]}"
}

# The same over tests that start what they need themselves.
node_alone() {
    local name=$1 folder=$2 file
    while read -r file; do
        suite "$name: $(basename "$file" .test.mjs)" run_node "$file"
    done < <(node_files "$folder")
}

node_suite_of() {
    local name=$1 short=$2 words=$3
    shift 3
    # shellcheck disable=SC2086
    if ! start_server "$short" $words >"$WORK/start-$short.log" 2>&1; then
        suite "$name" bash -c "cat '$WORK/start-$short.log'; exit 1"
        return
    fi
    suite "$name" run_node "$@"
    suite "$name: the server ends orderly" stop_server "$short"
}

# --- the suites ---------------------------------------------------------------------------------

python_tests() {
    local folder status=0
    for folder in tools/*/ tools/gen/tests/; do
        if compgen -G "$folder*_test.py" >/dev/null; then
            python3 -m unittest discover -s "$folder" -p '*_test.py' || status=1
        elif compgen -G "${folder}test_*.py" >/dev/null; then
            python3 -m unittest discover -s "$folder" -p 'test_*.py' || status=1
        fi
    done
    return $status
}

c_tests() {
    local program=build-san/onewindow-test
    [ -x "$program" ] || return 0
    if [ "$MODE" = quick ]; then
        suite "C tests on SQLite" "$program"
        return
    fi
    beside "C tests on PostgreSQL" "$program" --jobs 1 --db "$ONEWINDOW_TEST_POSTGRES"
    suite "C tests on SQLite" "$program" --jobs 1
    suite "C tests, every n-th store call failing" "$program" --faults
    finished "C tests on PostgreSQL"
}

# suites_of FILE…: each a suite of its own.
suites_of() {
    local file run
    for file in "$@"; do
        case $file in
        *.sh) run=bash ;;
        *.py) run=python3 ;;
        *) continue ;;
        esac
        [ ! -f "$file" ] || suite "$file" "$run" "$file"
    done
}

soak() {
    export OW_TEST_LONG=1
    suite "PostgreSQL starts" start_postgres
    suite "C tests on SQLite, long" build-san/onewindow-test --match test_live
    suite "C tests on PostgreSQL, long" build-san/onewindow-test --match test_live --db "$ONEWINDOW_TEST_POSTGRES"
    node_alone "faults, long" tests/faults
}

# Two tracks that take about as long as each other.
on_screens() {
    node_suite "browser" tests/browser --no-limits
    node_suite "HTTP" tests/http
    node_suite "search: what people say" tests/search --no-limits
}

on_programs() {
    local others
    suites_of tests/fuzz/replay.sh tests/commands/*.sh tests/faults/*.sh tests/faults/*.py tests/commands/*_test.py
    # The first visit comes into a hall where nothing has happened yet.
    node_suite_of "scenario: first_visit" first-visit --no-limits tests/scenarios/first_visit.test.mjs
    mapfile -t others < <(node_files tests/scenarios | grep -v /first_visit)
    node_suite_of "scenarios" scenarios --no-limits "${others[@]}"
    node_suite "every role, every page" tests/roles --no-limits
}

main() {
    if [ "$MODE" != soak ]; then
        beside "generator and tools" python_tests
        beside "lint" python3 tools/lint/lint.py --count
    fi
    echo "== building with sanitizers"
    bash ./dev _sanitized >"$WORK/build.log" 2>&1 || {
        count 0 1
        grep -E 'error|FAILED|refused|:[0-9]+:' "$WORK/build.log" | head -60
        tail -30 "$WORK/build.log"
        echo "the build failed"
        return
    }
    [ "$MODE" != soak ] || { soak; return; }
    finished "generator and tools"
    finished "lint"
    [ "$MODE" = quick ] || suite "PostgreSQL starts" start_postgres
    c_tests
    suite "the demonstration hall is made" make_hall
    [ -f "$WORK/hall/hall.conf" ] || return
    export ONEWINDOW_DEMO_HALL=$WORK/hall
    if [ "$MODE" = quick ]; then
        local first
        first=$(ls tests/scenarios/first_visit*.mjs tests/scenarios/*.test.mjs 2>/dev/null | head -1)
        [ -z "$first" ] || node_suite_of "scenario: $(basename "$first")" scenario --no-limits "$first"
        return
    fi
    suite "optimised build" bash ./dev _optimised
    track on_screens
    track on_programs
    tracks_end
    node_alone "faults" tests/faults # they measure how long things take
}

main
read -r PASSED FAILED < <(total)
echo
echo "all in $(seconds_since "$STARTED") s"
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" = 0 ]
