// Bodies with files against a running server: what is cut short, too large, of another kind or from somebody else is
// refused with a sentence, and nothing of it is kept. The route is the editor's upload of a blank form.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { base, host, post_json, raw, send } from './wire.mjs';

const CRLF = '\r\n', MB = 1 << 20;
const PDF = Buffer.from('%PDF-1.4 a form');
let token, item, version;
const auth = () => ({ authorization: `Bearer ${token}`, accept: 'application/json' });
const address = () => `/admin/items/${item}/versions/${version}/files`;

function part(name, value, file) {
    const head = `--XyZ${CRLF}Content-Disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}${CRLF}${CRLF}`;
    return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from(CRLF)]);
}
const whole = (...parts) => Buffer.concat([...parts, Buffer.from('--XyZ--\r\n')]);
const form = (bytes, revision, extra = []) => whole(part('revision', String(revision)), ...extra, part('file', bytes, '表 格.pdf'));
const upload = (body, headers = {}, path = address()) => send('POST', path, { ...auth(), 'content-type': 'multipart/form-data; boundary=XyZ', 'content-length': body.length, ...headers }, body);
const now = async () => (await send('GET', `/admin/items/${item}/versions/${version}?part=files`, auth())).json;

function refused(r, status, code) {
    assert.equal(r.status, status, r.text.slice(0, 300));
    assert.equal(r.code, code);
    assert.ok(r.json.error.message.length > 3, 'a sentence');
}

before(async () => {
    token = (await post_json('/login', { name: 'editor01', password: 'wolong-demo' })).json.token;
    const { items } = (await send('GET', '/admin/items?state=published', auth())).json;
    item = items.filter((i) => i.draft === 0)[0].id;
    const made = await post_json(`/admin/items/${item}/open`, {}, auth());
    assert.equal(made.status, 201, made.text);
    version = made.json.version;
});

test('what is broken, cut short or of another kind is refused, and the draft stays as it is', async () => {
    const start = await now();
    const good = form(PDF, start.revision);
    for (const n of [0, 3, 5, 30, 80, good.length - 20, good.length - 5, good.length - 4])
        refused(await upload(good.subarray(0, n)), n === 0 ? 422 : 400, n === 0 ? 'field_missing' : 'parts_broken');
    refused(await upload(good, { 'content-type': 'multipart/form-data' }), 400, 'parts_broken');
    refused(await upload(good, { 'content-type': 'multipart/form-data; boundary=other' }), 400, 'parts_broken');
    refused(await upload(good, { 'content-type': 'multipart/mixed; boundary=XyZ' }), 415, 'type_unknown');
    refused(await upload(form(Buffer.from('MZ a program'), start.revision)), 415, 'item_file');
    refused(await upload(form(Buffer.from(''), start.revision)), 422, 'field_file_empty');
    refused(await upload(whole(part('revision', String(start.revision)))), 422, 'field_file');
    refused(await upload(form(PDF, start.revision, [part('name', 'x', 'a.pdf')])), 400, 'file_unexpected');
    refused(await upload(form(PDF, start.revision, [part('file', PDF, 'b.pdf')])), 422, 'field_several');
    refused(await upload(form(PDF, start.revision, [part('name', Buffer.from([0xff, 0xfe]))])), 400, 'text_unreadable');
    refused(await post_json(address(), { revision: start.revision, file: 'form.pdf' }, auth()), 422, 'field_file');
    refused(await upload(form(PDF, start.revision + 5)), 409, 'item_changed');
    const after = await now();
    assert.equal(after.revision, start.revision);
    assert.equal(after.rows.length, start.rows.length);
});

