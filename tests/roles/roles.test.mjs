// Every address that can be looked at, asked for by every role and by nobody, as a page and as JSON,
// with sensible words, with none and with hopeless ones: who may see it sees it, who may not is told so
// (or sent to the log-in), nothing is ever a failure of ours; pages are valid HTML, JSON is JSON. What
// belongs to another centre or to another visitor is not found.
//
// Seen to fail: with E_OK in place of E_NOT_ALLOWED in route_allowed(), with an id that stands twice in loan.html, with
// the checks of the centre taken out of meet_token() (web/trip.c) and session_resolve() (web/session.c).

import assert from 'node:assert/strict';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { tidy_faults } from '../support/tidy.mjs';
import { call, clean_up, log_in, must, new_hall, onewindow, start_server } from '../faults/house.mjs';
import { ACCOUNTS, make_day, rights, role_of, routes_of } from './day.mjs';

let hall, server, day, routes;
const may = rights();
const HOPELESS = ["'\"<b>", '%00', '-1', '99999999999999999999', '中文'.repeat(60), '../../etc/passwd', '%ff%fe'];
const PLAIN = { q: '结婚证', item: null, zone: 'personal', number: null, page: 1, from: '2026-02-02', days: 5, unit: 'working', lang: 'zh', topic: 'hall', issued: null, helped: null, token: null };

before(async () => {
    hall = new_hall();
    server = await start_server(hall);
    day = await make_day(server);
    Object.assign(PLAIN, { item: day.item, number: day.tickets.waiting.number, issued: day.tickets.waiting.token, helped: day.assist.token, token: day.cases.taken.token });
    routes = await routes_of(server, 'get', day.samples);
});
after(clean_up);

// The head alone of what never ends.
function stream_head(path, headers) {
    return new Promise((done, failed) => {
        const q = http.get(server.url + path, { headers }, (r) => { done({ status: r.statusCode, headers: r.headers, text: '', json: null }); r.destroy(); });
        q.on('error', failed);
        q.setTimeout(5000, () => q.destroy(new Error('no answer')));
    });
}
const look = (route, path, options) => (route.pattern === '/events'
    ? stream_head(path, { Accept: options.accept, ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}), ...(options.cookie ? { Cookie: options.cookie } : {}) })
    : call(server, 'GET', path, undefined, options));

const query_of = (route, value) => route.query.map((p) => [p.name, value(p)]).filter(([, v]) => v !== null && v !== undefined).map(([n, v]) => `${n}=${encodeURIComponent(v)}`).join('&');
const with_query = (path, q) => (q ? `${path}?${q}` : path);
const needed = (route) => with_query(route.path, query_of(route, (p) => (p.required || p.name === 'topic' ? PLAIN[p.name] ?? p.schema?.enum?.[0] : null)));
const plain = (route) => with_query(route.path, query_of(route, (p) => PLAIN[p.name] ?? p.schema?.enum?.[0] ?? null));

// Many pages are the same for several roles, but for the keys of their forms.
const checked = new Map();
function html_faults(text) {
    const page = text.replace(/value="[\w-]{43}"/g, 'value="key"');
    if (!checked.has(page)) checked.set(page, tidy_faults(page));
    return checked.get(page);
}

function check_answer(r, name) {
    const faults = [], type = r.headers['content-type'] ?? '';
    if (r.status >= 500) faults.push(`${name}: ${r.status} ${r.text.slice(0, 200)}`);
    if (r.headers['x-content-type-options'] !== 'nosniff' || !r.headers['content-security-policy']) faults.push(`${name}: security headers are missing`);
    if (/json/.test(type) && r.json === undefined) faults.push(`${name}: not JSON: ${r.text.slice(0, 100)}`);
    if (/html/.test(type) && r.text) faults.push(...html_faults(r.text).map((f) => `${name}: ${f}`));
    if (/html/.test(type) && !/<html lang="(zh-CN|zh|en)"/.test(r.text)) faults.push(`${name}: no language`);
    return faults;
}
// What a role may get where it asks sensibly. 404 and 409: nothing of that kind is there for this person now.
function check_right(route, role, r, name, is_page) {
    const is_sent_to_login = r.status === 303 && /^\/login(\?|$)/.test(r.headers.location ?? '');
    if (may(role, route.right)) return [200, 204, 303, 404, 409].includes(r.status) && !is_sent_to_login ? [] : [`${name}: has the right ${route.right} and gets ${r.status} ${r.text.slice(0, 120)}`];
    if (role !== 'nobody') return r.status === 403 ? [] : [`${name}: lacks the right ${route.right} and gets ${r.status}`];
    return (is_page && is_sent_to_login) || r.status === 401 ? [] : [`${name}: is nobody and gets ${r.status}`];
}

for (const account of [...ACCOUNTS, 'nobody']) {
    test(`every page and every JSON as ${account}`, async () => {
        const role = role_of(account), token = day.tokens[account], faults = [];
        let seen = 0;
        for (const route of routes) {
            for (const path of new Set([needed(route), plain(route)])) {
                for (const lang of ['zh-CN', 'en']) {
                    const cookie = [token && `session=${token}`, lang === 'en' && 'lang=en'].filter(Boolean).join('; ') || undefined;
                    const r = await look(route, path, { cookie, accept: 'text/html' }), name = `${account} GET ${path} (${lang})`;
                    faults.push(...check_answer(r, name), ...check_right(route, role, r, name, true));
                    if (r.status === 200) seen++;
                }
                const r = await look(route, path, { token, accept: 'application/json' }), name = `${account} GET ${path} (JSON)`;
                faults.push(...check_answer(r, name), ...check_right(route, role, r, name, false));
            }
        }
        assert.deepEqual(faults.slice(0, 25), []);
        assert.ok(seen > 40, `only ${seen} pages were seen`);
    });
}

