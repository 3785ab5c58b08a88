// Help, whole, over HTTP: asked for from the bus stop, from the phone ahead of the visit, by somebody who signs; offered to the
// helper who fits, taken, arrived, done; papers handed over and back, never a password; a wheelchair kept for the arrival
// and lent to nobody else; rated once. The server holds a fresh demonstration hall.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, ok, refused, token_of } from '../support/ask.mjs';

const who = {};
const local = (ms) => new Date(ms + 8 * 3600e3).toISOString();
const put_off = async () => { for (const h of ['helper01', 'helper02', 'helper03', 'guide01']) await ok('POST', '/helper/off', {}, who[h], [200, 201]); };
before(async () => { for (const name of ['helper01', 'helper02', 'helper03', 'guide01', 'duty01', 'manager01', 'clerk01']) who[name] = await token_of(name); });

test('a hopeless wish gets a sentence', async () => {
    await refused(422, 'assist_skill_unknown', 'POST', '/assists', { kind: 'escort', place_from: '大门口', skills: ['flying'] });
    await refused(422, 'assist_secret', 'POST', '/assists', { kind: 'form', place_from: '大门口', what: '社保密码是123456，帮我登录' });
    for (const at of ['25:00', 'soon', '03:00'])
        await refused(422, 'assist_when', 'POST', '/assists', { kind: 'escort', place_from: '公交站', on: local(Date.now() + 864e5).slice(0, 10), at });
    await refused(422, 'assist_when', 'POST', '/assists', { kind: 'escort', place_from: '公交站', on: '2020-01-02', at: '09:00' });
    assert.equal((await ask('GET', '/assists/1-abc')).status, 404);
});

test('nobody on duty can sign: the officer is told at once, and the page says so in words', async () => {
    await put_off();
    await ok('POST', '/helper/on', { floor: 1 }, who.helper01);
    const asked = await ok('POST', '/assists', { kind: 'escort', place_from: '一楼门口', skills: ['sign'] }, undefined, 201);
    assert.deepEqual([asked.told, asked.skills[0].code, asked.source], ['officer', 'sign', 'phone']);
    assert.match(asked.told_words, /值班领导/);
    await ok('POST', `/assists/${asked.token}/withdraw`, {}, undefined, [200, 201]);
});

test('from the bus stop to done: offered to who fits, papers there and back, rated', async () => {
    await put_off();
    await ok('POST', '/helper/on', { floor: 1 }, who.helper01);
    await ok('POST', '/helper/on', { floor: 2 }, who.helper02);
    const page = await ask('GET', '/help?from=bus_stop', undefined, undefined, { Accept: 'text/html' });
    assert.match(page.text, /name="source" value="bus_stop"/);
    const a = await ok('POST', '/assists', { kind: 'form', place_from: '公交站', source: 'bus_stop', skills: ['english'], name: '李建国', phone: '13800138000' }, undefined, 201);
    assert.deepEqual([a.told, a.source, a.state], ['one', 'bus_stop', 'requested']);
    assert.match(a.told_words, /吴雨晴/, 'helper02 speaks English');
    assert.doesNotMatch(JSON.stringify(a), /李建国|13800138000/);
    const seen = await ok('GET', '/helper', undefined, who.helper02);
    assert.equal(seen.waiting[0].token, a.token, 'on top of the list of who is asked');
    await refused(409, 'assist_skill', 'POST', `/assists/${a.id}/accept`, {}, who.helper01);
    await ok('POST', `/assists/${a.id}/accept`, {}, who.helper02, [200, 201]);
    await refused(409, 'assist_taken', 'POST', `/assists/${a.id}/accept`, {}, who.duty01);
    const there = await ok('POST', `/assists/${a.id}/arrive`, {}, who.helper02, [200, 201]);
    assert.ok(there.accepted_at <= there.arrived_at);
    await refused(422, 'assist_secret', 'POST', `/assists/${a.id}/papers`, { what: '写着密码的纸条', purpose: '登录', whose: '李先生' }, who.helper02);
    await refused(409, 'assist_not_yours', 'POST', `/assists/${a.id}/papers`, { what: '身份证', purpose: '填表', whose: '李先生' }, who.helper01);
    const log = await ok('POST', `/assists/${a.id}/papers`, { what: '身份证', purpose: '填社保表', whose: '李先生' }, who.helper02, [200, 201]);
    assert.equal(log.papers_out, 1);
    await refused(409, 'assist_papers_out', 'POST', `/assists/${a.id}/complete`, {}, who.helper02);
    const seen_by_visitor = await ok('GET', `/assists/${a.token}`);
    assert.deepEqual([seen_by_visitor.papers[0].what, seen_by_visitor.papers[0].is_back], ['身份证', false]);
    await ok('POST', `/assists/papers/${log.papers[0].id}/return`, {}, who.helper02, [200, 201]);
    await refused(409, 'assist_not_done', 'POST', `/assists/${a.token}/rate`, { grade: 5 });
    await ok('POST', `/assists/${a.id}/complete`, {}, who.helper02, [200, 201]);
    await refused(403, 'assist_grade_staff', 'POST', `/assists/${a.token}/rate`, { grade: 5 }, who.helper02);
    assert.equal((await ok('POST', `/assists/${a.token}/rate`, { grade: 5, text: '很耐心' }, undefined, [200, 201])).grade, 5);
    await refused(409, 'assist_graded', 'POST', `/assists/${a.token}/rate`, { grade: 1 });
    const day = await ok('GET', '/manage/help', undefined, who.manager01);
    assert.ok(day.done >= 1 && day.graded >= 1 && day.helpers.some((h) => h.name === '吴雨晴'));
    assert.equal((await ask('GET', '/manage/help', undefined, who.clerk01)).status, 403);
});

