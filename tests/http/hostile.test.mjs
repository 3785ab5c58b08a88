// What outsiders send who mean harm or know no better. Whatever it is: a clear refusal, never a 5xx,
// and the server is well afterwards.

import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, test } from 'node:test';
import { act_body, act_path, base, find_token, get_key, host, make, post_form, post_json, raw, send } from './wire.mjs';

const refusal = (r, status, code) => {
    assert.equal(r.status, status, r.text.slice(0, 300));
    if (code) assert.equal(r.code, code);
};
const not_ours = (r) => assert.ok(r.status < 500, `${r.status} ${r.text.slice(0, 300)}`);

after(async () => {
    const r = await send('GET', '/healthz');
    assert.equal(r.status, 200);
    assert.equal(r.json.ok, true);
});

test('every answer carries the security headers', async () => {
    const page = await send('GET', '/login');
    const css = /href="(\/static\/[^"]+\.css)"/.exec(page.text)[1];
    const answers = [page, await send('GET', css), await send('GET', '/nowhere'), await send('PUT', '/login'),
        await make(), await send('GET', '/healthz')];
    for (const r of answers) {
        assert.equal(r.headers['content-security-policy'], "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'");
        assert.equal(r.headers['x-content-type-options'], 'nosniff');
        assert.equal(r.headers['referrer-policy'], 'same-origin');
        assert.equal(r.headers['permissions-policy'], 'camera=(self)');
        assert.equal(r.headers['x-frame-options'], 'DENY');
        assert.equal(r.headers['cross-origin-opener-policy'], 'same-origin');
    }
    assert.equal(page.headers['cache-control'], 'no-store');
    assert.match(answers[1].headers['cache-control'], /immutable/);
});

