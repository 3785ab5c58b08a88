// Duty, whole, over HTTP: a rota by rules with the reason for each name, fair to one; checked in at the place; changed with the
// other's consent and refused with the rule named; leave; A and B posts; what could not be done, to the officer and answered.
// The server holds a fresh demonstration hall whose clock is the real one.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, ok, refused, token_of } from '../support/ask.mjs';

const who = {};
const CODES = { officer: '3107', floor1: '1102', floor2: '2203', stairs: '1204' };
const day = (n) => new Date(Date.now() + 8 * 3600e3 + n * 864e5).toISOString().slice(0, 10);
const LAST = [day(26), `${day(1).slice(0, 4)}-12-31`].sort()[0]; // the calendar may end with the year
const id_of = {};
before(async () => {
    for (const name of ['manager01', 'duty01', 'clerk05', 'clerk06', 'helper01', 'helper02', 'helper03', 'helper04', 'helper05', 'helper06']) who[name] = await token_of(name);
});
const rota = async () => (await ok('GET', '/manage/duty', undefined, who.manager01));
const login_of = { 周建国: 'helper01', 吴雨晴: 'helper02', 徐秀英: 'helper03', 孙明亮: 'helper04', 马志强: 'helper05', 朱思远: 'helper06' };

test('nonsense gets a sentence', async () => {
    await refused(422, 'duty_range', 'POST', '/manage/duty/plan', { from: '2020-01-01', to: '2020-02-01' }, who.manager01);
    await refused(422, 'duty_leave_days', 'POST', '/duty/leaves', { from: day(5), to: day(2), why: '颠倒' }, who.helper01);
    assert.equal((await ask('POST', '/manage/duty/plan', { from: day(1), to: day(2) }, who.helper01)).status, 403);
    assert.equal((await ask('POST', '/cannot', { kind: 'doubt' })).status, 422);
    assert.equal((await ask('GET', '/cannot/1-abc')).status, 404);
});

test('the rota covers both floors and the stairs, gives a reason for each name, and counts differ by at most one', async () => {
    await ok('POST', '/manage/duty/plan', { from: day(1), to: LAST, anew: true }, who.manager01, [200, 201]);
    const v = await rota();
    const planned = v.rota.filter((s) => s.on > day(0));
    assert.ok(planned.length >= 8, `${planned.length} duties: too near to the end of the calendar?`);
    const days = Map.groupBy ? Map.groupBy(planned, (s) => s.on) : planned.reduce((m, s) => m.set(s.on, [...(m.get(s.on) || []), s]), new Map());
    for (const [on, slots] of days) {
        assert.deepEqual(slots.map((s) => s.post).sort(), ['floor1', 'floor2', 'officer', 'stairs'], on);
        assert.equal(new Set(slots.map((s) => s.staff_id)).size, slots.length, 'nobody twice a day');
    }
    assert.ok(planned.every((s) => s.reason.length > 3), 'a reason for each');
    const counts = {};
    for (const s of planned.filter((p) => p.post !== 'officer')) counts[s.staff] = (counts[s.staff] || 0) + 1;
    assert.equal(Object.keys(counts).length, 6);
    assert.ok(Math.max(...Object.values(counts)) - Math.min(...Object.values(counts)) <= 1, JSON.stringify(counts));
    assert.equal(v.gaps, 0);
    for (const p of v.people) id_of[p.name] = p.staff_id;
});

test('a change with consent; without it nothing moves; a broken rule is named', async () => {
    const { rota: slots } = await rota(), later = slots.filter((s) => s.on > day(0));
    const on = later.find((s) => s.post === 'floor1').on, mine = later.find((s) => s.on === on && s.post === 'floor1');
    const that_day = new Set(later.filter((s) => s.on === on).map((s) => s.staff));
    const theirs = later.find((s) => s.on > on && s.post === 'floor2' && !that_day.has(s.staff) && !later.some((o) => o.on === s.on && o.staff === mine.staff));
    const [a, b] = [who[login_of[mine.staff]], who[login_of[theirs.staff]]];
    const officer = later.find((s) => s.post === 'officer' && s.on !== on);
    await refused(409, 'duty_rule_tier', 'POST', '/duty/swaps', { slot: mine.id, with_slot: officer.id }, a);
    const same_day = later.find((s) => s.on === on && s.post === 'floor2');
    await refused(409, 'duty_rule_twice', 'POST', '/duty/swaps', { slot: mine.id, with: same_day.staff_id }, a);
    await refused(409, 'duty_not_yours', 'POST', '/duty/swaps', { slot: theirs.id, with: same_day.staff_id }, a);
    const asked = await ok('POST', '/duty/swaps', { slot: mine.id, with_slot: theirs.id, note: '家里有事' }, a, 201);
    assert.equal(asked.state, 'asked');
    await refused(409, 'duty_swap_open', 'POST', '/duty/swaps', { slot: mine.id, with_slot: theirs.id }, a);
    await refused(409, 'duty_not_yours', 'POST', `/duty/swaps/${asked.id}/accept`, {}, a);
    assert.equal((await rota()).rota.find((s) => s.id === mine.id).staff, mine.staff, 'asking changes nothing');
    assert.ok((await ok('GET', '/duty', undefined, b)).swaps.some((w) => w.id === asked.id && w.of_me));
    await ok('POST', `/duty/swaps/${asked.id}/accept`, {}, b, [200, 201]);
    const after = (await rota()).rota;
    assert.deepEqual([after.find((s) => s.id === mine.id).staff, after.find((s) => s.id === theirs.id).staff], [theirs.staff, mine.staff]);
    for (const token of [a, b]) assert.equal((await ok('GET', '/duty', undefined, token)).swaps.find((w) => w.id === asked.id).state, 'accepted', 'both are told');
    await refused(409, 'duty_swap_done', 'POST', `/duty/swaps/${asked.id}/decline`, {}, b);
});

