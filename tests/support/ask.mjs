// Asking the server in JSON, for tests that walk through a day of the hall. Its address is in OW_URL (or
// ONEWINDOW_URL); it holds a fresh demonstration hall.

import assert from 'node:assert/strict';

export const BASE = (process.env.OW_URL || process.env.ONEWINDOW_URL || 'http://127.0.0.1:8411').replace(/\/$/, '');
export const PASSWORD = 'wolong-demo';

export async function ask(method, path, body, token, headers = {}) {
    const r = await fetch(BASE + path, {
        method,
        redirect: 'manual',
        headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers },
        body: body ? JSON.stringify(body) : undefined,
    });
    const text = await r.text();
    let json = null;
    try { json = JSON.parse(text); } catch { /* a page, or nothing */ }
    return { status: r.status, headers: r.headers, json, text };
}
// The answer, which must have this status, or one of these.
export async function ok(method, path, body, token, status = 200) {
    const r = await ask(method, path, body, token);
    assert.ok([status].flat().includes(r.status), `${method} ${path}: ${r.status} ${r.text.slice(0, 500)}`);
    return r.json;
}
export async function refused(status, code, method, path, body, token) {
    const r = await ask(method, path, body, token);
    assert.equal(r.status, status, `${method} ${path}: ${r.text.slice(0, 500)}`);
    assert.equal(r.json?.error?.code, code);
    assert.ok(r.json.error.message.length > 0, 'a refusal says what happened');
    assert.ok(status === 422 || r.json.error.hint.length > 0, 'and what to do');
    return r.json.error;
}
export const token_of = async (name) => (await ok('POST', '/login', { name, password: PASSWORD })).token;
