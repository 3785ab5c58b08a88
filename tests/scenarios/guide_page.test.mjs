// The guide page of an item with a tree of situations, over HTTP: 社会保障卡 (412014084001) asks for whom, and then whether the
// person comes. The papers of each way are those of data/wolong/item_situations.csv: 1 for who has an ID card, 2 for
// a child without one, 3 when somebody else comes; all others are asked of everybody.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const BASE = (process.env.OW_URL || process.env.ONEWINDOW_URL || 'http://127.0.0.1:8411').replace(/\/$/, '');
const ITEM = '412014084001';

async function ask(path, accept = 'application/json', headers = {}) {
    const r = await fetch(BASE + path, { headers: { Accept: accept, ...headers }, redirect: 'manual' });
    const text = await r.text();
    return { status: r.status, headers: r.headers, text, json: accept.includes('json') ? JSON.parse(text) : null };
}
async function guide(query) {
    const r = await ask(`/items/${ITEM}${query}`);
    assert.equal(r.status, 200, r.text.slice(0, 300));
    return r.json;
}
const positions = (v) => v.chosen_papers.map((p) => p.position);
const page = async (path, headers) => {
    const r = await ask(path, 'text/html', headers);
    assert.equal(r.status, 200, `${path}: ${r.text.slice(0, 300)}`);
    return r.text;
};

test('without answers all papers are shown, and the first question', async () => {
    const v = await guide('');
    assert.deepEqual(positions(v), v.papers.map((p) => p.position));
    assert.equal(v.is_chosen, false);
    assert.equal(v.next.code, 'age');
    assert.ok(v.chosen_papers.find((p) => p.position === 3).only_for.includes('别人代办'));
    assert.deepEqual(v.situations.map((s) => [s.code, s.parent]), [['age', ''], ['self', 'adult']]);
});

test('answers choose the papers, question by question', async () => {
    const all = (await guide('')).papers.map((p) => p.position), plain = all.filter((n) => n > 3);
    const half = await guide('?a=adult');
    assert.equal(half.next.code, 'self');
    assert.equal(half.is_chosen, false);
    const agent = await guide('?a=adult&a=agent');
    assert.deepEqual([agent.is_chosen, agent.next], [true, null]);
    assert.deepEqual(positions(agent), [1, 3, ...plain]);
    assert.deepEqual(positions(await guide('?a=adult&a=self')), [1, ...plain]);
    assert.deepEqual(positions(await guide('?a=child')), [2, ...plain]);
    assert.deepEqual(agent.papers.map((p) => p.position), all, 'the list of papers stays whole');
    assert.deepEqual(positions(await guide('?a=agent,adult')), [1, 3, ...plain], 'in any order and as one list');
});

test('the page asks without script and keeps the answers in its addresses', async () => {
    const first = await page(`/items/${ITEM}`);
    assert.match(first, /<form class="ask" method="get" action="\/items\/412014084001#bring">/);
    assert.match(first, /<button type="submit" name="a" value="adult">/);
    const second = await page(`/items/${ITEM}?a=adult`);
    assert.match(second, /<input type="hidden" name="a" value="adult">/);
    assert.match(second, /<button type="submit" name="a" value="agent">/);
    const last = await page(`/items/${ITEM}?a=adult&a=agent`);
    assert.doesNotMatch(last, /class="ask"/);
    assert.match(last, /href="\/items\/412014084001\?a=adult#bring"/, 'the second answer can be changed');
    assert.match(last, /src="\/items\/412014084001\/qr\.svg\?a=adult&amp;a=agent"/);
});

test('the QR code leads to the same page with the same answers', async () => {
    const r = await ask(`/items/${ITEM}/qr.svg?a=adult&a=agent`, 'image/svg+xml');
    assert.equal(r.headers.get('content-type'), 'image/svg+xml');
    assert.match(r.text, new RegExp(`<title>${BASE.replace(/[.]/g, '\\.')}/items/${ITEM}\\?a=adult&amp;a=agent</title>`));
});

