// The scripts of assets/ in a real browser against a small server of the test's own that can fall
// silent, cut and repeat at will: one stream a browser, parts refreshed without losing what a person
// does, the lost connection said within 5 s (DESIGN.md 8), keys, double clicks, calls, idle kiosks.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { close_browser, open_browser } from '../support/browser.mjs';

const assets = new URL('../../assets/', import.meta.url);
const streams = new Set();
const hall = { version: 0, acts: 0, silent: false, calls: ['A001-1'], called: '' };
let server, base, context;

const pages = {
    '/part': () => `<title>t${++hall.version}</title><script src="/live.js" defer></script><script src="/staff.js" defer></script></head>
<body data-unsent="没有送到，请再试"><p id="line" data-connection data-lost="连接中断 {time} 起" data-back="已恢复" hidden></p><p id="unsent" hidden></p>
<main id="main"><div id="part" data-live="hall"><p id="version">${hall.version}</p><input id="typed" value="v${hall.version}"><input id="left" value="w${hall.version}">
<details id="more"><summary>s</summary>x</details><ul>${'<li>x</li>'.repeat(2 + (hall.version % 3))}</ul></div>
<form method="post" action="/act" data-swap="main"><input name="q" id="q" data-focus><button data-key="F1">下一位 F1</button><button type="button" data-key="F5" id="f5">no</button></form>
<details id="help" data-open-key="F3"><summary>求助 F3</summary><select id="kind"><option>带路</option></select></details></main>`,
    '/board': () => `<title>b</title><script src="/live.js" defer></script><script src="/board.js" defer></script></head><body class="machine">
<main><ol id="calls" data-live="queue">${hall.calls.map((c) => `<li data-call="${c}" data-say="/chime.wav">${c}</li>`).join('')}</ol><button data-sound hidden>声音</button>
<p data-connection data-ok="数据正常" data-lost="连接中断 {time} 起"></p></main>`,
    '/kiosk-step': () => `<title>k</title><script src="/live.js" defer></script><script src="/machine.js" defer></script></head>
<body data-idle="4" data-idle-to="/part"><p data-idle-ask hidden>还在吗</p><b data-idle-left></b><button>x</button><input id="into"><button data-type="7" data-into="into">7</button>`,
    '/ticket': () => `<title>x</title><link rel="stylesheet" href="/app.css"><script src="/live.js" defer></script></head><body class="citizen"><main>
<article id="ticket" class="ticket${hall.called ? ' called' : ''}" data-live="queue" ${hall.called ? `data-called="${hall.called}"` : ''}><p class="ticket-number">A023</p></article></main>`,
};

