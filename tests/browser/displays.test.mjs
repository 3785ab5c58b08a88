// The displays on the walls, in Chromium, with a server of the test's own that is stopped and started: pages
// of what does not fit, calls spoken in order and never two at once, a sound that is lost or late, an outage,
// addresses that mean nothing, reduced motion, axe.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

const binary = process.env.ONEWINDOW_BINARY || path.resolve('build/onewindow');
const work = mkdtempSync(path.join(os.tmpdir(), 'onewindow-displays-')), data = path.join(work, 'hall');
let child, port, browser_of_tests, ask;

async function serve() {
    child = spawn(binary, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--no-limits', '--no-supervisor'], { stdio: 'ignore' });
    for (let n = 0; n < 300; n++) {
        try { if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return; } catch { /* not yet */ }
        await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('the server did not start');
}
async function stop() {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
}

const clerks = Array.from({ length: 20 }, (_, i) => `clerk${String(i + 1).padStart(2, '0')}`);
const desks = clerks.map((_, i) => String(i + 1).padStart(2, '0'));
const tokens = {};

before(async () => {
    port = await new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => { const { port: p } = s.address(); s.close(() => done(p)); }); });
    execFileSync(binary, ['init', '--data', data, '--demo', 'wolong'], { stdio: ['ignore', 'ignore', 'inherit'] });
    await serve();
    process.env.ONEWINDOW_URL = process.env.OW_URL = `http://127.0.0.1:${port}`;
    browser_of_tests = await import('../support/browser.mjs');
    ask = await import('../support/ask.mjs');
    for (const name of [...clerks, 'guide01', 'sysadmin01']) tokens[name] = await ask.token_of(name);
    for (let i = 0; i < 20; i++) await ask.ok('POST', '/desk/open', { desk: desks[i] }, tokens[clerks[i]]);
});
after(async () => {
    await browser_of_tests?.close_browser();
    if (child && child.exitCode === null) await stop();
    rmSync(work, { recursive: true, force: true });
});

// One ticket for this very window, called there: its number.
async function call_at(i) {
    await ask.ok('POST', '/tickets', { item: '', zone: 'personal', channel: 'guide' }, tokens.guide01, 201);
    const r = await ask.ok('POST', '/desk/call', {}, tokens[clerks[i]]);
    assert.ok(r.ticket, `desk ${desks[i]} called nobody`);
    return r.ticket.number;
}
async function free(i) {
    await ask.ask('POST', '/desk/start', {}, tokens[clerks[i]]);
    await ask.ask('POST', '/desk/finish', {}, tokens[clerks[i]]);
}
const general = [6, 7, 8, 9, 10, 11]; // windows 07 to 12 take any business of the zone

async function wall(where, options = {}) {
    const page = await browser_of_tests.new_page('wall', options);
    await page.goto(where);
    return page;
}
// Touches for sound if the browser wants it, and notes when each call is spoken.
async function listen(page) {
    await page.evaluate(() => {
        globalThis.heard = [];
        for (const kind of ['speaking', 'spoken']) document.addEventListener(`board:${kind}`, (e) => globalThis.heard.push({ kind, id: e.detail, at: performance.now() }));
        const start = AudioBufferSourceNode.prototype.start; // what really sounds: beginnings and ends of the buffers
        globalThis.sounds = [];
        AudioBufferSourceNode.prototype.start = function (...a) {
            const s = { from: performance.now(), seconds: this.buffer.duration };
            globalThis.sounds.push(s);
            this.addEventListener('ended', () => { s.to = performance.now(); });
            return start.apply(this, a);
        };
    });
    const button = page.locator('[data-sound]');
    await page.waitForTimeout(500);
    if (await button.isVisible()) await button.click();
    await button.waitFor({ state: 'hidden', timeout: 5000 });
}
const connected = (page) => page.getByText('数据正常').waitFor({ timeout: 9000 });

