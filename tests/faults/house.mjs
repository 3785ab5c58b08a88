// What the fault tests share: halls of their own, servers that may be killed, a PostgreSQL that may be
// stopped, a client that keeps its connections, and a look into the database from outside. They start
// everything themselves (a fault must not hit the server of another test) and use the optimised
// program: OW_PROGRAM, else build/onewindow. OW_TEST_LONG=1 gives the long forms (./dev soak);
// KEEP_TEST_FILES=1 leaves halls and logs to be looked at.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const program = () => process.env.OW_PROGRAM || join(ROOT, 'build', 'onewindow');
export const LONG = process.env.OW_TEST_LONG === '1';
export const PASSWORD = 'wolong-demo';
export const is_root = process.getuid() === 0;
export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

const leftovers = [];
// Ends what was started and removes what was written, the newest first; for `after`.
export async function clean_up() {
    for (const undo of leftovers.splice(0).reverse()) await undo();
}
export const later = (undo) => leftovers.push(undo);

export function new_folder() {
    const folder = mkdtempSync(join(tmpdir(), 'onewindow-faults-'));
    chmodSync(folder, 0o755);
    later(() => process.env.KEEP_TEST_FILES || rmSync(folder, { recursive: true, force: true }));
    return folder;
}

export function free_port() {
    return new Promise((done, failed) => {
        const s = net.createServer();
        s.once('error', failed);
        s.listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); });
    });
}