before(async () => {
    server = http.createServer((q, r) => {
        const path = new URL(q.url, 'http://x').pathname;
        r.setHeader('Content-Security-Policy', "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'");
        if (path === '/events') {
            if (hall.silent) { r.statusCode = 503; r.end(); return; }
            r.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(`retry: 2000\nid: ${hall.version}\nevent: hello\ndata: {"seq":${hall.version}}\n\n`);
            streams.add(r);
            q.on('close', () => streams.delete(r));
        } else if (path === '/act') {
            hall.acts++;
            setTimeout(() => r.writeHead(303, { Location: `/part?after=${hall.acts}` }).end(), 200);
        } else if (pages[path]) {
            r.setHeader('Content-Type', 'text/html; charset=utf-8');
            r.end(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">${pages[path]()}</body></html>`);
        } else {
            try {
                r.setHeader('Content-Type', path.endsWith('.css') ? 'text/css' : 'text/javascript');
                r.end(readFileSync(new URL(`.${path}`, assets)));
            } catch { r.writeHead(404).end(); }
        }
    });
    setInterval(() => { if (!hall.silent) for (const s of streams) s.write(`event: tick\ndata: {"now":${Date.now()}}\n\n`); }, 2000).unref();
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${server.address().port}`;
});
after(async () => { await close_browser(); server.closeAllConnections(); server.close(); });

async function open(path, size = { width: 390, height: 844 }) {
    context ??= await (await open_browser()).newContext({ viewport: size });
    const page = await context.newPage();
    page.faults = [];
    page.on('pageerror', (e) => page.faults.push(e.message));
    await page.goto(base + path);
    return page;
}
async function leave(...open_pages) {
    for (const p of open_pages) assert.deepEqual(p.faults, []);
    await context.close();
    context = null;
    for (let n = 0; n < 50 && streams.size; n++) await new Promise((done) => setTimeout(done, 20));
}
const emit = (topic) => { for (const s of streams) s.write(`id: ${hall.version}\nevent: ${topic}.happened\ndata: {"seq":1,"topics":["${topic}"],"data":{}}\n\n`); };
const stream_open = async () => { for (let n = 0; n < 100 && !streams.size; n++) await new Promise((done) => setTimeout(done, 50)); };
const text = (page, id) => page.locator(`#${id}`).textContent();
const changed = (page, was) => page.waitForFunction((w) => document.getElementById('version').textContent !== w, was, { timeout: 5000 });

test('two tabs share one stream, and when the one that holds it goes the other takes over', async () => {
    const a = await open('/part'), b = await open('/part');
    await stream_open();
    await a.waitForTimeout(1200);
    assert.equal(streams.size, 1);
    const was = [await text(a, 'version'), await text(b, 'version')];
    emit('hall');
    await Promise.all([changed(a, was[0]), changed(b, was[1])]);
    await a.close();
    await stream_open();
    await b.waitForTimeout(1200);
    assert.equal(streams.size, 1);
    const then = await text(b, 'version');
    emit('hall');
    await changed(b, then);
    await leave(b);
});

test('a refreshed part keeps typed text, focus and what was opened, and takes over the rest', async () => {
    const p = await open('/part');
    await stream_open();
    await p.waitForTimeout(800);
    await p.locator('#typed').fill('已经打的字');
    await p.locator('#more').evaluate((d) => { d.open = true; });
    await p.locator('#typed').focus();
    const was = await text(p, 'version');
    emit('hall');
    await changed(p, was);
    const now = Number(await text(p, 'version'));
    assert.equal(await p.inputValue('#typed'), '已经打的字');
    assert.equal(await p.evaluate(() => document.activeElement.id), 'typed');
    assert.equal(await p.locator('#more').evaluate((d) => d.open), true);
    assert.equal(await p.inputValue('#left'), `w${now}`);
    assert.equal(await p.locator('li').count(), 2 + (now % 3));
    await leave(p);
});

test('a silent server is said within 5 s of its last sign, and the page catches up alone', async () => {
    const p = await open('/part');
    await stream_open();
    await p.evaluate(() => { // when the last sign came, and when the page said so
        new BroadcastChannel('onewindow').onmessage = (e) => { if (e.data.kind === 'tick') globalThis.last_sign = Date.now(); };
        document.addEventListener('live:lost', () => { globalThis.lost_after = Date.now() - globalThis.last_sign; });
    });
    await p.waitForFunction(() => globalThis.last_sign, null, { timeout: 5000 });
    hall.silent = true;
    await p.locator('#line').waitFor({ state: 'visible', timeout: 9000 });
    assert.match(await text(p, 'line'), /^连接中断 \d\d:\d\d 起$/);
    assert.ok(await p.evaluate(() => globalThis.lost_after) <= 5000, 'later than 5 s');
    const was = await text(p, 'version');
    hall.silent = false;
    await p.getByText('已恢复').waitFor({ timeout: 9000 });
    await changed(p, was);
    await p.locator('#line').waitFor({ state: 'hidden', timeout: 9000 });
    await leave(p);
});

test('a function key acts once however often it is pressed; F5 is left to the browser', async () => {
    const p = await open('/part');
    const before_acts = hall.acts;
    await p.evaluate(() => { globalThis.f5 = 0; document.getElementById('f5').onclick = () => { globalThis.f5++; }; });
    await p.locator('#typed').fill('上一位的');
    await p.keyboard.press('F1');
    await p.keyboard.press('F1');
    await p.waitForFunction(() => location.search.includes('after='), null, { timeout: 5000 });
    assert.equal(hall.acts, before_acts + 1);
    assert.notEqual(await p.inputValue('#typed'), '上一位的', 'what was typed for the last visitor is gone');
    assert.equal(await p.evaluate(() => document.activeElement.id), 'q', 'the field has the focus again');
    await p.keyboard.press('F1');
    for (let n = 0; n < 50 && hall.acts < before_acts + 2; n++) await p.waitForTimeout(50);
    assert.equal(hall.acts, before_acts + 2);
    const taken = await p.evaluate(() => !document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'F5', bubbles: true, cancelable: true })));
    assert.equal(taken, false);
    assert.equal(await p.evaluate(() => globalThis.f5), 0);
    await leave(p);
});