const codes = (n) => Array.from({ length: n }, (_, i) => `x${i}`), many = (n) => `?a=${codes(n).join('&a=')}`;
for (const [name, query] of [['unknown', '?a=nobody'], ['contradictory', '?a=adult&a=child'], ['of a question that is not reached', '?a=child&a=self'],
    ['a hundred', many(100)], ['hundreds in one list', `?a=${codes(400).join(',')}`], ['hostile', `?a=${encodeURIComponent('"><script>')}`], ['one of them unknown', '?a=adult&a=nobody'], ['another item’s', '?a=both']])
    test(`answers that are ${name} give all papers and a kind sentence`, async () => {
        const v = await guide(query);
        assert.equal(v.answers_unclear, true);
        assert.deepEqual(positions(v), v.papers.map((p) => p.position));
        assert.deepEqual(v.answers, []);
        const html = await page(`/items/${ITEM}${query}`);
        assert.match(html, /请重新选一次您的情况/);
        assert.doesNotMatch(html, /<script>/);
    });

test('more answers than a request may hold are refused, not a failure', async () => {
    const r = await ask(`/items/${ITEM}${many(700)}`, 'text/html');
    assert.ok(r.status >= 400 && r.status < 500, String(r.status));
});

test('the page answers in the order in which people ask', async () => {
    const html = await page('/items/412011013000');
    const order = ['id="conditions"', 'id="bring"', 'id="place"', 'id="hours"', 'id="time"', 'id="fee"', 'id="online"', 'id="questions"', 'id="law"', 'id="history"'];
    const at = order.map((o) => html.indexOf(o));
    assert.ok(at.every((n, i) => n > 0 && (i === 0 || n > at[i - 1])), JSON.stringify(at));
    assert.match(html, /本指南第 \d+ 版，自 \d{4}-\d\d-\d\d 起/);
    assert.match(html, /<b class="number">27 号<\/b>/, 'its own windows, which are upstairs');
    assert.match(html, /爬不了楼梯的，取号时选“不能上楼”，在一楼办/);
});

test('the JSON face says where, with which windows first', async () => {
    const v = (await ask('/items/412011013000')).json;
    assert.deepEqual(v.places.map((f) => f.number), [1, 2]);
    assert.deepEqual(v.places[1].desks.map((d) => d.code), ['27', '28']);
    assert.ok(v.places[0].desks.every((d) => d.step_free) && v.places[1].desks.every((d) => !d.step_free));
    assert.ok(v.opening.length > 0 && v.hours_today.length > 0);
    assert.ok(v.bases.length === 2 && v.bases[0].law.includes('婚姻登记条例'));
});

test('English is complete where the guide is', async () => {
    const html = await page(`/items/${ITEM}?a=adult`, { Cookie: 'lang=en', 'Accept-Language': 'en' });
    // Laws have no official English name here; 豫事办 is the name of an app.
    const main = html.slice(html.indexOf('<article'), html.indexOf('</article>')).replace(/<section class="card" id="law">.*?<\/section>/s, '').replace('豫事办', '');
    assert.match(main, /What to bring/);
    assert.doesNotMatch(main, /[\u4e00-\u9fff]/);
});

test('who is logged in sees what to check at each paper', async () => {
    const login = await fetch(`${BASE}/login`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json' }, body: JSON.stringify({ name: 'clerk01', password: 'wolong-demo' }) });
    const { token } = await login.json();
    assert.match(await page(`/items/${ITEM}`, { Authorization: `Bearer ${token}` }), /看：/);
    assert.doesNotMatch(await page(`/items/${ITEM}`), /看：/);
});

test('a file that is not there is not found', async () => {
    assert.equal((await ask(`/items/${ITEM}/files/nothing`)).status, 404);
    assert.equal((await ask('/items/000000000000/qr.svg')).status, 404);
});
