// The papers of a case over HTTP: decided → numbered → pressed as PDF → fetched with the case's token → its signature
// accepted by openssl → the check page says genuine; with one byte changed it says changed; after a
// revocation it says withdrawn. And the three ways the result is handed over. (DOMAIN.md 3.6, 11.4, 11.5; ALL 32, 38, 44)

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BASE, ask, ok, refused, token_of } from '../support/ask.mjs';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const ITEM = '410109005000';     // 旅馆业特种行业许可证核发: reviewed, approved, decided by three; a licence (demonstration)
const IMMEDIATE = '412011013000'; // 补领结婚证
const folder = mkdtempSync(join(tmpdir(), 'onewindow-documents-'));
const who = {};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
after(() => rmSync(folder, { recursive: true, force: true }));

before(async () => {
    for (const name of ['clerk01', 'review01', 'review02', 'review03']) who[name] = await token_of(name);
});

async function taken(item) {
    const { papers } = await ok('GET', `/items/${item}`);
    const k = (await ok('POST', '/cases', { item, applicant: { name: '李建国', id_type: 111, id_no: '11010519491231002X', phone: '13800001234' },
        materials: (papers || []).map((p) => String(p.position)) }, who.clerk01, 201)).case;
    return { number: k.number, token: k.token };
}
const move = (k, act, body, by) => ok('POST', `/cases/${k.number}/${act}`, body || {}, who[by]);
const seen = async (k) => (await ok('GET', `/cases/${k.number}?token=${k.token}`)).case;
async function made(k, kind) {
    for (const until = Date.now() + 120000; Date.now() < until; await wait(200)) {
        const d = (await seen(k)).documents.find((x) => x.kind === kind);
        assert.ok(d, `there is no ${kind}`);
        if (d.state === 'made') return d;
    }
    throw new Error(`the ${kind} is not made within two minutes`);
}
async function fetch_pdf(k, d, token = k.token) {
    const r = await fetch(`${BASE}/cases/${k.number}/documents/${d.id}?token=${token}`);
    return { status: r.status, type: r.headers.get('content-type'), bytes: Buffer.from(await r.arrayBuffer()) };
}
// As a visitor's browser does: the page gives a cookie and the key of its form.
async function check_file(bytes) {
    const page = await fetch(`${BASE}/check`, { headers: { Accept: 'text/html' } });
    const cookie = page.headers.getSetCookie ? page.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ') : page.headers.get('set-cookie').split(';')[0];
    const form = new FormData();
    form.append('key', /name="key" value="([^"]+)"/.exec(await page.text())[1]);
    form.append('paper', new Blob([bytes], { type: 'application/pdf' }), 'x.pdf');
    const r = await fetch(`${BASE}/check`, { method: 'POST', headers: { Accept: 'application/json', Cookie: cookie }, body: form, redirect: 'manual' });
    assert.ok(r.ok, `${r.status}`);
    return r.json();
}
const text_of = (bytes) => execFileSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' }).replace(/[\s\u3000]/g, '');
function verified(bytes, name) {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return spawnSync('sh', [join(ROOT, 'docs/verify-document.sh'), file], { encoding: 'utf8' }).status === 0;
}

let granted, pdf;

test('each act leaves its paper, numbered by the organ without gaps', async () => {
    const k = granted = await taken(ITEM);
    await move(k, 'accept', null, 'clerk01');
    await move(k, 'suspend', { kind: 'expert_review', days: 3, basis: '旅馆业治安管理办法', approver: '王局长' }, 'review01');
    await move(k, 'resume', { outcome: '通过' }, 'review01');
    await move(k, 'extend', { days: 5, reason: '需要现场核查', approver: '王局长' }, 'review01');
    await move(k, 'hearing', { kind: 'right', opinion: '涉及重大利益' }, 'review01');
    await refused(422, 'hearing_early', 'POST', `/cases/${k.number}/hearing`, { kind: 'notice', on: new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10), time: '09:00', place: '三楼会议室' }, who.review01);
    await refused(422, 'hearing_place', 'POST', `/cases/${k.number}/hearing`, { kind: 'notice', time: '09:00', place: '三楼会议室' }, who.review01);
    await move(k, 'review', { action: 'pass', opinion: '符合条件' }, 'review01');
    await move(k, 'review', { action: 'pass', opinion: '同意' }, 'review02');
    await move(k, 'decide', { result: 'grant', conditions: '营业时间内保持安全出口畅通', validity: '三年' }, 'review03');
    const { documents } = await seen(k);
    assert.deepEqual(documents.map((d) => d.kind), ['material_receipt', 'acceptance', 'special', 'extension', 'hearing_right', 'grant']);
    const serials = documents.map((d) => Number(/〔\d{4}〕(\d+)号$/.exec(d.number)[1]));
    assert.deepEqual(serials, serials.map((_, i) => serials[0] + i), 'no gap within the case');
});