test('a key opens the box that belongs to it and puts the focus into its first field', async () => {
    const p = await open('/part');
    await p.keyboard.press('F3');
    assert.equal(await p.locator('#help').evaluate((d) => d.open), true);
    assert.equal(await p.evaluate(() => document.activeElement.id), 'kind');
    await p.keyboard.press('F3');
    assert.equal(await p.locator('#help').evaluate((d) => d.open), false);
    await leave(p);
});

test('an act that does not reach the server says so and can be repeated', async () => {
    const p = await open('/part');
    await p.route('**/act', (r) => r.abort());
    await p.locator('#q').fill('字');
    await p.keyboard.press('F1');
    await p.getByText('没有送到').waitFor({ timeout: 5000 });
    assert.equal(await p.inputValue('#q'), '字');
    await p.unroute('**/act');
    await p.keyboard.press('F1');
    await p.waitForFunction(() => location.search.includes('after='), null, { timeout: 5000 });
    await leave(p);
});

test('a new call pulses once, and without permission for sound the board asks for a touch', async () => {
    const p = await open('/board', { width: 1920, height: 1080 });
    await p.locator('[data-sound]').waitFor({ state: 'visible', timeout: 5000 });
    await p.getByText('数据正常').waitFor({ timeout: 8000 });
    assert.equal(await p.locator('.fresh').count(), 0, 'old calls are not announced again');
    await p.locator('[data-sound]').click();
    await p.locator('[data-sound]').waitFor({ state: 'hidden', timeout: 5000 });
    hall.calls = ['A002-1', ...hall.calls];
    emit('queue');
    await p.locator('.fresh').waitFor({ timeout: 5000 });
    assert.equal(await p.locator('.fresh').textContent(), 'A002-1');
    await leave(p);
});

test('a kiosk left alone counts down, asks, and starts over; a touch gives the whole time again', async () => {
    const p = await open('/kiosk-step', { width: 1080, height: 1920 });
    assert.equal(await p.locator('[data-idle-ask]').isVisible(), true);
    await p.waitForFunction(() => document.querySelector('[data-idle-left]').textContent === '2', null, { timeout: 5000 });
    await p.locator('[data-type]').click();
    assert.equal(await p.inputValue('#into'), '7');
    assert.match(await p.locator('[data-idle-left]').textContent(), /^[34]$/);
    await p.waitForURL('**/part', { timeout: 9000 });
    await leave(p);
});

test('a called ticket fills the screen', async () => {
    hall.called = '';
    const p = await open('/ticket');
    await stream_open();
    await p.waitForTimeout(800);
    hall.called = '1';
    emit('queue');
    await p.locator('.ticket.called').waitFor({ timeout: 5000 });
    const box = await p.locator('.ticket').boundingBox();
    assert.deepEqual([Math.round(box.width), Math.round(box.height)], [390, 844]);
    await leave(p);
});
