// Things, whole, over HTTP: what there is and where, anybody reports a fault by the label's code, repaired and back; medicine is
// given while it is good and there; late loans; labels for A4. The server holds a fresh demonstration hall.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, ok, refused, token_of } from '../support/ask.mjs';

const who = {};
const stock = async () => (await ok('GET', '/things', undefined, who.guide01)).items;
const by = async (code) => (await stock()).find((t) => t.code === code);
before(async () => { for (const name of ['guide01', 'duty01', 'clerk01', 'manager01']) who[name] = await token_of(name); });

test('hopeless wishes get a sentence', async () => {
    assert.equal((await ask('GET', '/things/1-abc')).status, 404);
    const umbrella = await by('UM-01');
    assert.equal((await ask('POST', `/things/${umbrella.label}/fault`, {})).status, 422, 'what is broken has to be said');
    assert.equal((await ask('POST', `/things/${umbrella.id}/check`, { good: true }, who.clerk01)).status, 403);
    assert.ok([401, 403].includes((await ask('GET', '/things')).status), 'the stock is for the staff');
    await refused(409, 'thing_not_given', 'POST', `/things/${umbrella.id}/give`, { quantity: 1, why: '下雨' }, who.guide01);
});

test('the label is scanned, a fault reported without a name, repaired, and the thing lent again', async () => {
    const chair = await by('WH-06');
    assert.ok(chair.label.length > 15);
    const page = await ask('GET', `/things/${chair.label}`, undefined, undefined, { Accept: 'text/html' });
    assert.match(page.text, /轮椅6号/);
    const qr = await ask('GET', `/things/${chair.label}/qr.svg`, undefined, undefined, { Accept: 'image/svg+xml' });
    assert.match(qr.text, /<svg/);
    assert.ok(qr.text.includes(`/things/${chair.label}`), 'the code leads to the thing');
    const told = await ok('POST', `/things/${chair.label}/fault`, { what: '左边刹车不灵' }, undefined, [200, 201]);
    assert.deepEqual([told.state, told.faults.length], ['reported', 1]);
    const fault = told.faults[0].id;
    assert.equal((await ask('POST', `/things/faults/${fault}/settle`, { state: 'mended' })).status, 401);
    assert.equal((await ok('POST', `/things/faults/${fault}/settle`, { state: 'repairing' }, who.guide01, [200, 201])).state, 'repairing');
    assert.equal((await ask('POST', '/loans', { thing: 'WH-06', name: '王芳' }, who.guide01)).status, 404, 'what is in repair is not lent');
    assert.equal((await ok('POST', `/things/faults/${fault}/settle`, { state: 'mended', note: '换了刹车线' }, who.guide01, [200, 201])).state, 'good');
    await refused(409, 'thing_settled', 'POST', `/things/faults/${fault}/settle`, { state: 'mended' }, who.guide01);
    const lent = await ok('POST', '/loans', { thing: 'WH-06', name: '王芳', phone: '13800138000' }, who.guide01, 201);
    assert.equal((await ok('POST', `/loans/${lent.id}/phone`, {}, who.guide01, [200, 201])).phone, '13800138000');
    await ok('POST', `/loans/${lent.id}/return`, {}, who.guide01, [200, 201]);
});

test('a look at it by its list: in order, or a fault of its own', async () => {
    const aed = await by('AED-1');
    assert.deepEqual([aed.check_late, aed.points[0]], [true, '指示灯绿']);
    const good = await ok('POST', `/things/${aed.id}/check`, { good: true }, who.guide01, [200, 201]);
    assert.deepEqual([good.check_late, good.checked_by], [false, '王建国']);
    const bad = await ok('POST', `/things/${aed.id}/check`, { found: '电极片开封了' }, who.guide01, [200, 201]);
    assert.deepEqual([bad.state, bad.faults.at(-1).what], ['reported', '电极片开封了']);
});

test('medicine is given while it is good and there, never after its day', async () => {
    const plaster = await by('FA-01');
    assert.deepEqual([plaster.is_given, plaster.is_lendable, plaster.quantity], [true, false, 60]);
    assert.equal((await ok('POST', `/things/${plaster.id}/give`, { quantity: 2, who: '李建国', why: '手擦破了' }, who.guide01, [200, 201])).quantity, 58);
    const few = await by('FA-03');
    await refused(409, 'thing_too_few', 'POST', `/things/${few.id}/give`, { quantity: 50, why: '拉肚子' }, who.guide01);
    const old = await by('FA-04');
    assert.equal(old.is_expired, true);
    await refused(409, 'thing_expired', 'POST', `/things/${old.id}/give`, { quantity: 1, why: '头晕' }, who.guide01);
    assert.equal((await ask('POST', '/loans', { kind: 'medicine', name: '李建国' }, who.guide01)).status, 409, 'medicine is not lent');
});

test('labels for A4, one for each thing', async () => {
    const page = await ask('GET', '/manage/things/labels', undefined, who.guide01, { Accept: 'text/html' });
    assert.equal(page.status, 200);
    assert.equal((page.text.match(/class="label"/g) || []).length, (await stock()).length);
});
