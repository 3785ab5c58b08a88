// Starting, asking and ending the programs of a measurement: the bare ones of bench/, the server with
// a fresh demonstration hall, the load program.

import { execFileSync, spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.dirname(here);
export const onewindow = process.env.ONEWINDOW_BINARY || path.join(root, 'build', 'onewindow');
export const PASSWORD = 'wolong-demo';
export const work = mkdtempSync(path.join(os.tmpdir(), 'onewindow-bench-'));
const running = new Set();
let logs = 0;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
export const say = (text) => process.stderr.write(`${text}\n`);

export async function end(child) {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 15000);
    await gone;
    clearTimeout(late);
    running.delete(child);
}
export async function clear_up() {
    for (const child of [...running]) await end(child);
    rmSync(work, { recursive: true, force: true });
}

// The programs of bench/, built anew when a source is newer.
export function build() {
    const folder = path.join(root, 'build', 'bench');
    mkdirSync(folder, { recursive: true });
    const flags = (...names) => execFileSync('pkg-config', ['--cflags', '--libs', ...names], { encoding: 'utf8' }).split(/\s+/).filter(Boolean);
    const programs = {
        constant: [['constant.c'], flags('libmicrohttpd')],
        bare: [['bare.c'], flags('libmicrohttpd', 'sqlite3', 'libcrypto')],
        load: [['load.c', 'script.c', 'script.h', 'hist.h'], []],
        streams: [['streams.c', 'hist.h'], []],
    };
    for (const [name, [sources, libraries]] of Object.entries(programs)) {
        const out = path.join(folder, name), files = sources.map((s) => path.join(here, s));
        if (existsSync(out) && files.every((f) => statSync(f).mtimeMs < statSync(out).mtimeMs)) continue;
        execFileSync('cc', ['-std=c17', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-Werror', '-o', out, ...files.filter((f) => f.endsWith('.c')), ...libraries, '-pthread'],
            { stdio: 'inherit' });
    }
    return Object.fromEntries(Object.keys(programs).map((n) => [n, path.join(folder, n)]));
}

export function free_port() {
    return new Promise((done) => {
        const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); });
    });
}
async function answers(url, child, ms = 20000) {
    for (const until = Date.now() + ms; Date.now() < until;) {
        if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended: ${readFileSync(child.log, 'utf8').slice(-2000)}`);
        try { await (await fetch(url)).arrayBuffer(); return; } catch { await sleep(10); }
    }
    throw new Error(`${url} does not answer`);
}
export async function start(program, words, url) {
    // To a file, as in a hall: reading the log here would take processor time from the server.
    const log = path.join(work, `log-${logs++}`), out = openSync(log, 'w');
    const child = spawn(program, words, { stdio: ['pipe', 'ignore', out] });
    closeSync(out);
    child.log = log;
    running.add(child);
    if (url) await answers(url, child);
    return child;
}
export async function start_constant(programs, size, type) {
    const port = await free_port();
    return { child: await start(programs.constant, [port, size, type].map(String), `http://127.0.0.1:${port}/`), address: `127.0.0.1:${port}` };
}
export async function start_bare(programs) {
    const port = await free_port(), file = path.join(work, `bare-${port}.db`);
    const child = await start(programs.bare, [String(port), file]);
    await sleep(300);
    return { child, address: `127.0.0.1:${port}` };
}

// A hall is made once and copied; a server on it, and how long it took to answer /healthz and a search.
let made = null;
export function make_hall() {
    if (made) return made;
    made = path.join(work, 'hall');
    execFileSync(onewindow, ['init', '--data', made, '--demo', 'wolong'], { stdio: ['ignore', 'ignore', 'inherit'] });
    return made;
}
export function copy_hall(name) {
    const from = make_hall(), to = path.join(work, name);
    cpSync(from, to, { recursive: true });
    if (existsSync(`${from}.key`)) cpSync(`${from}.key`, `${to}.key`);
    return to;
}
export async function start_server(data, more = []) {
    const port = await free_port(), begun = process.hrtime.bigint();
    const child = await start(onewindow, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--no-limits', '--no-supervisor', ...more]);
    const base = `http://127.0.0.1:${port}`;
    await answers(`${base}/healthz`, child, 60000);
    const healthy_ms = Number(process.hrtime.bigint() - begun) / 1e6;
    await answers(`${base}/items?q=${encodeURIComponent('社保卡')}`, child, 60000);
    return { child, base, address: `127.0.0.1:${port}`, healthy_ms, search_ms: Number(process.hrtime.bigint() - begun) / 1e6 };
}
export function memory_mb(child) {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

export async function ask(server, method, where, body, token) {
    const r = await fetch(server.base + where, {
        method,
        headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body: body ? JSON.stringify(body) : undefined,
    });
    const text = await r.text();
    if (!r.ok) throw new Error(`${method} ${where}: ${r.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
}

// Runs the load program against a server (its child and address) and gives its figures; refusals are part of
// them, not an exception. cpu_us is the processor time a request (a whole visit) costs the server: unlike
// throughput it does not depend on who else is busy on the machine.
export function load(programs, server, words) {
    return new Promise((done, fail) => {
        const child = spawn(programs.load, ['--json', '--pid', String(server.child.pid), ...words.slice(0, -1), server.address, ...words.at(-1)], { cwd: work });
        let out = '', err = '';
        running.add(child);
        child.stdout.on('data', (d) => { out += d; });
        child.stderr.on('data', (d) => { err += d; });
        child.on('close', () => {
            running.delete(child);
            try { done({ ...JSON.parse(out), refusal: err.trim() }); } catch { fail(new Error(`load: ${err || out}`)); }
        });
    });
}
