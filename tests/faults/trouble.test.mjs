// Trouble with the store while people work: the disk is full, another process holds the database, the
// PostgreSQL server is killed. Nobody may get a wrong or an ugly answer: 503, when to come again, and a
// plain sentence, as JSON and as a page; what was acknowledged stays; and when the trouble is over the
// program goes on by itself, without anybody's help.
//
// Seen to fail: with synchronous_commit=off (postgres.c) acknowledged tickets are gone after the stop; with E_STORE in
// place of E_STORE_FULL and E_STORE_BUSY (sqlite.c, err_of) the answers are failures of ours.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { LONG, call, clean_up, is_root, later, log_in, must, new_folder, new_hall, start_postgres, start_server, until_up, verify, wait } from './house.mjs';
import { Load } from './load.mjs';

const PG_STOPS = LONG ? 20 : 2;
const HAN = /[\u4e00-\u9fff]{4,}/;

afterEach(clean_up);
after(clean_up);

// What a 503 must say, whoever reads it.
function check_refusal(r) {
    assert.equal(r.status, 503, r.text);
    assert.match(r.headers['retry-after'] ?? '', /^[1-9]\d*$/, `no Retry-After: ${r.text}`);
    if (r.json) {
        assert.match(r.json.error.message, HAN);
        assert.match(r.json.error.hint, HAN);
        assert.doesNotMatch(`${r.json.error.message} ${r.json.error.hint}`, /[a-z]/i, 'a word of the machine in a sentence for people');
    } else {
        assert.match(r.headers['content-type'], /^text\/html/);
        assert.match(r.text, /<h1[^>]*>[^<]*[\u4e00-\u9fff]{4,}/);
    }
}
const only = (refusals, ...codes) => assert.deepEqual([...new Set(refusals.map((r) => r.json.error.code))].filter((c) => !codes.includes(c)), []);
const ticket = (server, options) => call(server, 'POST', '/tickets', { zone: 'personal', channel: 'kiosk' }, options);

async function until(what, most_ms, works) {
    for (const from = Date.now(); !(await works());) {
        assert.ok(Date.now() - from < most_ms, `${what}: not within ${most_ms} ms`);
        await wait(50);
    }
}

test('the disk is full', { skip: !is_root && 'a file system of its own needs root' }, async (t) => {
    const disk = join(new_folder(), 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'none', disk], { encoding: 'utf8' });
    if (mounted.status !== 0) return t.skip(`no file system of its own: ${mounted.stderr.trim()}`);
    later(() => execFileSync('umount', [disk]));
    const hall = new_hall({ folder: disk });
    hall.folder = new_folder(); // for the log
    const server = await start_server(hall), load = new Load(() => [server]), ballast = join(disk, 'ballast');
    await load.start();
    await wait(500);
    const { bavail, bsize } = statfsSync(disk), before_it = load.issued.size;
    assert.ok(before_it > 0 && bavail * bsize > 2 ** 20, 'there is room to begin with');
    try { writeFileSync(ballast, Buffer.alloc(bavail * bsize - 400 * 1024)); } catch (e) { assert.equal(e.code, 'ENOSPC'); } // the load writes too
    await until('the disk fills', 15000, () => load.refusals.length > 20);
    await wait(500);
    const [known] = load.issued.keys();
    check_refusal(await ticket(server));
    const page = await call(server, 'GET', '/', undefined, { accept: 'text/html' });
    assert.equal(page.status, 200, 'what only reads goes on');
    assert.equal(load.acts.length > 0 && Boolean(known), true);
    rmSync(ballast);
    const had = load.issued.size;
    await until('it works again', 15000, () => load.issued.size > had + 20);
    await load.stop();
    load.refusals.forEach(check_refusal);
    only(load.refusals, 'store_full', 'busy');
    load.check(hall);
    assert.match(verify(hall), /sound/);
    t.diagnostic(`${load.refusals.length} refusals, ${load.issued.size} tickets`);
});