test('without permission for sound the board says what to do, and axe finds nothing on any display', async () => {
    const page = await wall('/display/personal');
    await page.locator('[data-sound]').waitFor({ state: 'visible', timeout: 5000 });
    assert.match(await page.locator('[data-sound]').textContent(), /按这里打开声音/);
    for (const where of ['/display/personal', '/display/all', '/display/overview', '/display/desk/07', '/display/desk/99', '/display/moon']) {
        await page.goto(where);
        await browser_of_tests.assert_accessible(page, where);
        await browser_of_tests.assert_fits(page, where);
        const box = await page.locator('.board-foot').boundingBox();
        assert.ok(box.y + box.height <= 1081, `${where}: the foot is below the screen`);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('an address that means nothing is told in words and never makes the display blank', async () => {
    const page = await wall('/display/moon');
    await page.getByText('没有“moon”这个区').first().waitFor();
    assert.equal(await page.locator('#waits > li').count(), 4);
    await page.goto('/display/desk/99');
    await page.getByText('没有“99”号窗口').waitFor();
    await page.getByText('请系统管理员核对').first().waitFor();
    await page.context().close();
});

test('the display over a window follows it: closed, free, called, serving, paused with the reason', async () => {
    const page = await wall('/display/desk/12');
    await page.getByText('开放，等待叫号').waitFor();
    await connected(page);
    const number = await call_at(11);
    await page.locator('.desk-board-number', { hasText: number }).waitFor({ timeout: 5000 });
    await ask.ok('POST', '/desk/start', {}, tokens[clerks[11]]);
    await page.getByText(`正在办理 ${number}`).waitFor({ timeout: 5000 });
    await ask.ok('POST', '/desk/finish', {}, tokens[clerks[11]]);
    await ask.ok('POST', '/desk/pause', { reason: '临时离开' }, tokens[clerks[11]]);
    await page.getByText('暂停叫号：临时离开').waitFor({ timeout: 5000 });
    await page.getByText('仍然有效').waitFor();
    await ask.ok('POST', '/desk/resume', {}, tokens[clerks[11]]);
    await page.context().close();
});

test('twenty calls at once are all shown page by page, and spoken in order, never two at a time', { timeout: 240000 }, async () => {
    // One person waits for each of the twenty windows; then all of them call in the same moment.
    for (let i = 0; i < 20; i++) { await call_at(6); await ask.ok('POST', '/desk/transfer', { desk: desks[i] }, tokens[clerks[6]]); }
    const page = await wall('/display/all');
    await connected(page);
    await listen(page);
    await Promise.all(clerks.map((c) => ask.ok('POST', '/desk/call', {}, tokens[c])));
    await page.waitForFunction(() => document.querySelectorAll('#calls > li[data-call-state=called]').length === 20, null, { timeout: 9000 });
    const expected = await page.evaluate(() => [...document.querySelectorAll('#calls > li .number')].map((e) => e.textContent).reverse());
    assert.equal(expected.length, 20);
    const spoken = () => page.evaluate(() => globalThis.heard.filter((h) => h.kind === 'spoken').length);
    for (let n = 0; n < 220 && await spoken() < 20; n++) await page.waitForTimeout(1000);
    await page.waitForTimeout(1500);
    const heard = await page.evaluate(() => globalThis.heard);
    assert.equal(heard.length, 40, 'each of the twenty is spoken once');
    for (let n = 0; n < heard.length; n += 2) {
        assert.equal(heard[n].kind, 'speaking');
        assert.equal(heard[n + 1].kind, 'spoken');
        assert.equal(heard[n].id, heard[n + 1].id, 'one call ends before the next begins');
    }
    const order = await page.evaluate(() => globalThis.heard.filter((h) => h.kind === 'spoken').map((h) => document.querySelector(`[data-call="${h.id}"] .number`)?.textContent));
    assert.deepEqual([...order].sort(), [...expected].sort());
    assert.deepEqual(order.slice(1), expected.filter((n) => n !== order[0]), 'in the order they were called');
    const sounds = await page.evaluate(() => globalThis.sounds);
    assert.ok(sounds.length >= expected.length, `${sounds.length} sounds`);
    for (let n = 1; n < sounds.length; n++) assert.ok(sounds[n - 1].to <= sounds[n].from + 1, 'two sounds overlap');
    assert.ok(sounds.every((s) => s.seconds > 1.5 && s.seconds < 9), 'a call takes 2 to 8 s to say');
    assert.deepEqual(page.faults, []);
    await page.context().close();
    for (let i = 0; i < 20; i++) await free(i);
});

test('what does not fit is shown page by page, nothing is cut off, and the page of a call is told', { timeout: 60000 }, async () => {
    for (let i = 0; i < 12; i++) { await call_at(general[i % 6]); if (i < 6) await free(general[i % 6]); else if (i < 11) await ask.ask('POST', '/desk/no-show', {}, tokens[clerks[general[i % 6]]]); }
    const page = await wall('/display/personal');
    const shown = new Set(), total = await page.locator('#history > li').count();
    assert.ok(total > 6, `only ${total} in the history`);
    for (let turn = 0; turn < 12; turn++) {
        for (const list of ['calls', 'history']) {
            const cut = await page.evaluate((id) => {
                const list = document.getElementById(id); // places, not rectangles: the pulse of a new call is no cut
                return [...list.querySelectorAll(':scope > li:not([hidden])')].filter((e) => e.offsetTop + e.offsetHeight > list.offsetTop + list.clientHeight + 2).map((e) => e.textContent);
            }, list);
            assert.deepEqual(cut, [], `${list} is cut off`);
        }
        for (const text of await page.locator('#history > li:not([hidden]) b').allTextContents()) shown.add(text);
        if (shown.size >= total) break;
        await page.waitForTimeout(4000);
    }
    assert.ok(shown.size >= total - 1, `${shown.size} of ${total} were shown`);
    await page.context().close();
    for (const i of general) await free(i);
});

test('a sound that is lost or never ends coming does not hold up the next call', { timeout: 90000 }, async () => {
    const page = await wall('/display/personal');
    await connected(page);
    let asked = 0;
    await page.route('**/calls/*.wav', async (r) => {
        asked++;
        if (asked === 1) return r.abort();
        if (asked === 2) return; // never answered
        return r.continue();
    });
    await listen(page);
    for (const i of [6, 7, 8]) await call_at(i);
    for (let n = 0; n < 60 && await page.evaluate(() => globalThis.heard.filter((h) => h.kind === 'spoken').length) < 3; n++) await page.waitForTimeout(1000);
    const heard = await page.evaluate(() => globalThis.heard.filter((h) => h.kind === 'spoken').length);
    assert.equal(heard, 3);
    assert.ok(await page.evaluate(() => globalThis.sounds.length) >= 1, 'the third one sounds');
    await page.context().close();
    for (const i of [6, 7, 8]) await free(i);
});

test('an outage is told within 5 s; calls missed meanwhile appear in the end and are not spoken late', { timeout: 120000 }, async () => {
    const page = await wall('/display/personal');
    await connected(page);
    await listen(page);
    await page.evaluate(() => {
        new BroadcastChannel('onewindow').onmessage = (e) => { if (e.data.kind === 'tick') globalThis.last_sign = Date.now(); };
        document.addEventListener('live:lost', () => { globalThis.lost_after = Date.now() - globalThis.last_sign; });
    });
    await page.waitForFunction(() => globalThis.last_sign, null, { timeout: 8000 });
    await stop();
    await page.locator('.connection.lost').waitFor({ timeout: 9000 });
    assert.ok(await page.evaluate(() => globalThis.lost_after) <= 5000, 'later than 5 s');
    assert.match(await page.locator('.connection').textContent(), /连接中断，\d\d:\d\d 起/);
    await browser_of_tests.assert_accessible(page, 'the board without a server');
    await page.route('**/*', (r) => (r.request().url().includes('/events') || r.request().url().endsWith('/display/personal') ? r.abort() : r.continue())); // the wall's own cable is still out
    await serve();
    const missed = await call_at(9);
    await page.evaluate(() => { const real = Date.now(); globalThis.Date.now = ((f) => () => f() + 31000)(Date.now.bind(Date)); return real; }); // half a minute later
    await page.unroute('**/*');
    await page.getByText(missed).first().waitFor({ timeout: 20000 });
    await page.waitForTimeout(2500);
    assert.equal(await page.evaluate(() => globalThis.heard.length), 0, 'a stale call is spoken');
    await page.locator('.connection:not(.lost)').waitFor({ timeout: 9000 });
    await page.context().close();
    await free(9);
});

test('who wants less motion gets no pulse, and still sees which call is new', async () => {
    const page = await wall('/display/personal', { reducedMotion: 'reduce' });
    await connected(page);
    await call_at(8);
    const look = await page.waitForFunction(() => { // at once: it does not stay fresh for ever
        const e = document.querySelector('.call.fresh'), style = e && getComputedStyle(e);
        return style && { animation: style.animationName, outline: style.outlineStyle };
    }, null, { timeout: 10000 });
    const { animation, outline } = await look.jsonValue();
    assert.equal(animation, 'none');
    assert.notEqual(outline, 'none');
    await page.context().close();
    await free(8);
});

test('an administrator writes a message with a picture; it hangs in its zone at once, urgent above all', async () => {
    const page = await browser_of_tests.new_page('staff');
    await browser_of_tests.log_in(page, 'sysadmin01');
    const board = await wall('/display/business');
    await connected(board);
    await page.goto('/displays');
    await page.locator('[name=text]').fill('二楼东侧正在维修，请走西侧楼梯');
    await page.locator('[name=text_en]').fill('Please use the west stairs');
    await page.locator('[name=zone]').selectOption('business');
    await page.locator('[name=urgent]').check();
    await page.locator('[name=picture]').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('<svg></svg>') });
    await page.getByRole('button', { name: '发布' }).click();
    await page.getByText('这不是完整的 PNG 或 JPEG 图片').first().waitFor();
    assert.equal(await page.locator('[name=text]').inputValue(), '二楼东侧正在维修，请走西侧楼梯', 'what was typed stays');
    await page.locator('[name=zone]').selectOption('business');
    await page.locator('[name=urgent]').check();
    const picture = await board.screenshot({ clip: { x: 0, y: 0, width: 200, height: 150 } });
    await page.locator('[name=picture]').setInputFiles({ name: 'x.svg', mimeType: 'image/svg+xml', buffer: picture });
    await page.getByRole('button', { name: '发布' }).click();
    await page.getByText('正在显示').waitFor();
    await board.locator('.board-urgent', { hasText: '西侧楼梯' }).waitFor({ timeout: 5000 });
    await board.locator('.board-urgent', { hasText: 'west stairs' }).waitFor();
    await board.locator('.board-urgent img').evaluate((e) => e.decode());
    await browser_of_tests.assert_accessible(board, 'a board with an urgent message');
    await page.getByRole('button', { name: '撤下' }).first().click();
    await board.locator('.board-urgent').waitFor({ state: 'detached', timeout: 5000 });
    await page.context().close();
    await board.context().close();
});
