// A case that is not decided on the spot, over HTTP: taken in with papers missing, corrected once, accepted, reviewed, its clock stopped for
// an expert review and going on, decided by a second person, delivered, closed (issue 5, DOMAIN.md 3.2). What the law forbids on the
// way is refused, and the applicant's own page says at each step what is asked of him. The steps build on each other and run in order.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BASE, ask, ok, refused, token_of } from '../support/ask.mjs';

const ITEM = '410199009006'; // 烟草专卖零售许可证延续, promised in five working days; two persons by its rule (data/wolong/case_rules.csv)

const page = async (path, cookie) => {
    const r = await fetch(BASE + path, { headers: { Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}) } });
    assert.equal(r.status, 200, path);
    return r.text();
};

let clerk, first, second, made;
const move = (act, body, token, status = 200) => ok('POST', `/cases/${made.number}/${act}`, body ?? {}, token, status).then((j) => j.case);
const forbid = (status, code, act, body, token) => refused(status, code, 'POST', `/cases/${made.number}/${act}`, body ?? {}, token);
const mine = async () => (await ok('GET', `/cases/${made.number}?token=${made.token}`)).case;
const on = (instant) => instant.slice(0, 10);
// What the calendar says of the term; null where a year is not announced yet, and then the case has no date either.
async function expected(k, stops) {
    const q = `from=${on(k.accepted_at)}&days=5&unit=working${stops.map((s) => `&stops=${s}`).join('')}`;
    const r = await ask('GET', `/calendar/due?${q}`);
    return r.status === 200 ? r.json.due_on : null;
}

before(async () => { [clerk, first, second] = await Promise.all(['clerk01', 'review01', 'review02'].map(token_of)); });

test('taken in with nothing, it is not accepted, and all that is missing is told once', async () => {
    made = (await ok('POST', '/cases', { item: ITEM, applicant: { name: '赵敏', id_type: 111, id_no: '11010519491231002X', phone: '13800138000' } }, clerk, 201)).case;
    assert.equal(made.state, 'received');
    assert.equal(made.is_immediate, false);
    const missing = made.papers.filter((p) => p.necessity === 'required');
    assert.ok(missing.length > 0, 'the item asks for papers');
    await forbid(409, 'papers_missing', 'accept', {}, clerk);
    await forbid(400, 'opinion_needed', 'correct', {}, clerk);
    const told = await move('correct', { opinion: '请补齐下列材料' }, clerk);
    assert.equal(told.state, 'correction');
    for (const p of missing) assert.ok(told.correction.includes(p.name), `${p.name} is told`);
    const seen = await mine();
    assert.equal(seen.state, 'correction');
    assert.ok(seen.asked.includes(missing[0].name), 'the applicant reads what to bring');
    assert.ok((await page(`/cases/${made.number}?token=${made.token}`)).includes(missing[0].name));
    await forbid(409, 'papers_missing', 'accept', {}, clerk);
    await forbid(400, 'not_in_list', 'supply', { materials: ['户口簿的复印件的复印件'] }, clerk);
    assert.equal((await move('supply', { materials: missing.map((p) => String(p.position)) }, clerk)).state, 'received');
    await forbid(409, 'corrected_once', 'correct', { opinion: '还要一份' }, clerk);
});

test('accepted, the clock begins and the sum is said', async () => {
    const k = await move('accept', {}, clerk);
    assert.equal(k.state, 'accepted');
    assert.equal(k.due_on, await expected(k, []));
    if (k.due_on) assert.match(k.clock, new RegExp(`^${on(k.accepted_at)} 受理，5 个工作日，应于 ${k.due_on} 办结`));
    await forbid(409, 'not_immediate', 'decide', { result: 'grant' }, clerk);
    await forbid(409, 'case_move', 'correct', { opinion: '再补' }, clerk);
});