test('another process holds the SQLite database', async () => {
    const hall = new_hall(), server = await start_server(hall);
    const { ticket: mine } = (await ticket(server)).json;
    const other = spawn('sqlite3', [hall.db.slice(7)], { stdio: ['pipe', 'pipe', 'inherit'] });
    later(() => other.kill('SIGKILL'));
    const held = new Promise((done) => other.stdout.once('data', done));
    other.stdin.write("BEGIN EXCLUSIVE;\nSELECT 'held';\n");
    await held;
    const asked = Promise.all(Array.from({ length: 5 }, (_, n) => ticket(server, { key: `locked-${n}` })));
    await wait(200);
    const from = Date.now();
    assert.equal((await call(server, 'GET', `/tickets/${mine.token}`)).json.ticket.number, mine.number, 'reading goes on');
    assert.ok(Date.now() - from < 1000, 'and does not wait for the lock');
    const answers = await asked;
    answers.forEach(check_refusal);
    only(answers, 'store_busy', 'busy');
    other.stdin.write('ROLLBACK;\n');
    other.stdin.end();
    await until('it works again', 15000, async () => (await ticket(server)).status === 201);
    const again = await Promise.all(answers.map((_, n) => ticket(server, { key: `locked-${n}` })));
    assert.deepEqual(again.map((r) => r.status), [201, 201, 201, 201, 201], 'the same keys are free for the retry');
    assert.match(verify(hall), /sound/);
});

test('another process holds the centre on PostgreSQL', async () => {
    const pg = await start_postgres(), hall = new_hall({ db: pg.new_database('held') }), server = await start_server(hall);
    const other = spawn('psql', ['-X', '-q', '-A', '-t', hall.db], { stdio: ['pipe', 'pipe', 'inherit'] });
    later(() => other.kill('SIGKILL'));
    const held = new Promise((done) => other.stdout.once('data', done));
    other.stdin.write('BEGIN; SELECT seq FROM journal_head FOR UPDATE;\n');
    await held;
    const answers = await Promise.all(Array.from({ length: 5 }, () => ticket(server)));
    answers.forEach(check_refusal);
    only(answers, 'store_busy', 'busy', 'conflict');
    other.stdin.write('ROLLBACK;\n');
    other.stdin.end();
    await until('it works again', 15000, async () => (await ticket(server)).status === 201);
    assert.match(verify(hall), /sound/);
});

test(`PostgreSQL is stopped at once and started again, ${PG_STOPS} times under load`, async (t) => {
    const pg = await start_postgres(), hall = new_hall({ db: pg.new_database('stopped') });
    const servers = [await start_server(hall), await start_server(hall, { node: 1 })];
    const load = new Load(() => servers);
    await load.start();
    for (let n = 0; n < PG_STOPS; n++) {
        await wait(700);
        const had = load.issued.size;
        pg.stop('immediate');
        await wait(300);
        for (const server of servers) {
            check_refusal(await call(server, 'GET', '/desks'));
            check_refusal(await call(server, 'GET', '/', undefined, { accept: 'text/html' }));
            check_refusal(await call(server, 'GET', '/healthz'));
            check_refusal(await ticket(server));
        }
        pg.start();
        await until('it works again', 20000, () => load.issued.size > had + 20);
        load.check(hall, { is_whole: false });
    }
    for (const server of servers) await until_up(server, 10000); // each by itself, not only the one that served the load
    await load.stop();
    load.refusals.forEach(check_refusal);
    load.check(hall);
    assert.match(verify(hall), /sound/);
    const kinds = Object.entries(Object.groupBy ? Object.groupBy(load.refusals, (r) => r.json.error.code) : {}).map(([k, v]) => `${k} ${v.length}`);
    t.diagnostic(`${load.wishes} acts, ${load.refusals.length} refusals ${kinds.join(', ')}`);
});
