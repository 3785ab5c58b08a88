// A real visit made through the JSON face, so that every page has something to show: a ticket that
// waits, one that is at a desk with its case, one that is finished and rated, something lent, help asked for.

import assert from 'node:assert/strict';
import { call, token_of } from './browser.mjs';

async function must(method, path, body, token, statuses = [200, 201, 204]) {
    const r = await call(method, path, body, token);
    assert.ok(statuses.includes(r.status), `${method} ${path}: ${r.status} ${r.text.slice(0, 400)}`);
    return r.json;
}
const maybe = (method, path, body, token) => call(method, path, body, token).then((r) => (r.status < 300 ? r.json : null));

export const MARRIAGE_CERTIFICATE = '结婚证丢了';

// The desk of clerk01 calls and serves until the ticket of ours is at it.
async function call_until(token, wanted) {
    for (let n = 0; n < 60; n++) {
        const { ticket } = await must('POST', '/desk/call', {}, token);
        assert.ok(ticket, 'nobody waits, but our ticket does');
        if (ticket.token === wanted) return ticket;
        await must('POST', '/desk/no-show', {}, token);
    }
    throw new Error('our ticket was not called in 60 calls');
}

export async function make_visit({ desk = '07', clerk = 'clerk01' } = {}) {
    const guide = await token_of('guide01'), at_desk = await token_of(clerk);
    const items = await must('GET', `/items?q=${encodeURIComponent(MARRIAGE_CERTIFICATE)}`);
    const item = items.items[0];
    await must('POST', '/desk/open', { desk }, at_desk, [200, 201, 204, 409]);
    const wish = (extra) => ({ item: item.code, channel: 'guide', needs: ['no_stairs'], ...extra });
    const done = (await must('POST', '/tickets', wish({ name: '李小明', phone: '13800000001' }), guide)).ticket;
    await call_until(at_desk, done.token);
    await must('POST', '/desk/start', {}, at_desk);
    const made = await must('POST', '/cases', { item: item.code, ticket: done.token, applicant: { name: '李小明', id_type: 111, id_no: '11010519491231002X', phone: '13800000001' } }, at_desk);
    const number = made.case.number;
    for (const p of made.case.papers || []) await maybe('POST', `/cases/${number}/papers`, { position: p.position, taken: true }, at_desk);
    await must('POST', `/cases/${number}/accept`, {}, at_desk);
    await must('POST', `/cases/${number}/decide`, { result: 'grant' }, at_desk);
    await must('POST', '/desk/finish', {}, at_desk);
    await must('POST', '/ratings', { ticket: done.token, grade: 5, tags: [], text: '很好' });
    const loan = await maybe('POST', '/loans', { kind: 'wheelchair', name: '李小明', phone: '13800000001' }, guide);
    const served = (await must('POST', '/tickets', wish({}), guide)).ticket;
    await call_until(at_desk, served.token);
    await must('POST', '/desk/start', {}, at_desk);
    const waiting = (await must('POST', '/tickets', wish({ name: '王芳' }), guide)).ticket;
    const help = await maybe('POST', '/assists', { kind: 'escort', place_from: '大门口', visit: waiting.token }, guide);
    const label = (await must('GET', '/things', undefined, guide)).items[0].label;
    const told = await must('POST', '/cannot', { kind: 'many_tries', what: '跑了三趟' });
    const board = await must('GET', `/display/${done.zone}`);
    const { first_on: on, first_at: at } = await must('GET', '/bookings/new?zone=personal');
    const booking = await must('POST', '/bookings', { item: item.code, on, at, name: '李小明', phone: `137${String(Date.now()).slice(-8)}` });
    const wait = await must('POST', '/bookings/waits', { zone: 'estate', from: on, to: on, part: 'any', name: '李小明', phone: `137${String(Date.now()).slice(-8)}` });
    return { label, told, booking, wait, on, help: help?.request || help?.assist || help, call: board.calls?.[0]?.seq, item: item.code, item_id: item.id, done, served, waiting, number, case_token: made.case.token, loan, desk, zone: done.zone };
}

// Values for the holes of routes, by name.
// The pages of figures and of an item's versions.
const SAMPLES_OF_DIRECTORY = { '/manage/items/figures/{name} name': 'one_window', '/manage/items/figures/{name}/csv name': 'one_window' };

export function samples_of(v) {
    return { token: v.waiting.token, label: v.label, '/cannot/{token} token': v.told.token, '/assists/{token} token': v.help?.token, '/kiosk/helped/{token} token': v.help?.token,
        '/display/{zone}/calls/{name} name': `${v.call}.wav`, '/visits/{token} token': v.done.token, code: v.item, '/bundles/{code} code': 'newborn', '/items/{code}/files/{file} file': 'result', ...SAMPLES_OF_DIRECTORY,
        ...Object.fromEntries(['', '/move', '/cancel', '/calendar.ics', '/qr.svg'].map((end) => [`/bookings/{token}${end} token`, v.booking.token])), '/bookings/waits/{token} token': v.wait.token, on: v.on,
        '/admin/items/{id}/versions/{version}/preview/files/{file} file': 'result',
        ...Object.fromEntries(['', '/compare', '/versions/{version}', '/versions/{version}/preview'].map((end) => [`/admin/items/{id}${end} id`, v.item_id])), version: 1, step: 'home', document: '1', number: v.number, desk: v.desk, zone: v.zone, id: v.loan?.id };
}
