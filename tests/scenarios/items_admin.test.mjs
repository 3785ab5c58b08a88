// An item is changed by three people over HTTP: one writes, one checks, one publishes (issue 3, point 10). What a draft
// says is never seen by visitors before it takes effect; two writers do not overwrite each other; hostile words are
// shown as words. The server holds a fresh demonstration hall; its address is in OW_URL (or ONEWINDOW_URL).

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BASE, ask, ok as answered, refused, token_of } from '../support/ask.mjs';

const HOSTILE = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;
const ELEMENT = 'accept_condition';

const ok = (method, path, body, token) => answered(method, path, body, token, [200, 201]);
const page_of = async (path, token) => {
    const r = await fetch(BASE + path, { headers: { Accept: 'text/html', Cookie: `session=${token}` } });
    assert.equal(r.status, 200, path);
    return r.text();
};
const guide = async (code) => (await fetch(`${BASE}/items/${code}`, { headers: { Accept: 'text/html' } })).text();
async function until_guide(code, words) { // guides follow the directory within two seconds
    for (let n = 0; n < 60; n++) {
        if ((await guide(code)).includes(words)) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}

let editor, checker, publisher, item, other;
const at = (i, what = '') => `/admin/items/${i.id}/versions/${i.draft}${what}`;
const save = (i, revision, pairs, token, extra = {}) => ask('POST', at(i), { revision, part: 'elements', group: 1, act: 'save', k: Object.keys(pairs), v: Object.values(pairs), why: '补充', ...extra }, token);

before(async () => {
    [editor, checker, publisher] = await Promise.all(['editor01', 'checker01', 'publisher01'].map(token_of));
    const { items } = await ok('GET', '/admin/items?state=published', undefined, editor);
    [item, other] = items.filter((i) => i.draft === 0).slice(-2);
});

test('who has no part in the directory sees nothing of it', async () => {
    await refused(403, 'not_allowed', 'GET', '/admin/items', undefined, await token_of('clerk01'));
    await refused(401, 'login_needed', 'GET', '/admin/items');
});

test('a draft is opened once and saved by revision; the second writer is told', async () => {
    const made = await ok('POST', `/admin/items/${item.id}/open`, { why: '条件变了' }, editor);
    item.draft = made.version;
    assert.equal(made.revision, 1);
    await refused(409, 'item_draft_open', 'POST', `/admin/items/${item.id}/open`, {}, editor);
    const first = await save(item, 1, { [`${ELEMENT}.zh`]: '新的受理条件', [`${ELEMENT}.state`]: 'demonstration' }, editor);
    assert.equal(first.status, 200, first.text);
    assert.equal(first.json.revision, 2);
    const late = await save(item, 1, { [`${ELEMENT}.zh`]: '晚到的受理条件' }, editor);
    assert.equal(late.status, 409);
    assert.equal(late.json.error.code, 'item_changed');
    const now = await ok('GET', at(item, '?part=elements&group=1'), undefined, editor);
    assert.equal(now.revision, 2);
    assert.equal(now.document.elements.find((e) => e.field === ELEMENT).zh, '新的受理条件');
});

test('a save with a fault changes nothing and names the place', async () => {
    const r = await save(item, 2, { 'promise_day.zh': '五天' }, editor);
    assert.equal(r.status, 422);
    assert.match(r.json.error.message, /promise_day/);
    assert.equal((await ok('GET', at(item), undefined, editor)).revision, 2);
    const pairs = await ask('POST', at(item), { revision: 2, part: 'elements', act: 'save', k: ['a.zh', 'b.zh'], v: ['1'] }, editor);
    assert.equal(pairs.json.error.code, 'dir_pairs');
    const place = await ask('POST', at(item), { revision: 2, part: 'papers', at: 150, act: 'remove' }, editor);
    assert.equal(place.json.error.code, 'dir_place');
});

test('three hundred papers are refused kindly', async () => {
    const { document, revision } = await ok('GET', at(item), undefined, editor);
    document.papers = Array.from({ length: 300 }, (_, i) => ({ position: i + 1, name: `材料${i}`, kind: 'copy', copies: 1, necessity: 'required', provider: 'applicant', state: 'demonstration' }));
    const error = await refused(422, 'item_faults', 'POST', at(item, '/document'), { revision, document }, editor);
    assert.match(error.message, /最多 200/);
    assert.ok(error.hint);
});

test('who wrote it neither checks nor publishes it, and the page says so in words', async () => {
    await refused(403, 'item_own_draft', 'POST', at(item, '/check'), { revision: 2 }, editor);
    assert.match(await page_of(at(item), editor), /要由另一位同事核对/);
    await refused(409, 'item_move', 'POST', at(item, '/publish'), { revision: 2, why: '急' }, publisher);
});

test('checked, waiting, published for tomorrow: visitors still read the old words', async () => {
    await ok('POST', at(item, '/check'), { revision: 2 }, checker);
    const { waiting } = await ok('GET', '/admin/items/publish', undefined, editor);
    const mine = waiting.find((w) => w.id === item.id);
    assert.equal(mine.can_publish, false);
    assert.match(mine.why_not, /另一位/);
    assert.ok(!(await guide(item.code)).includes('新的受理条件'), 'a checked draft is not seen');
    await refused(400, 'item_why', 'POST', at(item, '/publish'), { revision: 2 }, publisher);
    await refused(422, 'item_dates', 'POST', at(item, '/publish'), { revision: 2, effective_on: '2020-01-01', why: '早了' }, publisher);
    const tomorrow = new Date(Date.now() + 32 * 3600e3).toISOString().slice(0, 10);
    await ok('POST', at(item, '/publish'), { revision: 2, effective_on: tomorrow, why: '条件变了' }, publisher);
    await new Promise((done) => setTimeout(done, 2500));
    assert.ok(!(await guide(item.code)).includes('新的受理条件'), 'not before its day');
    const line = (await ok('GET', `/admin/items?q=${item.code}`, undefined, editor)).items[0];
    assert.equal(line.due_on, tomorrow);
    await ok('POST', at(item, '/withdraw'), { revision: 2, why: '改为今天起用' }, publisher);
});

test('hostile words are words everywhere, and what is published today is read today', async () => {
    const made = await ok('POST', `/admin/items/${other.id}/open`, { why: HOSTILE }, editor);
    other.draft = made.version;
    const r = await save(other, 1, { [`${ELEMENT}.zh`]: HOSTILE, [`${ELEMENT}.en`]: HOSTILE, [`${ELEMENT}.state`]: 'demonstration', [`${ELEMENT}.source`]: HOSTILE }, editor, { why: HOSTILE });
    assert.equal(r.status, 200, r.text);
    const row = await ask('POST', at(other), { revision: 2, part: 'questions', at: 400, act: 'save' }, editor);
    assert.equal(row.json.error.code, 'dir_place', 'a place that is not there');
    const n = (await ok('GET', at(other, '?part=questions'), undefined, editor)).rows.length;
    const asked = await ask('POST', at(other), { revision: 2, part: 'questions', at: n, act: 'save', k: ['question', 'answer', 'state'], v: [HOSTILE, HOSTILE, 'demonstration'] }, editor);
    assert.equal(asked.status, 200, asked.text);
    const { revision } = asked.json;
    for (const path of [at(other, '?part=elements&group=1'), at(other, '?part=questions'), at(other, `?part=questions&at=${n}`), at(other, '/preview'), `/admin/items/${other.id}`, `/admin/items/${other.id}/compare`, '/admin/items']) {
        const text = await page_of(path, editor);
        assert.ok(!text.includes('<script>alert') && !text.includes('<img src=x'), `${path} lets markup through`);
    }
    await ok('POST', at(other, '/check'), { revision }, checker);
    assert.ok((await page_of('/admin/items/publish', publisher)).includes(other.name));
    const pick = `${other.id}:${other.draft}:${revision}`;
    await refused(422, 'dir_nothing', 'POST', '/admin/items/publish', { why: '今天起用' }, publisher);
    const done = await ok('POST', '/admin/items/publish', { picks: [pick], why: '今天起用' }, publisher);
    assert.equal(done.published, 1);
    assert.ok(await until_guide(other.code, '&lt;script&gt;alert'), 'visitors read it within seconds');
    assert.ok(!(await guide(other.code)).includes('<script>alert'));
});

test('a new item is a draft of its own and is in no directory before it is published', async () => {
    await refused(422, 'item_faults', 'POST', '/admin/items', { name: '试办事项', code: '123' }, editor);
    const made = await ok('POST', '/admin/items', { name: '试办事项甲乙丙' }, editor);
    const list = await ok('GET', '/admin/items', undefined, editor);
    assert.ok(list.fresh.some((l) => l.id === made.id && l.step === 'edit'));
    const found = await ok('GET', `/items?q=${encodeURIComponent('试办事项甲乙丙')}`);
    assert.ok(!found.items.some((i) => i.name === '试办事项甲乙丙'));
    await refused(400, 'item_why', 'POST', `/admin/items/${made.id}/versions/1/discard`, { revision: 1 }, editor);
    await ok('POST', `/admin/items/${made.id}/versions/1/discard`, { revision: 1, why: '不办了' }, editor);
});

// --- many at once, and tables ---

const csv_upload = async (kind, text, token) => {
    const f = new FormData();
    f.set('kind', kind);
    f.set('file', new Blob([text]), '表格.csv');
    const r = await fetch(`${BASE}/admin/items/upload`, { method: 'POST', redirect: 'manual', headers: { Accept: 'application/json', Authorization: `Bearer ${token}` }, body: f });
    return { status: r.status, json: await r.json() };
};

test('one field of many items: looked at, made into drafts, taken back; others are not overwritten', async () => {
    const { items } = await ok('GET', '/admin/items?state=published', undefined, editor);
    const [a, b, theirs] = items.filter((i) => i.draft === 0 && i.id !== item.id && i.id !== other.id);
    await ok('POST', `/admin/items/${theirs.id}/open`, {}, checker);
    const picks = [a, b, theirs].map((i) => i.id);
    const k = ['consult_phone.zh', 'consult_phone.en', 'consult_phone.state', 'consult_phone.source'], v = ['0377-60000000', '', 'demonstration', ''];
    await refused(403, 'not_allowed', 'POST', '/admin/items/bulk', { picks, field: 'consult_phone', k, v }, await token_of('clerk01'));
    await refused(422, 'dir_bulk_field', 'POST', '/admin/items/bulk', { picks, field: 'task_code', k: ['task_code.zh'], v: ['x'] }, editor);
    const plan = await ok('POST', '/admin/items/bulk', { picks, field: 'consult_phone', k, v, why: '换了号码' }, editor);
    assert.equal(plan.items, 3);
    const seen = await ok('GET', `/admin/items/batches/${plan.id}`, undefined, editor);
    assert.equal(seen.ready, 2);
    assert.ok(seen.items.every((i) => i.changes.some((x) => x.after === '0377-60000000')));
    assert.match(seen.items.find((i) => i.item_id === theirs.id).words, /不起草/);
    const done = await ok('POST', `/admin/items/batches/${plan.id}/apply`, {}, editor);
    assert.deepEqual([done.made, done.left_out], [2, 1]);
    await refused(409, 'dir_batch_state', 'POST', `/admin/items/batches/${plan.id}/apply`, {}, editor);
    assert.ok(!(await guide(a.code)).includes('0377-60000000'), 'nothing is published');
    const line = (await ok('GET', `/admin/items?q=${a.code}`, undefined, editor)).items[0];
    await refused(403, 'item_own_draft', 'POST', `/admin/items/${a.id}/versions/${line.draft}/check`, { revision: 2 }, editor);
    const back = await ok('POST', `/admin/items/batches/${plan.id}/undo`, {}, editor);
    assert.deepEqual([back.made, back.left_out], [2, 0]);
    assert.equal((await ok('GET', `/admin/items?q=${a.code}`, undefined, editor)).items[0].draft, 0);
    assert.ok((await ok('GET', `/admin/items?q=${theirs.code}`, undefined, editor)).items[0].draft > 0);
});

test('all that the filters show, up to two hundred items, goes through the pages of a bulk change', async () => {
    const all = await page_of('/admin/items/bulk?all=1&zone=business&q=' + encodeURIComponent('登记'), editor);
    const picks = /name="picks" value="([0-9,]+)"/.exec(all)[1];
    assert.equal(picks.split(',').length, 70); // counted in data/wolong/items.csv
    assert.match(await page_of(`/admin/items/bulk?picks=${picks}&field=is_express`, editor), /f-is_express-zh/);
    await refused(422, 'dir_many', 'GET', '/admin/items/bulk?all=1', undefined, editor);
});

test('a table is looked at before it becomes drafts; a bad one is told whole', async () => {
    const { items } = await ok('GET', '/admin/items?state=published', undefined, editor);
    const target = items.filter((i) => i.draft === 0 && i.id !== item.id && i.id !== other.id).at(-1);
    const head = 'item,question,question_en,answer,answer_en,state,source\n';
    const bad = await csv_upload('item_questions', `${head}${target.code},要预约吗？,,不用,,read,x\n999999999999,问,,答,,read,x\n${target.code},问,,,,seen,x\n`, editor);
    assert.equal(bad.status, 201);
    assert.equal(bad.json.state, 'faulty');
    const told = await ok('GET', `/admin/items/batches/${bad.json.id}`, undefined, editor);
    assert.deepEqual(told.faults.map((f) => f.line), [3, 4, 4]);
    assert.ok(told.faults.every((f) => f.place && f.reason));
    const good = await csv_upload('item_questions', `${head}${target.code},"${HOSTILE.replaceAll('"', '""')}",,不用,,read,x\n`, editor);
    assert.equal(good.json.items, 1);
    assert.ok(!(await page_of(`/admin/items/batches/${good.json.id}`, editor)).includes('<script>alert'));
    assert.equal((await ok('GET', `/admin/items?q=${target.code}`, undefined, editor)).items[0].draft, 0, 'only looked at');
    assert.equal((await ok('POST', `/admin/items/batches/${good.json.id}/apply`, {}, editor)).made, 1);
    const line = (await ok('GET', `/admin/items?q=${target.code}`, undefined, editor)).items[0];
    assert.ok(line.draft > 0);
    assert.equal(line.version, target.version, 'nothing is in force before it is published');
    const preview = await page_of(`/admin/items/${target.id}/versions/${line.draft}/preview`, editor);
    assert.match(preview, /稿，没有发布/);
    assert.match(preview, /class="guide"/);
    const same = await csv_upload('items', 'code\n', editor);
    assert.ok([201, 422].includes(same.status));
    await ok('POST', `/admin/items/batches/${good.json.id}/undo`, {}, editor);
});