test('leave that is granted moves the duty to another', async () => {
    const { rota: slots } = await rota(), one = slots.filter((s) => s.on > day(1) && s.post === 'stairs').at(-1), token = who[login_of[one.staff]];
    const leave = await ok('POST', '/duty/leaves', { from: one.on, to: one.on, why: '看病' }, token, 201);
    assert.equal((await rota()).rota.find((s) => s.id === one.id).staff, one.staff, 'not before it is granted');
    await ok('POST', `/manage/duty/leaves/${leave.id}/grant`, {}, who.manager01, [200, 201]);
    const now = (await rota()).rota.find((s) => s.id === one.id);
    assert.notEqual(now.staff, one.staff);
    assert.ok(now.staff.length > 0);
    await refused(409, 'duty_leave_answered', 'POST', `/manage/duty/leaves/${leave.id}/refuse`, {}, who.manager01);
    await refused(409, 'duty_rule_leave', 'POST', '/manage/duty/put', { on: one.on, post: 'stairs', staff: one.staff_id }, who.manager01);
});

test('at the place: the card is read, the record is written, the door says who is on duty', async () => {
    let today = (await rota()).rota.filter((s) => s.on === day(0));
    if (!today.some((s) => s.post === 'officer')) await ok('POST', '/manage/duty/put', { on: day(0), post: 'officer', staff: id_of['胡丽华'] }, who.manager01, [200, 201]);
    if (!today.some((s) => s.post === 'stairs')) await ok('POST', '/manage/duty/put', { on: day(0), post: 'stairs', staff: id_of['周建国'] }, who.manager01, [200, 201]);
    today = (await rota()).rota.filter((s) => s.on === day(0));
    const mine = today.find((s) => login_of[s.staff]), token = who[login_of[mine.staff]];
    await refused(422, 'duty_place_code', 'POST', `/duty/slots/${mine.id}/check-in`, { code: '0000' }, token);
    await refused(409, 'duty_check_first', 'POST', `/duty/slots/${mine.id}/record`, { text: '平稳' }, token);
    const in_place = await ok('POST', `/duty/slots/${mine.id}/check-in`, { code: CODES[mine.post] }, token, [200, 201]);
    assert.ok(['present', 'late'].includes(in_place.state));
    await refused(409, 'duty_checked', 'POST', `/duty/slots/${mine.id}/check-in`, { code: CODES[mine.post] }, token);
    await ok('POST', `/duty/slots/${mine.id}/record`, { text: '上午人多，扶了三位老人上楼。' }, token, [200, 201]);
    const now = await ok('GET', '/duty/now');
    assert.ok(now.officer.length > 0 && now.words.includes(now.officer));
    const home = await ask('GET', '/', undefined, undefined, { Accept: 'text/html' });
    assert.match(home.text, new RegExp(now.officer));
});

test('the first is away: the window says who stands in', async () => {
    await ok('POST', '/desk/open', { desk: '07' }, who.clerk06, [200, 201]);
    assert.equal((await ok('GET', '/desk', undefined, who.clerk06)).stand_in, '');
    await ok('POST', '/duty/away', { why: '现场勘察' }, who.clerk05, [200, 201]);
    assert.match((await ok('GET', '/desk', undefined, who.clerk06)).stand_in, /赵丽华.*现场勘察.*黄春梅/);
    await ok('POST', '/duty/back', {}, who.clerk05, [200, 201]);
    assert.equal((await ok('GET', '/desk', undefined, who.clerk06)).stand_in, '');
    await refused(409, 'duty_pair_none', 'POST', '/duty/away', { why: '开会' }, who.helper02);
});

test('what could not be done goes to the officer, has a clock and an answer', async () => {
    const told = await ok('POST', '/cannot', { kind: 'many_tries', what: '跑了三趟，都说材料不对', name: '李建国', phone: '13800138000' }, undefined, 201);
    assert.equal(told.state, 'open');
    assert.ok(told.due_at > told.opened_at);
    assert.match(told.words, /以前答复/);
    assert.doesNotMatch(JSON.stringify(told), /李建国|13800138000/);
    const by_clerk = await ok('POST', '/cannot', { kind: 'not_accepted', what: '系统不收这份材料' }, who.clerk06, 201);
    assert.deepEqual([by_clerk.by_staff, by_clerk.desk], ['黄春梅', '07']);
    const { officer } = await ok('GET', '/duty/now');
    const other = Object.entries(login_of).find(([name]) => name !== officer)[1];
    await refused(403, 'duty_not_officer', 'POST', `/duty/reports/${told.id}/answer`, { outcome: 'solved', answer: '不是我' }, who[other]);
    assert.equal((await ok('POST', `/duty/reports/${told.id}/phone`, {}, who.duty01, [200, 201])).phone, '13800138000');
    await ok('POST', `/duty/reports/${told.id}/answer`, { outcome: 'solved', answer: '材料齐，已请 07 号窗口当场办好。' }, who.duty01, [200, 201]);
    const seen = await ok('GET', `/cannot/${told.token}`);
    assert.deepEqual([seen.state, seen.outcome], ['answered', 'solved']);
    await refused(409, 'duty_answered', 'POST', `/duty/reports/${told.id}/answer`, { outcome: 'cannot', answer: '再答一次' }, who.duty01);
    await ok('POST', '/desk/close', {}, who.clerk06); // who comes after finds the hall as it was
});
