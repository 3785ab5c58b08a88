// Several things with one number, a number called out of turn, and quotas, over HTTP (issue 4, point 1).
// The server holds a fresh demonstration hall; its address is in OW_URL (or ONEWINDOW_URL).

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ok, refused, token_of } from '../support/ask.mjs';

const REISSUE = '412011013000'; // 补领结婚证, zone personal
let guide, clerk, manager;
before(async () => { [guide, clerk, manager] = await Promise.all(['guide01', 'clerk01', 'manager01'].map(token_of)); });

const take = (wish, token = guide) => ok('POST', '/tickets', { channel: token ? 'guide' : 'web', ...wish }, token, 201).then((r) => r.ticket);
const follow = (t) => ok('GET', `/tickets/${t.token}`).then((r) => r.ticket);

async function desk_for(zone) {
    const { items } = await ok('GET', '/desks');
    const desk = items.find((d) => d.zone === zone && d.kind === 'comprehensive' && d.state === 'closed');
    assert.ok(desk, `a closed desk in ${zone}`);
    await ok('POST', '/desk/open', { desk: desk.code }, clerk);
    return desk.code;
}

test('a second thing goes on with the same number, and the window is told', async () => {
    await desk_for('personal');
    const { items } = await ok('GET', '/items?zone=personal&q=社保卡');
    const second = items.find((i) => i.one_window && i.code !== REISSUE);
    const t = await take({ item: REISSUE });
    await refused(409, 'step_there', 'POST', `/tickets/${t.token}/steps`, { item: REISSUE });
    const more = await ok('POST', `/tickets/${t.token}/steps`, { item: second.code }, guide);
    assert.deepEqual(more.ticket.steps.map((s) => s.item), [second.code]);
    const called = await ok('POST', '/desk/call', {}, clerk);
    assert.equal(called.ticket.number, t.number);
    await ok('POST', '/desk/start', {}, clerk);
    const gone_on = await ok('POST', '/desk/finish', {}, clerk);
    assert.equal(gone_on.ticket.state, 'waiting');
    const now = await follow(t);
    assert.deepEqual([now.number, now.item, now.steps], [t.number, second.code, []]);
    assert.equal((await ok('POST', '/desk/call', {}, clerk)).ticket.number, t.number);
    await ok('POST', '/desk/start', {}, clerk);
    assert.equal((await ok('POST', '/desk/finish', {}, clerk)).ticket.state, 'finished');
});

test('a number out of turn needs a reason, and the story tells it without the reason to everybody', async () => {
    const first = await take({ item: REISSUE }), second = await take({ item: REISSUE });
    await refused(422, 'chosen_why', 'POST', '/desk/call-chosen', { number: second.number, reason: ' ' }, clerk);
    await refused(404, 'no_such_number', 'POST', '/desk/call-chosen', { number: 'A998', reason: '急' }, clerk);
    const called = await ok('POST', '/desk/call-chosen', { number: second.number, reason: '胸口疼，要早点回去吃药' }, clerk);
    assert.equal(called.ticket.number, second.number);
    assert.match(called.reason, /说明原因/);
    const story = await ok('GET', `/visits/${second.token}`, undefined, guide);
    assert.ok(!JSON.stringify(story).includes('胸口疼'), 'what is private is on no page of the hall');
    assert.equal((await follow(first)).state, 'waiting');
    await ok('POST', '/desk/start', {}, clerk);
    await ok('POST', '/desk/finish', {}, clerk);
    assert.equal((await ok('POST', '/desk/call', {}, clerk)).ticket.number, first.number);
    await ok('POST', '/desk/start', {}, clerk);
    await ok('POST', '/desk/finish', {}, clerk);
    await ok('POST', '/desk/close', {}, clerk);
});

test('a zone whose numbers are gone says so to phone and kiosk; the guide desk goes on', async () => {
    const page = await ok('GET', '/manage/quotas', undefined, manager);
    const given = page.items.find((z) => z.zone === 'estate').given;
    await refused(403, 'not_allowed', 'POST', '/manage/quotas/estate', { day_most: 1 }, clerk);
    await refused(422, 'quota_half', 'POST', '/manage/quotas/estate', { day_most: 1, interval_minutes: 30 }, manager);
    await ok('POST', '/manage/quotas/estate', { day_most: given + 1 }, manager);
    await take({ zone: 'estate' }, null);
    const gone = await refused(409, 'quota_day', 'POST', '/tickets', { zone: 'estate', channel: 'web' });
    assert.match(gone.hint, /预约/);
    await take({ zone: 'estate' });
    await ok('POST', '/manage/quotas/estate', { day_most: 0 }, manager);
    await take({ zone: 'estate' }, null);
});