test('the PDF says what the law wants, carries its font, and openssl accepts its signature', async () => {
    const d = await made(granted, 'grant');
    const r = await fetch_pdf(granted, d);
    assert.equal(r.status, 200);
    assert.equal(r.type, 'application/pdf');
    pdf = r.bytes;
    const text = text_of(pdf);
    for (const word of ['准予许可决定书', d.number, '李建国：', '营业时间内保持安全出口畅通', '三年', '第三十八条', '公众有权查阅', '示范', d.licence_no]) assert.ok(text.includes(word), `${word} is not in ${text}`);
    assert.match(d.licence_no, /^1\.2\.156\.3005\.2\.11100000000013338W011\./);
    assert.ok(verified(pdf, 'grant.pdf'), 'openssl');
    const poppler = execFileSync('pdfsig', ['-nocert', join(folder, 'grant.pdf')], { encoding: 'utf8' });
    assert.match(poppler, /Signature is Valid/);
    assert.match(poppler, /Total document signed/);
    const accepted = text_of((await fetch_pdf(granted, await made(granted, 'acceptance'))).bytes);
    for (const word of ['受理通知书', '第三十二条', '一式两份', '监督电话12345', '不计入期限的时间', '材料清单']) assert.ok(accepted.includes(word), word);
});

test('nobody else gets it', async () => {
    const d = await made(granted, 'grant');
    assert.equal((await fetch_pdf(granted, d, 'wrong')).status >= 400, true);
    assert.equal((await fetch_pdf(granted, d, '')).status, 404);
    const other = await taken(IMMEDIATE);
    assert.equal((await fetch_pdf(other, d)).status, 404, 'with the token of another case');
    assert.equal((await fetch(`${BASE}/cases/${granted.number}/documents/${d.id}`, { headers: { Authorization: `Bearer ${who.clerk01}` } })).status, 200, 'the window does');
});

test('the check page: genuine, changed, unknown', async () => {
    const d = await made(granted, 'grant');
    const page = await ok('GET', d.check);
    assert.equal(page.state, 'genuine');
    assert.equal(page.holder, '李*');
    assert.doesNotMatch(JSON.stringify(page), /李建国|11010519491231002X|13800001234/, 'no more of a person than the paper has');
    const whole = await check_file(pdf);
    assert.equal(whole.state, 'genuine');
    assert.equal(whole.was_compared, true);
    for (const at of [100, Math.floor(pdf.length / 2), pdf.length - 50]) {
        const changed = Buffer.from(pdf);
        changed[at] ^= 1;
        assert.equal((await check_file(changed)).state, 'changed', `byte ${at}`);
        assert.equal(verified(changed, 'changed.pdf'), false);
    }
    assert.equal((await check_file(Buffer.from('%PDF-1.4 of somebody else'))).state, 'unknown');
    const html = await (await fetch(BASE + d.check, { headers: { Accept: 'text/html' } })).text();
    assert.match(html, /<h1>核验文书<\/h1>/);
});

test('by post: a waybill, then received', async () => {
    await refused(422, 'waybill_needed', 'POST', `/cases/${granted.number}/deliver`, { mode: 'post', waybill: '' }, who.clerk01);
    await move(granted, 'deliver', { mode: 'post', waybill: 'SF1234567890' }, 'clerk01');
    let k = await seen(granted);
    assert.equal(k.delivery.mode, 'post');
    assert.equal(k.delivery.waybill, 'SF1234567890');
    assert.equal(k.delivery.received_at, null);
    await move(granted, 'receipt', {}, 'clerk01');
    k = await seen(granted);
    assert.ok(k.delivery.received_at);
    await refused(409, 'not_sent', 'POST', `/cases/${granted.number}/receipt`, {}, who.clerk01);
    const text = text_of((await fetch_pdf(granted, await made(granted, 'delivery'))).bytes);
    for (const word of ['送达回证', '李建国', 'SF1234567890', '《准予许可决定书》']) assert.ok(text.includes(word), word);
});

test('through a locker: the code is the applicant’s', async () => {
    const k = await taken(IMMEDIATE);
    await move(k, 'accept', null, 'clerk01');
    await move(k, 'decide', { result: 'refuse', opinion: '档案里没有登记' }, 'clerk01');
    await move(k, 'deliver', { mode: 'locker', place: '一楼取件柜' }, 'clerk01');
    const { delivery } = await seen(k);
    assert.match(delivery.code, /^\d{6}$/);
    const staff = (await ok('GET', `/cases/${k.number}`, undefined, who.clerk01)).case.delivery;
    assert.equal(staff.code, '', 'the window does not see it');
    await refused(409, 'locker_code', 'POST', `/cases/${k.number}/receipt`, { code: String((Number(delivery.code) + 1) % 1000000).padStart(6, '0') }, who.clerk01);
    await move(k, 'receipt', { code: delivery.code }, 'clerk01');
    const text = text_of((await fetch_pdf(k, await made(k, 'refusal'))).bytes);
    for (const word of ['不予许可决定书', '档案里没有登记', '60日内', '行政复议', '6个月内', '行政诉讼']) assert.ok(text.includes(word), word);
});

test('revoked: the grant no longer holds', async () => {
    await move(granted, 'close', null, 'clerk01');
    await move(granted, 'revoke', { opinion: '以欺骗手段取得' }, 'review01');
    assert.equal((await check_file(pdf)).state, 'withdrawn');
    assert.equal((await seen(granted)).documents.find((d) => d.kind === 'grant').state, 'withdrawn');
});

test('what waits is counted', async () => {
    const text = await (await fetch(`${BASE}/metrics`)).text();
    assert.match(text, /^onewindow_documents_waiting \d+$/m);
});