test('too much of anything is told with its limit, whether its length was said or not', async () => {
    const start = await now();
    const head = (n) => Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(n - 5, 0x20)]);
    const large = await upload(form(head(5 * MB + 1), start.revision));
    refused(large, 413, 'field_file_large');
    assert.match(large.json.error.message, /5 MB/);
    refused(await upload(form(head(9 * MB), start.revision)), 413, 'body_large');
    const chunked = await send('POST', address(), { ...auth(), 'content-type': 'multipart/form-data; boundary=XyZ', 'transfer-encoding': 'chunked' }, form(head(9 * MB), start.revision));
    refused(chunked, 413, 'body_large');
    refused(await upload(form(PDF, start.revision, [part('name', 'x'.repeat(300000))])), 413, 'body_large');
    refused(await upload(form(PDF, start.revision, Array.from({ length: 600 }, () => part('code', 'x')))), 413, 'fields_many');
    refused(await upload(form(PDF, start.revision, Array.from({ length: 80 }, (_, i) => part(`a${i}`, 'x')))), 413, 'fields_many');
    const told = await raw(`POST ${address()} HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nAccept: application/json\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: 9999999999\r\nConnection: close\r\n\r\n`);
    assert.equal(told.status, 413, told.text.slice(0, 200));
    assert.equal((await now()).revision, start.revision);
});

test('nobody else sends files: no log-in, no right, no key of ours', async () => {
    const body = form(PDF, 1);
    refused(await upload(body, { authorization: '' }), 401, 'login_needed');
    const early = await raw(`POST ${address()} HTTP/1.1\r\n${host}Accept: application/json\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n`);
    assert.equal(early.status, 401, 'before it was read');
    const clerk = (await post_json('/login', { name: 'clerk01', password: 'wolong-demo' })).json.token;
    refused(await upload(body, { authorization: `Bearer ${clerk}` }), 403, 'not_allowed');
    refused(await upload(body, { authorization: '', cookie: `session=${token}` }), 403, 'key_missing');
    refused(await upload(body, { authorization: '', cookie: `session=${token}`, origin: 'https://evil.example' }), 403, 'cross_site');
    refused(await send('POST', '/admin/items', { ...auth(), 'content-type': 'multipart/form-data; boundary=XyZ' }, whole(part('name', 'x'))), 415, 'type_unknown');
});

test('a file is kept once, also when it is sent again under another boundary', async () => {
    const { revision, rows } = await now();
    const key = { 'idempotency-key': `upload-${Date.now()}` };
    const first = await upload(form(PDF, revision, [part('name', '申请表')]), key);
    assert.equal(first.status, 200, first.text);
    const again = Buffer.from(form(PDF, revision, [part('name', '申请表')]).toString('latin1').replaceAll('XyZ', 'Other'), 'latin1');
    const second = await upload(again, { ...key, 'content-type': 'multipart/form-data; boundary="Other"' });
    assert.equal(second.status, 200, second.text);
    assert.deepEqual(second.json, first.json);
    refused(await upload(form(PDF, revision, [part('name', '另一张表')]), key), 409, 'key_reused');
    const after = await now();
    assert.equal(after.rows.length, rows.length + 1);
    assert.match(after.rows.at(-1).words, /PDF · 1 KB/);
    const code = after.document.files.at(-1).code;
    const got = await send('GET', `/admin/items/${item}/versions/${version}/preview/files/${code}`, auth());
    assert.equal(got.status, 200);
    assert.equal(got.headers['content-type'], 'application/pdf');
    assert.equal(got.text, PDF.toString());
    assert.match(got.headers['content-disposition'], /filename\*=UTF-8''/);
});

test('an upload whose sender goes away keeps nothing, and many at once are all answered', async () => {
    const { revision } = await now();
    const body = form(PDF, revision);
    for (let i = 0; i < 5; i++)
        await raw(`POST ${address()} HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nContent-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: ${body.length}\r\n\r\n${body.subarray(0, 60).toString('latin1')}`, { timeout: 200 });
    const big = form(Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(MB, 0x20)]), revision + 9);
    const answers = await Promise.all(Array.from({ length: 48 }, () => upload(big)));
    for (const r of answers) assert.ok([409, 503, 429].includes(r.status), `${r.status} ${r.text.slice(0, 100)}`);
    const after = await now();
    assert.equal(after.revision, revision);
    assert.equal((await send('GET', '/healthz')).status, 200, base.href);
});
