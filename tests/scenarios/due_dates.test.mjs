// Due dates against a second oracle: npm chinese-days for the days (the program's own calendar does not come from it) and
// a counting of its own, written from DOMAIN.md 3.4 and not from the program: working or natural days, day 1 the day after, time that stands
// still, an extension, the last natural day moved off a holiday. 10,000 cases, the same ones each run; every vector of DOMAIN.md 3.4.

import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';

const { isWorkday } = createRequire(import.meta.url)('chinese-days');
const BASE = (process.env.OW_URL || process.env.ONEWINDOW_URL || 'http://127.0.0.1:8411').replace(/\/$/, '');
const CASES = 10000, AT_ONCE = 32;
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

function get(path) {
    return new Promise((done, failed) => {
        http.get(BASE + path, { agent, headers: { Accept: 'application/json' } }, (r) => {
            let text = '';
            r.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => done({ status: r.statusCode, json: JSON.parse(text) }));
        }).on('error', failed);
    });
}
const due = (q) => get(`/calendar/due?from=${q.from}&days=${q.days}&unit=${q.unit}&extended=${q.extended ?? 0}${(q.stops ?? []).map((s) => `&stops=${s.join('/')}`).join('')}`);

// --- the oracle: days are numbers since 1970, all of it known beforehand ---
const DAY = 86400000;
const text_of = (n) => new Date(n * DAY).toISOString().slice(0, 10);
const number_of = (text) => Date.parse(`${text}T00:00:00Z`) / DAY;
const FIRST = number_of('2007-01-01'), LAST = number_of('2026-12-31');
const worked = new Map();
const is_worked = (n) => { // null: a year nobody has announced yet
    if (n > LAST) return null;
    if (!worked.has(n)) worked.set(n, isWorkday(text_of(n)));
    return worked.get(n);
};

function oracle({ from, days, unit, extended = 0, stops = [] }) {
    const held = new Set();
    for (const [begin, again] of stops) for (let n = number_of(begin); n < number_of(again); n++) held.add(n);
    let last = number_of(from), left = days + extended;
    const asked = left > 0;
    for (let n = last + 1; left > 0; n++) {
        if (is_worked(n) === null) return null;
        if (held.has(n) || (unit === 'working' && !is_worked(n))) continue;
        left--;
        last = n;
    }
    for (; asked && unit === 'natural' && !is_worked(last); last++) if (is_worked(last) === null) return null;
    return last > LAST ? null : text_of(last);
}

// A small generator of its own, so that a failure can be had again.
let seed = 20260202;
function chance(n) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
}
function make() {
    const start = FIRST + chance(LAST - FIRST + 1), q = { from: text_of(start), days: chance(61), unit: chance(3) ? 'working' : 'natural', stops: [] };
    q.extended = chance(4) ? 0 : 1 + chance(15);
    for (let at = start + chance(12), n = chance(4); n > 0; n--) {
        const again = at + chance(26);
        q.stops.push([text_of(at), text_of(again)]);
        at = again + chance(15) - 3; // some overlap
    }
    return q;
}

test('every vector of DOMAIN.md 3.4, and the sum of issue 5', async () => {
    const vectors = [['2021-01-22', 20, '2021-02-24'], ['2021-02-05', 5, '2021-02-18'], ['2024-02-08', 1, '2024-02-09'], ['2024-02-09', 1, '2024-02-18'],
        ['2025-01-24', 5, '2025-02-07'], ['2025-09-26', 20, '2025-10-30'], ['2026-02-13', 5, '2026-02-27'], ['2026-02-12', 20, '2026-03-18']];
    for (const [from, days, due_on] of vectors) assert.equal((await due({ from, days, unit: 'working' })).json.due_on, due_on, from);
    const sum = (await due({ from: '2026-02-02', days: 20, unit: 'working', stops: [['2026-02-04', '2026-02-13']] })).json;
    assert.equal(sum.due_on, '2026-03-17');
    assert.equal(sum.stopped, 7);
});

test(`${CASES} generated cases agree with the oracle`, async () => {
    const cases = Array.from({ length: CASES }, make), wrong = [];
    let refused = 0, held = 0, at = 0;
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        while (at < cases.length) {
            const q = cases[at++], expected = oracle(q), { status, json } = await due(q);
            const got = status === 200 ? json.due_on : json.error.code === 'calendar_unknown' ? null : `${status} ${json.error.code}`;
            refused += expected === null ? 1 : 0;
            held += expected !== null && json.stopped > 0 ? 1 : 0;
            if (got !== expected) wrong.push(`${JSON.stringify(q)}: ${got}, the oracle says ${expected}`);
        }
    }));
    assert.equal(wrong.length, 0, `${wrong.length} wrong, the first: ${wrong.slice(0, 5).join('\n')}`);
    assert.ok(held > 3000 && refused > 20 && refused < 500, `a mix: ${held} with time that stood still, ${refused} into an unknown year`);
});

test('what cannot be read is refused with its field', async () => {
    for (const stops of [[['2026-02-18', '2026-02-04']], [['x', 'y']], [['2026-02-30', '2026-03-04']]]) {
        const r = await due({ from: '2026-02-02', days: 5, unit: 'working', stops });
        assert.equal(r.status, 422);
        assert.equal(r.json.error.code, 'stop_shape');
        assert.equal(r.json.error.field, 'stops');
    }
});
