// A kiosk that goes on while its server is away (onewindow kiosk): real processes, a server that is killed in
// the middle, a link that is cut before the question, after the question and before the answer, and two
// kiosks at once. In the end no number stands twice in a zone and day, and nothing given out is missing.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, connect } from 'node:net';
import { writeFileSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { call, clean_up, free_port, later, log_in, must, new_folder, new_hall, program, serving_pid, start_server, wait } from '../faults/house.mjs';
import { Printer } from '../support/printer.mjs';
import { CardBridge } from '../support/card_reader.mjs';

let hall, server, port, manager;
const folder = new_folder();
before(async () => {
    hall = new_hall();
    port = await free_port();
    server = await start_server(hall, { port });
    manager = await log_in(server, 'manager01');
});
after(clean_up);

async function until(what, look, ms = 15000) {
    for (const from = Date.now(); ;) {
        const got = await look();
        if (got) return got;
        assert.ok(Date.now() - from < ms, `not within ${ms} ms: ${what}`);
        await wait(30);
    }
}

// A link to the server that can be cut: 'open', 'shut' (nobody answers), 'deaf' (takes the question, loses the answer).
class Link {
    constructor() { Object.assign(this, { state: 'open', passed: 0, lost: 0, sockets: new Set() }); }
    async listen() {
        this.server = createServer((near) => {
            this.sockets.add(near);
            near.on('close', () => this.sockets.delete(near));
            near.on('error', () => {});
            if (this.state === 'shut') return near.destroy();
            const far = connect(port, '127.0.0.1');
            far.on('error', () => near.destroy());
            near.on('data', (d) => { this.passed++; far.write(d); });
            far.on('data', (d) => {
                if (this.state === 'deaf' && !String(d).startsWith('HTTP/1.1 100')) { this.lost++; near.destroy(); far.destroy(); return; }
                near.write(d);
            });
            far.on('close', () => near.destroy());
            near.on('close', () => far.destroy());
        });
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        later(() => { for (const s of this.sockets) s.destroy(); this.server.close(); });
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }
    set(state) { this.state = state; for (const s of this.sockets) s.destroy(); }
}

async function pair(name) {
    const d = await must(server, 'POST', '/devices', { name, kind: 'kiosk' }, { token: manager });
    return { ...(await must(server, 'POST', '/pair', { code: d.code })), id: d.id };
}

let kiosks = 0;
async function start_kiosk(url, token, words = []) {
    const n = ++kiosks, own = await free_port(), data = join(folder, `kiosk${n}`), file = join(folder, `token${n}`), log = join(folder, `kiosk${n}.log`);
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    const run = () => {
        const out = openSync(log, 'a');
        const child = spawn(program(), ['kiosk', '--server', url, '--token-file', file, '--data', data, '--listen', `127.0.0.1:${own}`, ...words], { stdio: ['ignore', out, out] });
        child.once('exit', () => { k.ended = true; });
        return child;
    };
    const k = { url: `http://127.0.0.1:${own}`, agent: undefined, log };
    k.child = run();
    k.restart = async () => { k.child.kill('SIGKILL'); await new Promise((done) => k.child.once('exit', done)); k.ended = false; k.child = run(); await k.up(); };
    k.up = () => until('the kiosk is up', () => fetch(`${k.url}/kiosk/local/card`).then((r) => r.ok, () => { assert.ok(!k.ended, readFileSync(log, 'utf8')); return false; }));
    later(() => { k.child.kill('SIGTERM'); });
    await k.up();
    return k;
}
const page = (k, path, cookie = '') => fetch(k.url + path, { headers: { Accept: 'text/html', Cookie: cookie }, redirect: 'manual' }).then(async (r) => ({ status: r.status, text: await r.text(), location: r.headers.get('location'), cookies: r.headers.getSetCookie?.() ?? [] }));
const leased = (k) => until('numbers are leased', async () => (await page(k, '/kiosk')).status === 200 && (await fetch(`${k.url}/kiosk/local/take`, { method: 'POST', body: 'zone=none', headers: { Accept: 'text/html' } }).then((r) => r.text())).includes('name="zone"'));
async function take_alone(k, zone = 'personal') {
    const r = await fetch(`${k.url}/kiosk/local/take`, { method: 'POST', body: `zone=${zone}`, redirect: 'manual', headers: { Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' } });
    if (r.status !== 303) return null;
    const shown = await page(k, r.headers.get('location'));
    return /ticket-number number">([A-Z]\d+)</.exec(shown.text)[1];
}
async function find(number) {
    const r = await must(server, 'GET', `/kiosk/progress?number=${number}`);
    return r.found;
}
const merged = (numbers) => until('all are handed in', async () => { for (const n of numbers) if (!(await find(n))) return false; return true; }, 30000);

test('with the server there, the kiosk is the server\'s: its page, its tickets, on paper at its own printer', async () => {
    const printer = await new Printer().listen(), { token } = await pair('一号机');
    const k = await start_kiosk(server.url, token, ['--printer', printer.address]);
    const home = await page(k, '/kiosk');
    assert.equal(home.status, 200);
    assert.match(home.text, /办事取号/);
    const needs = await page(k, '/kiosk/needs?zone=personal');
    const cookie = needs.cookies.map((c) => c.split(';')[0]).join('; '), key = /name="key" value="([^"]+)"/.exec(needs.text.split('action="/tickets"')[1])[1];
    const post = (extra = {}) => fetch(`${k.url}/tickets`, { method: 'POST', redirect: 'manual', headers: { Accept: 'text/html', Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded', Origin: k.url, ...extra }, body: new URLSearchParams({ key, channel: 'kiosk', zone: 'personal' }) });
    const r = await post(), where = r.headers.get('location');
    assert.equal(r.status, 303);
    assert.match(where, /^\/kiosk\/ticket\/[^?]+$/);
    assert.equal(printer.slips.length, 1);
    const shown = await page(k, where);
    assert.ok(shown.text.includes(printer.numbers()[0]));
    assert.equal((await post()).headers.get('location'), where, 'the same form again: the same ticket');
    printer.state = 'paper_out';
    const again = await fetch(`${k.url}${where}/slip`, { method: 'POST', redirect: 'manual', headers: { Accept: 'text/html', Origin: k.url } });
    assert.match((await page(k, again.headers.get('location'))).text, /打印机没有纸了。请记下号码/);
    const foreign = await fetch(`${k.url}/kiosk/local/take`, { method: 'POST', body: 'zone=personal', headers: { Origin: 'http://evil.example' } });
    assert.equal(foreign.status, 403);
    await printer.close();
    assert.deepEqual(printer.errors, []);
});

test('the server is killed in the middle: numbers go on, on paper, and are handed in once', async () => {
    const printer = await new Printer().listen(), { token } = await pair('二号机');
    const k = await start_kiosk(server.url, token, ['--printer', printer.address]);
    await leased(k);
    const before_it = (await must(server, 'POST', '/tickets', { zone: 'personal', channel: 'web' })).ticket.number;
    const worker = serving_pid(server);
    server.child.kill('SIGKILL');
    if (worker) process.kill(worker, 'SIGKILL');
    await new Promise((done) => server.child.once('exit', done));
    const away = await until('the page without the server', async () => { const p = await page(k, '/kiosk'); return p.text.includes('暂时连不上') ? p : null; });
    assert.match(away.text, /前面有几个人现在看不到/);
    const numbers = [];
    for (let i = 0; i < 12; i++) numbers.push(await take_alone(k, i % 3 ? 'personal' : 'business'));
    assert.equal(new Set(numbers).size, 12);
    assert.ok(!numbers.includes(before_it));
    assert.deepEqual(printer.numbers(), numbers);
    assert.ok(printer.slips.every((s) => s.qr.length === 1));
    await k.restart(); // and the kiosk itself loses power
    numbers.push(await take_alone(k));
    assert.equal(new Set(numbers).size, 13);
    server = await start_server(hall, { port });
    await merged(numbers);
    for (const s of printer.slips) { // the QR code of the paper leads to the ticket, in the same place of the queue
        const t = await must(server, 'GET', new URL(s.qr[0]).pathname);
        assert.equal(t.ticket.number, s.lines.find((l) => l.size === 3).text);
    }
    const next = (await must(server, 'POST', '/tickets', { zone: 'personal', channel: 'web' })).ticket.number;
    assert.ok(!numbers.includes(next));
    await printer.close();
    assert.deepEqual(printer.errors, []);
});

test('the link is cut at every stage, two kiosks at once: nothing twice, nothing lost', async () => {
    const links = [await new Link().listen(), await new Link().listen()], all = [];
    const two = await Promise.all(links.map(async (l, i) => start_kiosk(l.url, (await pair(`${i}号`)).token)));
    for (const k of two) await leased(k);
    for (const l of links) l.set('shut');
    for (let i = 0; i < 8; i++) all.push(...await Promise.all(two.map((k) => take_alone(k))));
    for (const l of links) l.set('deaf'); // the server takes them in, and the kiosk never hears of it
    await until('answers are lost', () => links.every((l) => l.lost >= 2), 30000);
    for (let i = 0; i < 4; i++) all.push(...await Promise.all(two.map((k) => take_alone(k))));
    for (const l of links) { l.set('shut'); }
    await wait(300);
    for (const l of links) l.set('open');
    const online = await Promise.all(Array.from({ length: 20 }, () => must(server, 'POST', '/tickets', { zone: 'personal', channel: 'web' }))).then((l) => l.map((t) => t.ticket.number));
    assert.ok(all.every(Boolean));
    await merged(all);
    assert.equal(new Set([...all, ...online]).size, all.length + online.length, 'no number twice');
    await wait(2500); // what is told again is told in vain
    for (const k of two) assert.ok(!readFileSync(k.log, 'utf8').includes('kiosk_ticket_refused'));
});

test('a withdrawn kiosk gets nothing more; a locked one says so', async () => {
    const d = await pair('三号机'), k = await start_kiosk(server.url, d.token);
    await leased(k);
    await must(server, 'POST', `/devices/${d.id}/lock`, { note: '正在换纸' }, { token: manager });
    assert.match((await page(k, '/kiosk')).text, /这台自助机暂停使用：正在换纸/);
    assert.equal((await call(server, 'POST', '/tickets', { zone: 'personal', channel: 'kiosk' }, { token: d.token })).json.error.code, 'kiosk_locked');
    await must(server, 'POST', `/devices/${d.id}/unlock`, {}, { token: manager });
    await must(server, 'POST', `/devices/${d.id}/withdraw`, {}, { token: manager });
    assert.equal((await call(server, 'POST', '/kiosk/lease', {}, { token: d.token })).json.error.code, 'device_needed');
    const list = await must(server, 'GET', '/devices', undefined, { token: manager });
    assert.ok(!list.items.some((x) => x.id === d.id));
});

test('a card on the reader names the visitor, shows only a masked name, and is gone with the card', async () => {
    const bridge = await new CardBridge().listen(), d = await pair('四号机');
    const k = await start_kiosk(server.url, d.token, ['--card', bridge.address]);
    const card = () => fetch(`${k.url}/kiosk/local/card`).then((r) => r.json());
    assert.deepEqual(await card(), { is_there: false, name: '' });
    await until('the bridge is found', () => bridge.sockets.size === 1);
    bridge.lay('李建国', '11010519491231002X');
    const seen = await until('the card', async () => { const c = await card(); return c.is_there ? c : null; });
    assert.equal(seen.name, '李*');
    const needs = await page(k, '/kiosk/needs?zone=personal');
    assert.ok(!needs.text.includes('李'));
    const cookie = needs.cookies.map((c) => c.split(';')[0]).join('; '), key = /name="key" value="([^"]+)"/.exec(needs.text.split('action="/tickets"')[1])[1];
    const r = await fetch(`${k.url}/tickets`, { method: 'POST', redirect: 'manual', headers: { Accept: 'text/html', Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded', Origin: k.url }, body: new URLSearchParams({ key, channel: 'kiosk', zone: 'personal' }) });
    const t = (await must(server, 'GET', `/tickets/${r.headers.get('location').split('/').at(-1)}`)).ticket;
    assert.equal(t.name, '李*');
    assert.equal(t.priority, 'elderly', 'born 1949, by the number on the card');
    bridge.remove();
    await until('it is forgotten', async () => !(await card()).is_there);
    await bridge.close();
});

test('only registered machines, when the hall says so: each at its own place', async () => {
    const d = await pair('五号机'), as = (token) => ({ headers: token ? { Cookie: `device=${token}` } : {}, accept: 'text/html' });
    const status = async (path, token) => (await call(server, 'GET', path, undefined, as(token))).status;
    assert.equal(await status('/kiosk'), 200, 'off by default');
    await must(server, 'POST', '/devices/access', { only: true }, { token: manager });
    await until('a stranger is kept out', async () => (await status('/kiosk')) === 403);
    assert.equal(await status('/display/all'), 403);
    assert.equal(await status('/kiosk', d.token), 200);
    assert.equal(await status('/display/all', d.token), 403, 'a kiosk is no board');
    assert.equal((await call(server, 'GET', '/kiosk', undefined, { token: manager, accept: 'text/html' })).status, 200, 'staff may look');
    assert.equal(await status('/'), 200);
    const pad = await must(server, 'POST', '/devices', { name: '评价器', kind: 'pad', place: '07' }, { token: manager });
    const p = await must(server, 'POST', '/pair', { code: pad.code });
    assert.equal(p.start, '/pad/07');
    assert.deepEqual([await status('/pad/07', p.token), await status('/pad/08', p.token)], [200, 403]);
    await must(server, 'POST', '/devices/access', { only: false }, { token: manager });
    await until('open again', async () => (await status('/kiosk')) === 200);
    assert.ok((await must(server, 'GET', '/devices', undefined, { token: manager })).items.find((x) => x.id === pad.id).is_here, 'seen');
});

test('words of the command line that cannot be are told', async () => {
    const { spawnSync } = await import('node:child_process');
    const run = (...words) => spawnSync(program(), ['kiosk', ...words], { encoding: 'utf8' });
    assert.match(run('--server', 'http://127.0.0.1:1').stderr, /needs --server and --data/);
    assert.match(run('--server', 'http://127.0.0.1:1', '--data', join(folder, 'x')).stderr, /--token-file FILE/);
    assert.match(run('--server', 'ftp://x', '--data', join(folder, 'x'), '--token', 'x').stderr, /http:\/\//);
    assert.match(run('--server', 'http://127.0.0.1:1', '--data', join(folder, 'x'), '--token', 'x').stderr, /not the token/);
    assert.match(run('--server', 'http://127.0.0.1:1', '--data', join(folder, 'x'), '--token', (await pair('六号机')).token, '--listen', '0.0.0.0:8412').stderr, /of this machine/);
});
