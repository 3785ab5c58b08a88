// What the HTTP tests share: requests by node's http module, which sends what it is told (fetch does
// not), and raw sockets for what no HTTP library would send. The server is the one named by OW_URL or
// ONEWINDOW_URL. OW_PATH and OW_BODY name a public act that makes something with a token.

import http from 'node:http';
import net from 'node:net';
import assert from 'node:assert/strict';

export const base = new URL((process.env.OW_URL || process.env.ONEWINDOW_URL || 'http://127.0.0.1:8411').replace(/\/$/, ''));
export const act_path = process.env.OW_PATH || '/tickets';
export const act_body = process.env.OW_BODY || '{"zone":"personal","channel":"guide"}';

export function send(method, path, headers = {}, body = undefined, options = {}) {
    return new Promise((done, failed) => {
        const request = http.request({ host: base.hostname, port: base.port, method, path, headers, agent: options.agent }, (answer) => {
            const parts = [];
            answer.on('data', (d) => parts.push(d));
            answer.on('end', () => {
                const text = Buffer.concat(parts).toString();
                let json = null;
                try { json = JSON.parse(text); } catch { /* not JSON */ }
                done({ status: answer.statusCode, headers: answer.headers, text, json, code: json?.error?.code });
            });
            answer.on('error', failed);
        });
        request.setTimeout(options.timeout || 20000, () => request.destroy(new Error(`${method} ${path}: no answer`)));
        request.on('error', failed);
        if (body !== undefined) request.write(body);
        request.end();
    });
}

export const post_json = (path, value, headers = {}) =>
    send('POST', path, { 'content-type': 'application/json', ...headers }, typeof value === 'string' ? value : JSON.stringify(value));
export const post_form = (path, text, headers = {}) =>
    send('POST', path, { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...headers }, text);
export const make = (headers = {}) => post_json(act_path, act_body, headers);

// Sends bytes as they are and gives back everything until the server ends it.
export function raw(bytes, { every_ms = 0, timeout = 30000 } = {}) {
    return new Promise((done) => {
        const started = Date.now();
        const socket = net.connect(Number(base.port), base.hostname);
        let text = '';
        let timer;
        const end = () => { clearInterval(timer); socket.destroy(); done({ text, took: Date.now() - started, status: Number(text.slice(9, 12)) || 0 }); };
        socket.setTimeout(timeout, end);
        socket.on('data', (d) => { text += d; });
        socket.on('close', end);
        socket.on('error', end);
        if (!every_ms) { socket.write(bytes); return; }
        let at = 0;
        timer = setInterval(() => { if (at < bytes.length && !socket.destroyed) socket.write(bytes.slice(at, ++at)); }, every_ms);
    });
}

export const host = `Host: ${base.host}\r\n`;

// The key of the first form on a page and the cookie it belongs to.
export async function get_key(path = '/login', cookie = '') {
    const page = await send('GET', path, { accept: 'text/html', ...(cookie ? { cookie } : {}) });
    const key = /name="key" value="([^"]+)"/.exec(page.text)?.[1];
    assert.ok(key, `no key on ${path}`);
    const given = (page.headers['set-cookie'] || []).map((c) => c.split(';')[0]).join('; ');
    return { key, cookie: cookie || given };
}

export function find_token(value) {
    if (value === null || typeof value !== 'object') return null;
    if (typeof value.token === 'string') return value.token;
    for (const v of Object.values(value)) {
        const t = find_token(v);
        if (t) return t;
    }
    return null;
}