test('files come compressed for those who can read it', async () => {
    const css = /href="(\/static\/[^"]+\.css)"/.exec((await send('GET', '/login')).text)[1];
    assert.equal((await send('GET', css)).headers['content-encoding'], undefined);
    assert.equal((await send('GET', css, { 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip');
    assert.equal((await send('GET', css, { 'accept-encoding': 'gzip, br' })).headers['content-encoding'], 'br');
    assert.equal((await send('GET', css, { 'accept-encoding': 'br;q=0, gzip' })).headers['content-encoding'], 'gzip');
    refusal(await send('GET', '/static/../../etc/passwd', { accept: 'application/json' }), 404, 'page_unknown');
    refusal(await send('GET', '/static/%2e%2e%2fetc%2fpasswd', { accept: 'application/json' }), 404, 'page_unknown');
});

test('an unknown page says what to do, as page and as JSON', async () => {
    const page = await send('GET', '/no/such/page', { accept: 'text/html' });
    assert.equal(page.status, 404);
    assert.match(page.text, /role="alert"/);
    assert.match(page.text, /href="\/"/);
    const json = await send('GET', '/api/v1/no/such/page');
    refusal(json, 404, 'page_unknown');
    assert.ok(json.json.error.message && json.json.error.hint);
});

test('methods: 405 with Allow, HEAD like GET without a body, OPTIONS, unknown words', async () => {
    const put = await send('PUT', '/login', { accept: 'application/json' });
    refusal(put, 405, 'method_unknown');
    assert.match(put.headers.allow, /GET, HEAD, POST/);
    const get = await send('GET', '/login'), head = await send('HEAD', '/login');
    assert.equal(head.status, get.status);
    assert.equal(head.text, '');
    assert.equal(head.headers['content-length'], get.headers['content-length']);
    const options = await send('OPTIONS', '/login');
    assert.equal(options.status, 204);
    assert.match(options.headers.allow, /POST/);
    for (const word of ['TRACE', 'PATCH', 'PROPFIND', 'BREW', 'get'])
        assert.ok([400, 405].includes((await raw(`${word} /login HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).status), word);
    const hidden = await send('GET', '/login?_method=POST', { 'x-http-method-override': 'POST' });
    assert.equal(hidden.status, 200);
});

test('wrong types of a declared field are refused with the field named', async () => {
    for (const value of [{ name: { a: 1 } }, { name: [1, 2], password: 'x' }, { name: null, password: 'x' }, { password: 'x' }, { name: '', password: 'x' }]) {
        const r = await post_json('/login', value);
        assert.equal(r.status, 422, JSON.stringify(value) + r.text);
        assert.equal(r.json.error.field, 'name');
    }
    const long = await post_json('/login', { name: '长'.repeat(5000), password: 'x' });
    refusal(long, 422, 'field_long');
});

test('passwords cannot be tried out under a name that does not exist', async () => {
    const seen = [];
    for (let n = 0; n < 24 && seen.at(-1) !== 429; n++) {
        const r = await post_json('/login', { name: 'nobody-here', password: `guess ${n}` });
        seen.push(r.status);
        if (r.status === 429) assert.ok(Number(r.headers['retry-after']) >= 1);
    }
    assert.ok(seen.length >= 20 && seen.slice(0, -1).every((s) => s === 401), seen.join(' '));
    assert.equal(seen.at(-1), 429);
});

test('bodies that cannot be read', async () => {
    for (const body of ['{', '[]', '"x"', '{"a":1,"a":2}', '{"a":"\\u0000"}', '{"a":1e999}', 'null', '\u0000', '{"a":' + '['.repeat(5000) + ']'.repeat(5000) + '}']) {
        const r = await post_json('/login', body);
        not_ours(r);
        assert.ok([400, 422].includes(r.status), `${body.slice(0, 30)}: ${r.status}`);
    }
    refusal(await send('POST', '/login', { 'content-type': 'application/json' }, Buffer.from('{"name":"\xff\xfe"}', 'latin1')), 400, 'text_unreadable');
    for (const bad of ['name=%ff', 'name=%C0%80', 'name=%00', 'name=%', 'name=%ED%A0%80'])
        refusal(await post_form('/login', bad), 400, 'text_unreadable');
    refusal(await send('POST', '/login', { 'content-type': 'text/plain', accept: 'application/json' }, '{"name":"a"}'), 415, 'type_unknown');
    refusal(await send('POST', '/login', { 'content-type': 'multipart/form-data; boundary=x', accept: 'application/json' }, '--x--'), 415, 'type_unknown');
});

test('bytes in the address that are no text', async () => {
    for (const path of ['/%ff', '/%00', '/items/%C0%AF', '/login?back=%ff', '/login?%00=1', '/%', '/login?a=%zz'])
        assert.ok([400, 404].includes((await raw(`GET ${path} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).status), path);
});

test('giant bodies are refused before they are read', async () => {
    const said = await raw(`POST /login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n`);
    assert.equal(said.status, 413);
    assert.ok(said.took < 3000);
    const negative = await raw(`POST /login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: -1\r\n\r\n`);
    assert.equal(negative.status, 400);
    const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
    const chunked = await raw(`POST /login HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunk.repeat(12)}0\r\n\r\n`);
    assert.equal(chunked.status, 413);
});

test('too many fields', async () => {
    const many = Array.from({ length: 100 }, (_, i) => `f${i}=1`).join('&');
    refusal(await post_form('/login', many), 413, 'fields_many');
    refusal(await send('GET', `/login?${many}`, { accept: 'application/json' }), 413, 'fields_many');
    const json = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i]));
    refusal(await post_json('/login', json), 413, 'fields_many');
    refusal(await post_json('/login', { name: Array.from({ length: 5000 }, () => 'a') }), 413, 'fields_many');
});