test('the back office sees it, one takes it, the other may not work on it', async () => {
    const list = await ok('GET', '/review?step=review', undefined, first);
    assert.ok(list.items.some((i) => i.number === made.number));
    await refused(403, 'not_allowed', 'GET', '/review', undefined, clerk);
    await forbid(403, 'not_allowed', 'review', { opinion: '看过' }, clerk);
    await move('claim', {}, first);
    await forbid(409, 'case_claimed', 'review', { opinion: '看过' }, second);
    const html = await page(`/review/${made.number}`, `session=${first}`);
    assert.ok(html.includes('审查通过') && html.includes('受理，5 个工作日'));
});

test('reviewed; an expert review stops the clock, with basis and approver', async () => {
    assert.equal((await move('review', { action: 'pass', opinion: '材料属实' }, first)).state, 'review');
    await forbid(422, 'field_missing', 'suspend', { kind: 'expert_review', days: 3, approver: '王局长' }, first);
    const k = await move('suspend', { kind: 'expert_review', days: 3, unit: 'working', basis: '行政许可法第四十五条', approver: '王局长' }, first);
    assert.equal(k.state, 'suspended');
    assert.equal(k.stops.length, 1);
    assert.ok((await page(`/cases/${made.number}?token=${made.token}`)).includes('专家评审'));
    await forbid(409, 'case_move', 'decide', { result: 'grant' }, second);
    await forbid(409, 'case_move', 'suspend', { kind: 'hearing', days: 3, basis: 'x', approver: 'y' }, first);
    const again = await move('resume', { outcome: '专家同意' }, first);
    assert.equal(again.state, 'review');
    assert.equal(again.due_on, await expected(again, [`${on(again.stops[0].begun_at)}/${on(again.stops[0].ended_at)}`]));
});

test('extended once, told why', async () => {
    await forbid(422, 'extended_too_long', 'extend', { days: 11, reason: '还要核实', approver: '王局长' }, first);
    const k = await move('extend', { days: 2, reason: '还要核实原始档案', approver: '王局长' }, first);
    assert.equal(k.extension_days, 2);
    await forbid(409, 'extended_once', 'extend', { days: 1, reason: '再延', approver: '王局长' }, first);
    assert.equal((await mine()).extension_reason, '还要核实原始档案');
});

test('who reviewed does not decide; the other does; delivered and closed', async () => {
    await forbid(409, 'two_persons', 'decide', { result: 'grant' }, first);
    await forbid(400, 'opinion_needed', 'decide', { result: 'refuse' }, second);
    const k = await move('decide', { result: 'grant', opinion: '符合条件' }, second);
    assert.equal(k.state, 'granted');
    assert.equal(k.result, 'grant');
    await forbid(409, 'case_move', 'decide', { result: 'refuse', opinion: '反悔' }, second);
    await forbid(409, 'case_move', 'withdraw', { opinion: '不办了' }, clerk);
    assert.equal((await move('deliver', {}, clerk)).state, 'delivered');
    assert.equal((await move('close', {}, clerk)).state, 'closed');
    const seen = await mine();
    assert.ok(seen.steps.every((s) => s.is_done), 'the whole way is behind the applicant');
});

test('a grant is revoked by the back office, with reasons', async () => {
    await forbid(400, 'opinion_needed', 'revoke', {}, second);
    await forbid(403, 'not_allowed', 'revoke', { opinion: '材料不实' }, clerk);
    assert.equal((await move('revoke', { opinion: '材料不实' }, second)).state, 'revoked');
});

test('outside authority the competent organ is named, and the applicant reads it', async () => {
    made = (await ok('POST', '/cases', { item: ITEM, applicant: { name: '钱进', id_type: 111 } }, clerk, 201)).case;
    await forbid(400, 'organ_needed', 'refuse', { ground: 'outside_authority', opinion: '项目在宛城区' }, clerk);
    assert.equal((await move('refuse', { ground: 'outside_authority', organ: '宛城区发展和改革委员会', opinion: '项目在宛城区' }, clerk)).state, 'not_accepted');
    assert.ok((await mine()).asked.includes('宛城区发展和改革委员会'));
    assert.equal((await move('close', {}, clerk)).state, 'closed');
});
