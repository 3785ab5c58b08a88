// ./dev shots: a picture of every screen in docs/pictures, each below 200 KB. It starts a server of its
// own with a fresh demonstration hall, makes one real visit so that there is something to see, and
// walks the screens by role: those named here, and every other page that /openapi.json tells of.

import { spawn, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pictures = path.join(root, 'docs', 'pictures');
const onewindow = process.env.ONEWINDOW_BINARY || path.join(root, 'build', 'onewindow');
const MOST_BYTES = 200 * 1024;

const free_port = () => new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); }); });

async function serve() {
    const work = mkdtempSync(path.join(os.tmpdir(), 'onewindow-shots-')), data = path.join(work, 'hall'), port = await free_port();
    execFileSync(onewindow, ['init', '--data', data, '--demo', 'wolong'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const child = spawn(onewindow, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--no-limits', '--no-supervisor'], { stdio: 'ignore' });
    const base = `http://127.0.0.1:${port}`;
    for (let n = 0; n < 300; n++) {
        try { await fetch(`${base}/healthz`); break; } catch { await new Promise((done) => setTimeout(done, 100)); }
    }
    return { base, close: async () => { const gone = new Promise((done) => child.once('exit', done)); child.kill('SIGTERM'); await gone; rmSync(work, { recursive: true, force: true }); } };
}

// name of the picture, who, size, address, what to do there before the picture
function named(v) {
    const search = encodeURIComponent('结婚证丢了');
    return [
        ['home-phone', null, 'phone', '/'], ['home-desktop', null, 'staff', '/'], ['home-elder', null, 'phone', '/', 'mode=elder'], ['home-contrast', null, 'phone', '/', 'contrast=on'],
        ['home-english', null, 'phone', '/', 'lang=en'], ['search', null, 'phone', `/items?q=${search}`], ['item', null, 'phone', `/items/${v.item}`],
        ['bundles', null, 'phone', '/bundles'], ['bundle', null, 'phone', '/bundles/newborn'], ['bundle-desktop', null, 'staff', '/bundles/second_hand'],
        ['item-desktop', null, 'staff', `/items/${v.item}`], ['item-answered', null, 'phone', '/items/412014084001?a=adult&a=agent#bring'],
        ['item-elder', null, 'phone', '/items/412014084001?a=adult#bring', 'mode=elder'], ['item-contrast', null, 'phone', `/items/${v.item}#place`, 'contrast=on'], ['item-english', null, 'phone', '/items/412014084001#bring', 'lang=en'],
        ['ticket-waiting', null, 'phone', `/tickets/${v.waiting.token}`],
        ['ticket-called', null, 'phone', `/tickets/${v.called.token}`], ['ticket-elder', null, 'phone', `/tickets/${v.waiting.token}`, 'mode=elder'],
        ['kiosk', null, 'kiosk', '/kiosk'], ['display', null, 'wall', `/display/${v.zone}`], ['display-english', null, 'wall', '/display/all', 'lang=en'],
        ['guide-desk', 'guide01', 'staff', `/guide?q=${search}`], ['desk', 'clerk01', 'staff', '/desk'], ['desk-closed', 'clerk03', 'staff', '/desk'], ['helper', 'helper01', 'phone', '/helper'],
        ['visit', 'guide01', 'staff', `/visits/${v.done.token}`], ['loans', 'guide01', 'staff', '/loans'], ['manage', 'manager01', 'staff', '/manage'], ['login', null, 'staff', '/login'],
        ['pad', null, 'pad', `/pad/${v.desk}`, '', v.finish],
    ];
}

async function shoot(page, name) {
    const file = path.join(pictures, `${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
    if (statSync(file).size > MOST_BYTES) await page.screenshot({ path: file, animations: 'disabled', scale: 'css', clip: { x: 0, y: 0, width: page.viewportSize().width, height: Math.min(700, page.viewportSize().height) } });
    if (statSync(file).size > MOST_BYTES) { rmSync(file); console.log(`${name}: larger than 200 KB, left out`); return; }
    console.log(`docs/pictures/${name}.png`);
}

const server = await serve();
process.env.ONEWINDOW_URL = server.base;
const { ROLES, close_browser, call, get_routes, log_in, new_page, token_of } = await import('../support/browser.mjs');
const { make_visit, samples_of } = await import('../support/visit.mjs');
let status = 0;
try {
    mkdirSync(pictures, { recursive: true });
    for (const f of readdirSync(pictures)) if (f.endsWith('.png')) rmSync(path.join(pictures, f));
    const v = await make_visit();
    // One more, called and not yet begun, at a second desk.
    const clerk = await token_of('clerk02');
    await call('POST', '/desk/open', { desk: '10' }, clerk);
    v.called = (await call('POST', '/desk/call', {}, clerk)).json?.ticket || v.served;
    const guide = await token_of('guide01');
    for (const needs of [['elderly'], [], [], ['infant']])
        v.waiting = (await call('POST', '/tickets', { item: v.item, channel: 'guide', needs }, guide)).json.ticket;
    const at_desk = await token_of('clerk01');
    v.finish = () => call('POST', '/desk/finish', {}, at_desk); // then the pad asks
    const list = named(v), shown = new Set(list.map((l) => l[3].split('?')[0]));
    for (const r of await get_routes(samples_of(v))) {
        if (r.missing.length || shown.has(r.path) || r.pattern === '/events') continue;
        for (const who of [null, ...ROLES]) {
            const token = who ? await token_of(who) : undefined;
            const answer = await fetch(server.base + r.path, { headers: { Accept: 'text/html', ...(token ? { Authorization: `Bearer ${token}` } : {}) }, redirect: 'manual' });
            if (answer.status === 200 && (answer.headers.get('content-type') || '').startsWith('text/html')) {
                list.push([`other${r.pattern.replace(/[/{}]+/g, '-').replace(/-$/, '')}`, who, r.path.startsWith('/kiosk') ? 'kiosk' : who ? 'staff' : 'phone', r.path]);
                break;
            }
        }
    }
    for (const [name, who, size, where, preference, before] of list) {
        await before?.();
        const page = await new_page(size);
        if (who) await log_in(page, who);
        if (preference) await page.goto(`/preferences?${preference}&back=/`);
        const answer = await page.goto(where);
        await page.waitForTimeout(400);
        if (answer.status() >= 400) { console.log(`${name}: ${where} answers ${answer.status()}`); status = 1; }
        else await shoot(page, name);
        for (const f of page.faults) { console.log(`${name}: ${f}`); status = 1; }
        await page.context().close();
    }
} finally {
    await close_browser();
    await server.close();
}
process.exit(status);