test('long addresses and floods of headers', async () => {
    assert.ok([414, 431].includes((await raw(`GET /${'a'.repeat(9000)} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).status));
    assert.equal((await raw(`GET /items?${'a=1&'.repeat(2000)} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)).status, 414);
    assert.ok([414, 431, 0].includes((await raw(`GET /${'a'.repeat(200000)} HTTP/1.1\r\n${host}\r\n`)).status));
    assert.ok([431, 0].includes((await raw(`GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(60000)}\r\n\r\n`)).status));
    const flood = Array.from({ length: 2000 }, (_, i) => `X-${i}: ${i}\r\n`).join('');
    assert.ok([431, 413, 0].includes((await raw(`GET / HTTP/1.1\r\n${host}${flood}\r\n`)).status));
    not_ours(await send('GET', '/login', { cookie: 'session=' + 'a'.repeat(3000) }));
});

test('two lengths in one request: nobody may read two requests out of it', async () => {
    const inside = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const r = await raw(`POST /login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inside}`);
    assert.equal(r.text.split('HTTP/1.1 ').length - 1, 1, r.text);
    assert.equal(r.status, 400);
});

test('a client that sends a byte a second is shown the door', { timeout: 40000 }, async () => {
    const head = raw(`GET /login HTTP/1.1\r\n${host}X: ${'a'.repeat(100)}\r\n\r\n`, { every_ms: 1000 });
    const body = raw(`POST /login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 200\r\n\r\n${'x'.repeat(200)}`, { every_ms: 130 });
    for (const r of await Promise.all([head, body])) {
        assert.ok(r.took > 12000 && r.took < 22000, `${r.took} ms`);
        assert.ok([408, 0].includes(r.status), r.text);
    }
});

test('a form needs a key made for this browser', async () => {
    const { key, cookie } = await get_key();
    const other = await get_key();
    const body = (k) => `name=nobody&password=wrong${k === undefined ? '' : `&key=${k}`}`;
    refusal(await post_form('/login', body()), 403, 'key_missing');
    refusal(await post_form('/login', body(), { cookie }), 403, 'key_missing');
    refusal(await post_form('/login', body('forged'), { cookie }), 403, 'key_missing');
    refusal(await post_form('/login', body(other.key), { cookie }), 403, 'key_missing');
    refusal(await post_form('/login', body(key)), 403, 'key_missing');
    for (let i = 0; i < key.length - 1; i += 7) {
        const forged = key.slice(0, i) + (key[i] === 'A' ? 'B' : 'A') + key.slice(i + 1);
        refusal(await post_form('/login', body(forged), { cookie }), 403, 'key_missing');
    }
    refusal(await post_json('/login', { name: 'nobody', password: 'wrong' }, { cookie }), 403, 'key_missing');
    const good = await post_form('/login', body(key), { cookie });
    assert.notEqual(good.code, 'key_missing', good.text);
    assert.ok([401, 403, 423].includes(good.status));
});

test('a form that another site sends is refused even with a good key', async () => {
    const { key, cookie } = await get_key();
    const body = `name=nobody&password=wrong&key=${key}`;
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' },
        { origin: `http://${base.host}.evil.example` }])
        refusal(await post_form('/login', body, { cookie, ...headers }), 403, 'cross_site');
    refusal(await post_json('/login', { name: 'a', password: 'b' }, { origin: 'https://evil.example' }), 403, 'cross_site');
    const own = await post_form('/login', body, { cookie, origin: base.origin, 'sec-fetch-site': 'same-origin' });
    assert.notEqual(own.code, 'cross_site');
});

test('twenty equal requests at once: one act, twenty equal answers', async () => {
    const key = `k-${Date.now()}`, agent = new http.Agent({ maxSockets: 20 });
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', act_path, headers, act_body, { agent })));
    agent.destroy();
    for (const r of answers) {
        assert.equal(r.status, 201, r.text);
        assert.equal(r.text, answers[0].text);
    }
    assert.equal(answers.filter((r) => r.headers['idempotent-replay']).length, 19);
    assert.notEqual((await make({ 'idempotency-key': `${key}-b` })).text, answers[0].text);
    const changed = JSON.stringify({ ...JSON.parse(act_body), name: '另一个人' });
    refusal(await post_json(act_path, changed, { 'idempotency-key': key }), 409, 'key_reused');
    refusal(await make({ 'idempotency-key': 'a b' }), 400, 'key_shape');
    refusal(await make({ 'idempotency-key': 'a'.repeat(300) }), 400, 'key_shape');
});

test('the token of another centre, and a token with one character changed', async () => {
    const token = find_token((await make()).json);
    assert.match(token, /^[0-9a-z]+-[A-Za-z0-9_-]{22}$/);
    const get = (t) => send('GET', `${act_path}/${t}`, { accept: 'application/json' });
    assert.equal((await get(token)).status, 200);
    refusal(await get(`zz${token.slice(token.indexOf('-'))}`), 404);
    const last = token.at(-5) === 'A' ? 'B' : 'A';
    refusal(await get(token.slice(0, -5) + last + token.slice(-4)), 404);
    for (const bad of ['1-', '-', '%27%20OR%201=1--', '..', token + 'x', 'a'.repeat(4000)]) {
        const r = await get(bad);
        assert.ok([400, 404, 414, 422].includes(r.status), `${bad}: ${r.status} ${r.text}`);
    }
});

