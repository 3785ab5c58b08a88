// A day in the hall in short, so that every screen has something to show: tickets in every state, a
// case at the desk and one decided and rated, things lent, help asked for. The texts that people type
// can be given, to see what screens make of hostile ones. Gives values for the holes of addresses.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, call, log_in, must } from '../faults/house.mjs';

export const ACCOUNTS = ['guide01', 'clerk01', 'review01', 'helper01', 'duty01', 'watch01', 'manager01', 'sysadmin01', 'secadmin01', 'audit01', 'editor01'];
export const role_of = (account) => account.replace(/\d+$/, '').replace('editor', 'directory');
const ITEM = '结婚证丢了';
const DESK = '07';
const NAMES = { name: '李小明', what: '请扶我到车站', place: '一楼门口', note: '左轮有点松', reason: '去取材料', opinion: '材料齐全', text: '办得很快' };

export async function make_day(server, words = NAMES) {
    const tokens = {};
    for (const account of ACCOUNTS) tokens[account] = await log_in(server, account);
    const [guide, clerk, helper] = [tokens.guide01, tokens.clerk01, tokens.helper01];
    const post = (path, body, token) => must(server, 'POST', path, body, { token });
    const { items } = await must(server, 'GET', `/items?q=${encodeURIComponent(ITEM)}`), { code } = items[0];
    const take = async (extra) => (await post('/tickets', { item: code, channel: 'guide', name: words.name, phone: '13800000001', ...extra }, guide)).ticket;

    await post('/helper/on', { floor: 1 }, helper);
    await post('/desk/open', { desk: DESK }, clerk);
    const done = await take({});
    assert.equal((await post('/desk/call', {}, clerk)).ticket.token, done.token);
    await post('/desk/recall', {}, clerk);
    await post('/desk/start', {}, clerk);
    const person = { name: words.name, id_type: 111, id_no: '11010519491231002X', phone: '13800000001' };
    const { case: finished } = await post('/cases', { item: code, ticket: done.token, applicant: person, form: { note: words.note } }, clerk);
    for (const p of finished.papers) await post(`/cases/${finished.number}/papers`, { position: p.position, taken: true }, clerk);
    await post(`/cases/${finished.number}/accept`, {}, clerk);
    await post(`/cases/${finished.number}/decide`, { result: 'grant', opinion: words.opinion }, clerk);
    await post(`/cases/${finished.number}/deliver`, {}, clerk);
    await post('/desk/finish', {}, clerk);
    await post('/ratings', { ticket: done.token, grade: 5, text: words.text }, undefined);

    const missed = await take({});
    await post('/desk/call', {}, clerk);
    await post('/desk/no-show', {}, clerk);
    const parked = await take({});
    await post('/desk/call', {}, clerk);
    await post('/desk/start', {}, clerk);
    await post('/desk/park', { reason: words.reason }, clerk);
    const served = await take({});
    await post('/desk/call', {}, clerk);
    await post('/desk/start', {}, clerk);
    const { case: taken } = await post('/cases', { item: code, ticket: served.token, applicant: person, agent: { ...person, id_no: '320102199003070017' } }, clerk);
    const waiting = await take({ needs: ['no_stairs'] });
    const loan = await post('/loans', { kind: 'wheelchair', name: words.name, phone: '13800000001', note: words.note }, guide);
    const assist = await post('/assists', { kind: 'escort', what: words.what, place_from: words.place, place_to: words.place, name: words.name, phone: '13800000001', visit: waiting.token }, undefined);
    await post('/assists', { kind: 'other', what: words.what, place_from: words.place, name: words.name }, undefined);
    await post(`/assists/${assist.id}/accept`, {}, helper);
    const other_desk = await must(server, 'POST', '/desk/open', { desk: '08' }, { token: await log_in(server, 'clerk02') });
    await post('/desk/pause', { reason: words.reason }, await log_in(server, 'clerk02'));

    const { days } = await must(server, 'GET', '/bookings/new?zone=personal'), { on } = days.find((d) => d.starts > 0);
    const { times } = await must(server, 'GET', `/bookings/new?zone=personal&on=${on}`), { at } = times.find((m) => m.free > 0);
    const booking = await post('/bookings', { item: code, on, at, name: words.name, phone: '13800000001' }, undefined);
    const wait = await post('/bookings/waits', { zone: 'estate', from: on, to: on, part: 'any', name: words.name, phone: '13800000001' }, undefined);
    const of_booking = Object.fromEntries(['', '/move', '/cancel', '/calendar.ics', '/qr.svg'].map((end) => [`/bookings/{token}${end} token`, booking.token]));

    const in_directory = (await must(server, 'GET', '/admin/items', undefined, { token: tokens.editor01 })).items[0];
    const draft = await post(`/admin/items/${in_directory.id}/open`, { why: words.reason }, tokens.editor01);
    const of_item = Object.fromEntries(['', '/compare', '/versions/{version}', '/versions/{version}/preview'].map((end) => [`/admin/items/{id}${end} id`, draft.id]));

    const part = (name, value) => `--day\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const file = Buffer.from(`${part('revision', 1)}${part('file"; filename="form.pdf', '%PDF-1.4')}--day--\r\n`);
    const kept = await call(server, 'POST', `/admin/items/${draft.id}/versions/${draft.version}/files`, file, { token: tokens.editor01, headers: { 'Content-Type': 'multipart/form-data; boundary=day', Accept: 'application/json' } });
    if (kept.status !== 200) throw new Error(`a file in a draft: ${kept.status} ${kept.text}`);
    const batch = await post('/admin/items/bulk', { picks: [in_directory.id], field: 'consult_phone', k: ['consult_phone.zh', 'consult_phone.state'], v: ['0377-60000000', 'demonstration'] }, tokens.editor01);

    const things = await must(server, 'GET', '/things', undefined, { token: guide });
    const told = await post('/cannot', { kind: 'many_tries', what: words.what, name: words.name, phone: '13800000001' }, undefined);
    await post(`/things/${things.items[0].label}/fault`, { what: words.note }, undefined);
    let grant = null; // the press makes it within a second or so
    for (const until = Date.now() + 60000; !grant && Date.now() < until;) {
        const papers = (await must(server, 'GET', `/cases/${finished.number}`, undefined, { token: clerk })).case.documents;
        grant = papers.find((d) => d.kind === 'grant' && d.state === 'made');
        if (!grant) await new Promise((later) => setTimeout(later, 200));
    }

    const board = await must(server, 'GET', `/display/${done.zone}`);
    const samples = {
        step: 'home',
        ...of_item, ...of_booking, '/bookings/waits/{token} token': wait.token, on, version: draft.version,
        token: waiting.token, code, number: taken.number, desk: DESK, zone: done.zone, id: loan.id, name: `${board.calls?.[0]?.seq ?? 'none'}.wav`,
        '/assists/{token} token': assist.token, '/kiosk/helped/{token} token': assist.token, '/visits/{token} token': done.token, '/rate/{token} token': done.token,
        '/cases/{number}/documents/{document} number': finished.number, '/cases/{number}/documents/{document} document': grant?.id ?? '1', '/check/{token} token': grant?.check.split('/').at(-1) ?? 'none',
        '/cases/{number} token': taken.token, '/cannot/{token} token': told.token, label: things.items[0].label, '/bundles/{code} code': 'newborn',
        '/admin/items/batches/{id} id': batch.id, '/admin/items/{id}/versions/{version}/preview/files/{file} id': draft.id, '/admin/items/{id}/versions/{version}/preview/files/{file} file': 'f1',
        '/items/{code}/files/{file} file': 'result', '/manage/items/figures/{name} name': 'one_window', '/manage/items/figures/{name}/csv name': 'one_window',
    };
    return { tokens, samples, item: code, tickets: { done, missed, parked, served, waiting }, cases: { finished, taken }, loan, assist, other_desk };
}

// Everything that can be asked for with `method`: pattern, path with its holes filled, queries, right, form.
export async function routes_of(server, method, samples) {
    const { json } = await call(server, 'GET', '/openapi.json');
    return Object.entries(json.paths).filter(([, m]) => m[method]).map(([pattern, m]) => {
        const r = m[method];
        const path = pattern.replace(/\{(\w+)\}/g, (_, name) => {
            const value = samples[`${pattern} ${name}`] ?? samples[name];
            assert.ok(value !== undefined, `no value for {${name}} of ${pattern}: add one to tests/roles/day.mjs`);
            return encodeURIComponent(value);
        });
        const schema = r.requestBody?.content['application/json']?.schema, name = schema?.$ref?.split('/').at(-1);
        return {
            pattern, path, right: r['x-right'], operation: r.operationId, is_json_only: !r.responses?.['200']?.content?.['text/html'],
            query: (r.parameters || []).filter((p) => p.in === 'query'),
            fields: (name ? json.components.schemas[name] : schema)?.properties ?? {},
        };
    });
}

// Which roles have which right, from the declarations themselves.
export function rights() {
    const all = new Map();
    for (const folder of readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((f) => f.isDirectory()).map((f) => f.name))
        for (const file of readdirSync(join(ROOT, 'src', folder), { withFileTypes: true }).filter((f) => f.name.endsWith('.def')))
            for (const [, right, roles] of readFileSync(join(ROOT, 'src', folder, file.name), 'utf8').matchAll(/^right\s+(\S+)\s+"[^"]*"\s*(.*)$/gm))
                all.set(right, new Set(roles.split('#')[0].trim().split(/\s+/)));
    return (role, right) => {
        const roles = all.get(right);
        assert.ok(roles, `the right ${right} is declared nowhere`);
        return roles.has('*') || (role !== 'nobody' && (roles.has('staff') || roles.has(role)));
    };
}