test('hopeless words get a clear error, never a failure', async () => {
    const faults = [];
    for (const route of routes.filter((r) => r.pattern !== '/events')) {
        const paths = HOPELESS.map((h) => with_query(route.path, query_of(route, () => 0).replaceAll('=0', `=${/%/.test(h) ? h : encodeURIComponent(h)}`)));
        for (const hole of route.pattern.match(/\{\w+\}/g) || []) paths.push(...HOPELESS.map((h) => route.pattern.replace(hole, /%/.test(h) ? h : encodeURIComponent(h)).replace(/\{\w+\}/g, 'x')));
        for (const path of new Set(paths)) {
            for (const [accept, token] of [['text/html', undefined], ['application/json', day.tokens.manager01], ['application/json', day.tokens.clerk01]]) {
                const r = await call(server, 'GET', path, undefined, { accept, token });
                if (r.status >= 500) faults.push(`GET ${path} (${accept}): ${r.status}`);
                if (r.status >= 400 && r.json && !(r.json.error?.code && r.json.error?.message)) faults.push(`GET ${path}: an error without code or sentence: ${r.text.slice(0, 100)}`);
            }
        }
    }
    assert.deepEqual(faults.slice(0, 25), []);
});

describe('what is not yours', () => {
    let second, boss, theirs;
    before(async () => { // another centre in the same database, with a help request of its own
        const words = ['--db', hall.db, '--key-file', `${hall.data}.key`], data = join(hall.folder, 'second');
        onewindow('init', '--data', data, '--center', '410102', '--name', '邻区政务服务中心', ...words);
        const said = onewindow('user', 'add', 'boss', '--role', 'manager', '--role', 'guide', '--role', 'helper', '--role', 'clerk', '--data', data, ...words);
        second = await start_server({ data, db: hall.db, folder: hall.folder }, { node: 7, words: ['--key-file', `${hall.data}.key`] });
        boss = await log_in(second, 'boss', /password (\S+)/.exec(said)[1]);
        theirs = await must(second, 'POST', '/assists', { kind: 'escort', what: '邻区的求助', name: '邻区的人', phone: '13900000009' });
    });

    test('the id of another centre is not found', async () => {
        for (const act of ['accept', 'arrive', 'complete', 'cancel', 'phone']) {
            const r = await call(server, 'POST', `/assists/${theirs.id}/${act}`, {}, { token: day.tokens.guide01 });
            assert.equal(r.status, 404, `${act}: ${r.status} ${r.text}`);
        }
        assert.equal((await call(server, 'POST', `/loans/${day.loan.id}/return`, {}, { token: boss })).status, 404, 'their manager and our wheelchair');
        const list = await must(server, 'GET', '/assists', undefined, { token: day.tokens.guide01 });
        assert.ok(list.items.length >= 2 && !JSON.stringify(list).includes('邻区'), 'their request is in our list');
    });

    test('the token of another centre is not found by our staff, nor ours by theirs', async () => {
        const here = await call(server, 'GET', `/assists/${theirs.token}`, undefined, { token: day.tokens.guide01 });
        assert.equal(here.status, 404, here.text);
        for (const path of [`/tickets/${day.tickets.waiting.token}`, `/visits/${day.tickets.done.token}`, `/assists/${day.assist.token}`]) {
            const r = await call(second, 'GET', path, undefined, { token: boss });
            assert.equal(r.status, 404, `${path}: ${r.status}`);
        }
        const token = `${theirs.token.split('-')[0]}-${day.tickets.waiting.token.split('-').slice(1).join('-')}`;
        assert.equal((await call(server, 'GET', `/tickets/${token}`)).status, 404, 'our secret under their centre');
    });

    test("another visitor's token shows only what belongs to it", async () => {
        const { waiting, done } = day.tickets, { taken } = day.cases;
        assert.equal((await call(server, 'GET', `/assists/${waiting.token}`)).status, 404, 'a ticket is no help request');
        assert.equal((await call(server, 'GET', `/tickets/${day.assist.token}`)).status, 404);
        for (const query of ['', `?token=${waiting.token}`, `?token=${taken.token.slice(0, -1)}x`, `?token=${day.cases.finished.token}`]) {
            const r = await call(server, 'GET', `/cases/${taken.number}${query}`);
            assert.ok([401, 403, 404].includes(r.status), `a case without its token${query}: ${r.status} ${r.text.slice(0, 200)}`);
        }
        assert.equal((await call(server, 'GET', `/cases/${taken.number}?token=${taken.token}`)).status, 200);
        const story = await call(server, 'GET', `/visits/${done.token}`);
        assert.ok(!/13800000001|11010519491231002X|李小明/.test(story.text), 'a story tells personal data to whoever has the link');
        const r = await call(server, 'POST', `/tickets/${waiting.token.slice(0, -1)}${waiting.token.endsWith('A') ? 'B' : 'A'}/cancel`, {});
        assert.equal(r.status, 404);
    });
});