test('a wheelchair is kept for the arrival and lent to nobody else', async () => {
    const free_before = (await ok('GET', '/loans', undefined, who.guide01)).kinds.find((k) => k.kind === 'wheelchair').free;
    const held = [];
    for (let i = 0; i < free_before; i++) held.push(await ok('POST', '/assists', { kind: 'wheelchair', place_from: '公交站', source: 'bus_stop' }, undefined, 201));
    assert.equal(new Set(held.map((h) => h.thing)).size, free_before, 'each has one of his own');
    const late = await ok('POST', '/assists', { kind: 'wheelchair', place_from: '公交站' }, undefined, 201);
    assert.equal(late.thing, '');
    assert.match(late.thing_words, /没有空着的轮椅/);
    await refused(409, 'loan_none_free', 'POST', '/loans', { kind: 'wheelchair', name: '王芳' }, who.guide01);
    await refused(409, 'loan_promised', 'POST', '/loans', { thing: held[0].thing, name: '王芳' }, who.guide01);
    const lent = await ok('POST', '/loans', { kind: 'wheelchair', help: held[0].id }, who.guide01, 201);
    assert.equal(lent.code, held[0].thing);
    await ok('POST', `/loans/${lent.id}/return`, {}, who.guide01, [200, 201]);
    for (const h of [...held, late]) await ok('POST', `/assists/${h.token}/withdraw`, {}, undefined, [200, 201]);
    const again = await ok('POST', '/loans', { kind: 'wheelchair', name: '王芳' }, who.guide01, 201);
    await ok('POST', `/loans/${again.id}/return`, {}, who.guide01, [200, 201]);
});

test('asked for ahead, with a time: told to nobody yet, and kept', async (t) => {
    let asked = null;
    for (let days = 1; days < 12 && asked === null; days++) {
        const on = local(Date.now() + days * 864e5).slice(0, 10);
        const r = await ask('POST', '/assists', { kind: 'escort', place_from: '公交站', on, at: '09:30', chair: true });
        if (r.status === 201) asked = r.json;
        else assert.equal(r.json.error.code, 'assist_when');
    }
    if (asked === null) return t.skip('no open day within twelve days');
    assert.deepEqual([asked.told, asked.state, asked.thing.length > 0], ['nobody', 'requested', true]);
    assert.match(asked.told_words, /以前会告诉帮办员/);
    const seen = await ok('GET', '/helper', undefined, who.helper01);
    assert.ok(seen.later.some((l) => l.token === asked.token) && !seen.waiting.some((l) => l.token === asked.token));
    await ok('POST', `/assists/${asked.token}/withdraw`, {}, undefined, [200, 201]);
});

test('a clerk and a kiosk ask too, and the source is kept', async () => {
    await ok('POST', '/helper/off', {}, who.helper01, [200, 201]);
    const door = await ok('POST', '/assists', { kind: 'other', place_from: '二楼楼梯口' }, who.guide01, 201);
    assert.deepEqual([door.source, door.floor], ['door', 2]);
    await ok('POST', `/assists/${door.token}/withdraw`, {}, undefined, [200, 201]);
    const kiosk = await ok('POST', '/kiosk/help', {}, undefined, [200, 201]);
    assert.deepEqual([kiosk.source, kiosk.floor], ['kiosk', 1]);
    await ok('POST', `/assists/${kiosk.token}/withdraw`, {}, undefined, [200, 201]);
});