// Runs a command of the program; throws with its words when it does not end with 0.
export function onewindow(...words) {
    const run = spawnSync(program(), words, { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (run.error) throw run.error;
    assert.equal(run.status, 0, `onewindow ${words.join(' ')}\n${run.stdout}${run.stderr}`);
    return run.stdout;
}
const data_words = () => (process.env.OW_DATA_FROM ? ['--data-from', process.env.OW_DATA_FROM] : []);

// The demonstration hall: { data, db, anchor }. db: a database of start_postgres(), else SQLite.
export function new_hall({ db = null, folder = new_folder() } = {}) {
    const data = join(folder, 'hall');
    onewindow('init', '--data', data, '--demo', 'wolong', ...data_words(), ...(db ? ['--db', db] : []));
    return { data, db: db || `sqlite:${data}/onewindow.db`, folder };
}

export const verify = (hall) => onewindow('verify', '--data', hall.data, '--db', hall.db);

// --- servers ---

export async function start_server(hall, { port, node = 0, env = {}, words = [] } = {}) {
    port ??= await free_port();
    const log = openSync(`${hall.folder}/server-${node}.log`, 'a');
    const all = [program(), 'serve', '--data', hall.data, '--db', hall.db, '--node', String(node), '--anchor', `${hall.data}-${node}.anchor`,
        '--listen', `127.0.0.1:${port}`, '--no-limits', ...words];
    const child = spawn(all[0], all.slice(1), { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    const server = { child, port, url: `http://127.0.0.1:${port}`, hall, log: `${hall.folder}/server-${node}.log`, agent: new http.Agent({ keepAlive: true, maxSockets: 256 }) };
    child.once('exit', (status, signal) => { server.ended = { status, signal }; });
    later(() => stop_server(server));
    await until_up(server);
    return server;
}
// Waits until it answers that it can work; gives the milliseconds it took.
export async function until_up(server, most_ms = 20000) {
    const from = Date.now();
    for (;;) {
        const r = await call(server, 'GET', '/healthz').catch(() => null);
        if (r?.status === 200 && r.json?.ok) return Date.now() - from;
        assert.ok(!server.ended, `the server ended: ${JSON.stringify(server.ended)}\n${tail(server)}`);
        assert.ok(Date.now() - from < most_ms, `the server is not up after ${most_ms} ms\n${tail(server)}`);
        await wait(20);
    }
}
export const tail = (server) => readFileSync(server.log, 'utf8').split('\n').slice(-25).join('\n');
export function ended(server) {
    return server.ended ? Promise.resolve(server.ended) : new Promise((done) => server.child.once('exit', (status, signal) => done({ status, signal })));
}
export async function stop_server(server) {
    server.agent.destroy();
    if (server.ended) return server.ended;
    server.child.kill('SIGTERM');
    const late = setTimeout(() => server.child.kill('SIGKILL'), 15000);
    await ended(server);
    clearTimeout(late);
    const worst = /event=bug.*|.*Sanitizer.*|.*runtime error.*/.exec(readFileSync(server.log, 'utf8'));
    assert.ok(!worst, `the server's log says: ${worst?.[0]}`);
    return server.ended;
}
// The process that serves, below the supervisor.
export function serving_pid(server) {
    const words = readFileSync(`/proc/${server.child.pid}/task/${server.child.pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean);
    return words.length ? Number(words[0]) : null;
}

// --- requests ---

// One request: { status, headers, text, json }. body: an object is sent as JSON, a string as a form.
export function call(server, method, path, body, { token, cookie, key, accept = 'application/json', headers = {}, timeout = 30000 } = {}) {
    return new Promise((done, failed) => {
        const bytes = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
        const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
        const all = { Accept: accept, ...(bytes ? { 'Content-Type': type, 'Content-Length': bytes.length } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}),
            ...(cookie ? { Cookie: cookie } : {}), ...(key ? { 'Idempotency-Key': key } : {}), ...headers };
        const q = http.request(server.url + path, { method, agent: server.agent, headers: all, timeout }, (r) => {
            const parts = [];
            r.on('data', (p) => parts.push(p));
            r.on('error', failed);
            r.on('end', () => {
                const text = Buffer.concat(parts).toString('utf8');
                let json = null;
                if (/json/.test(r.headers['content-type'] || '')) { try { json = JSON.parse(text); } catch { json = undefined; } }
                done({ status: r.statusCode, headers: r.headers, text, json });
            });
        });
        q.on('timeout', () => q.destroy(new Error(`no answer within ${timeout} ms to ${method} ${path}`)));
        q.on('error', failed);
        q.end(bytes ?? undefined);
    });
}
export async function must(server, method, path, body, options = {}) {
    const r = await call(server, method, path, body, options);
    assert.ok(r.status >= 200 && r.status < 300, `${method} ${path}: ${r.status} ${r.text.slice(0, 500)}`);
    return r.json;
}
export async function log_in(server, name, password = PASSWORD) {
    return (await must(server, 'POST', '/login', { name, password })).token;
}
// Runs `work(i)` for i = 0 … n-1, at most `at_once` of them at a time.
export async function many(n, at_once, work) {
    let next = 0;
    await Promise.all(Array.from({ length: Math.min(n, at_once) }, async () => { while (next < n) await work(next++); }));
}

// --- the database, seen from outside ---

const csv = (text) => text.split('\n').filter(Boolean).map((l) => l.split('|'));
// Rows of texts. No column may hold a line end or a |.
export function rows(hall, sql) {
    if (hall.db.startsWith('sqlite:'))
        return csv(execFileSync('sqlite3', ['-cmd', '.timeout 10000', '-separator', '|', hall.db.slice(7), sql], { encoding: 'utf8', maxBuffer: 1 << 28 }));
    return csv(execFileSync('psql', ['-X', '-q', '-A', '-t', '-F', '|', hall.db, '-c', sql], { encoding: 'utf8', maxBuffer: 1 << 28 }));
}
export const number_of = (hall, sql) => Number(rows(hall, sql)[0][0]);

const PG_BIN = '/usr/lib/postgresql/15/bin';
// A PostgreSQL of our own. Without fsync, which only a power cut would show; a commit is answered when
// the kernel has it, so what is lost by an immediate stop is what was answered too early.
export async function start_postgres() {
    const folder = new_folder(), port = await free_port(), data = join(folder, 'data');
    const as = is_root ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
    if (is_root) chownSync(folder, Number(execFileSync('id', ['-u', 'postgres'])), Number(execFileSync('id', ['-g', 'postgres'])));
    const run = (program, ...words) => { const all = [...as, `${PG_BIN}/${program}`, ...words]; return execFileSync(all[0], all.slice(1), { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }); };
    run('initdb', '-N', '-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8');
    const control = (...words) => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), ...words);
    const pg = {
        port,
        start: () => control('-o', `-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -p ${port} -c max_connections=150 -c fsync=off -c full_page_writes=off`, 'start'),
        stop: (how) => control('-m', how, 'stop'),
        new_database(name) {
            execFileSync('psql', ['-X', '-q', `postgresql://postgres@127.0.0.1:${port}/postgres`, '-c', `CREATE DATABASE ${name}`]);
            return `postgresql://postgres@127.0.0.1:${port}/${name}`;
        },
    };
    pg.start();
    later(() => { try { pg.stop('immediate'); } catch { /* it is stopped */ } });
    return pg;
}
export const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0 || existsSync(`/usr/sbin/${program}`);