test('log-ins that nobody gave', async () => {
    for (const token of ['1-AAAAAAAAAAAAAAAAAAAAAA', 'zz-AAAAAAAAAAAAAAAAAAAAAA', 'x', 'é', 'a'.repeat(1000), "' OR 1=1 --"]) {
        const r = await raw(`POST /logout HTTP/1.1\r\n${host}Authorization: Bearer ${token}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
        assert.ok([400, 401, 404].includes(r.status), `${token.slice(0, 20)}: ${r.status}`);
    }
    const page = await send('POST', '/logout', { accept: 'text/html', cookie: 'session=1-AAAAAAAAAAAAAAAAAAAAAA' });
    assert.ok([303, 403].includes(page.status));
});

test('where a browser is sent stays on this site', async () => {
    for (const back of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)', '/a%0d%0aSet-Cookie:x=1', '/' + 'a'.repeat(1900)]) {
        const r = await send('GET', `/preferences?lang=en&back=${back.includes('%') ? back : encodeURIComponent(back)}`);
        not_ours(r);
        if (r.status === 303) assert.match(r.headers.location, /^\/(?![/\\])/);
        assert.ok(!(r.headers['set-cookie'] || []).some((c) => c.startsWith('x=')));
    }
});

test('script in a field comes back as text', async () => {
    const evil = '"><script>alert(1)</script>', { key, cookie } = await get_key();
    const r = await send('POST', '/login', { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', cookie },
        `name=${encodeURIComponent(evil)}&password=&key=${key}`);
    assert.ok(!r.text.includes('<script>alert'));
    const query = await send('GET', `/login?back=${encodeURIComponent(evil)}`, { accept: 'text/html' });
    assert.ok(!query.text.includes('<script>alert'));
    const path = await send('GET', `/${encodeURIComponent(evil)}`, { accept: 'text/html' });
    assert.ok(!path.text.includes('<script>alert'));
});

test('a Host header that is no host is not repeated', async () => {
    const r = await raw('GET /login HTTP/1.1\r\nHost: evil"><script>\r\nConnection: close\r\n\r\n');
    assert.ok([200, 400].includes(r.status));
    assert.ok(!r.text.includes('evil"'));
});

test('live events: strange topics and strange numbers', async () => {
    refusal(await send('GET', '/events', { accept: 'application/json' }), 400, 'topic_unknown');
    refusal(await send('GET', '/events?topic=nothing', { accept: 'application/json' }), 400, 'topic_unknown');
});

test('one address cannot take all connections', async (t) => {
    const sockets = [];
    let closed = 0;
    for (let i = 0; i < 700; i++) {
        const s = net.connect(Number(base.port), base.hostname);
        s.on('error', () => {});
        s.on('close', () => { closed++; });
        sockets.push(s);
    }
    await new Promise((r) => setTimeout(r, 1500));
    const refused = closed;
    for (const s of sockets) s.destroy();
    await new Promise((r) => setTimeout(r, 300));
    if (refused === 0) { t.skip('the server runs with --no-limits'); return; }
    assert.ok(refused >= 150 && refused < 400, `${refused} of 700 were closed`);
    assert.equal((await send('GET', '/healthz')).status, 200);
});

test('a failing page still sends a person on: from a page that needs a log-in, to the log-in and back', async () => {
    const page = await send('GET', '/desk?x=1&y=2', { accept: 'text/html' });
    if (page.status === 404) return; // a server without the hall's own pages
    assert.equal(page.status, 303);
    assert.equal(page.headers.location, '/login?back=/desk%3Fx%3D1%26y%3D2');
    refusal(await send('GET', '/desk', { accept: 'application/json' }), 401, 'login_needed');
});

// Last: it empties the bucket of this address.
test('who asks too often is told when to come again', async (t) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
    let refused = null;
    for (let i = 0; i < 200 && !refused; i++) {
        const round = await Promise.all(Array.from({ length: 16 }, () => send('GET', '/nowhere', { accept: 'application/json' }, undefined, { agent })));
        refused = round.find((r) => r.status === 429);
    }
    agent.destroy();
    if (!refused) { t.skip('the server runs with --no-limits'); return; }
    assert.equal(refused.code, 'too_often');
    assert.ok(Number(refused.headers['retry-after']) >= 1);
    await new Promise((r) => setTimeout(r, 1500));
});
