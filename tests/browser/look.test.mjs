// What can be said about the look without a server: templates use only the words that app.css explains,
// colours keep their contrast in every mode, and a visitor's first load stays small.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const css = readFileSync(path.join(root, 'assets/app.css'), 'utf8');

const templates = () => readdirSync(path.join(root, 'src'), { recursive: true }).filter((f) => f.endsWith('.html')).map((f) => path.join('src', f));

test('every class in a template is one that app.css knows', () => {
    const known = new Set([...css.matchAll(/\.([a-z][a-z0-9-]*)/g)].map((m) => m[1]));
    const unknown = [];
    for (const file of templates()) {
        const text = readFileSync(path.join(root, file), 'utf8').replace(/\{#[\s\S]*?#\}/g, '');
        for (const m of text.matchAll(/class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"/g)) {
            const words = m[1].replace(/[\w-]*\{\{.*?\}\}[\w-]*/g, ' ').replace(/\{%.*?%\}/g, ' ').split(/\s+/).filter(Boolean);
            for (const w of words) if (!known.has(w)) unknown.push(`${file}: ${w}`);
        }
    }
    assert.deepEqual([...new Set(unknown)], []);
});

// WCAG 2.2, 1.4.3 and 1.4.11: relative luminance and contrast as defined there.
const channel = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
function luminance(hex) {
    const full = hex.length === 4 ? [...hex.slice(1)].map((c) => c + c).join('') : hex.slice(1);
    const [r, g, b] = [0, 2, 4].map((i) => channel(parseInt(full.slice(i, i + 2), 16) / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b) {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
}
const variables = (block) => Object.fromEntries([...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{3,6})\b/g)].map((m) => [m[1], m[2]]));

test('colours keep 4.5:1 for words and 3:1 for edges, plain and high-contrast', () => {
    const plain = variables(/:root \{([^}]*)\}/.exec(css)[1]);
    const high = { ...plain, ...variables(/body\.contrast \{([^}]*)\}/.exec(css)[1]) };
    const words = [['ink', 'card'], ['ink', 'ground'], ['ink-soft', 'card'], ['ink-soft', 'ground'], ['blue', 'card'], ['blue', 'ground'], ['blue', 'blue-pale'], ['on-blue', 'blue'],
        ['on-blue', 'blue-deep'], ['red', 'card'], ['red', 'red-pale'], ['card', 'red'], ['green', 'card'], ['green', 'green-pale'], ['card', 'green'],
        ['amber', 'amber-pale'], ['amber', 'card'], ['purple', 'purple-pale'], ['purple', 'card'], ['focus-ink', 'focus']];
    for (const [name, set] of [['plain', plain], ['high', high]]) {
        for (const [a, b] of words) assert.ok(contrast(set[a], set[b]) >= 4.5, `${name}: ${a} on ${b} is ${contrast(set[a], set[b]).toFixed(2)}`);
        assert.ok(contrast(set['line-strong'], set.card) >= 3, `${name}: edges of fields`);
    }
    for (const [a, b] of [['ink', 'card'], ['blue', 'card']]) assert.ok(contrast(high[a], high[b]) >= 7, `high: ${a} on ${b}`);
});

test('line height and touch targets are as the elder rules want', () => {
    const plain = /:root \{([^}]*)\}/.exec(css)[1], elder = /body\.elder \{([^}]*)\}/.exec(css)[1];
    const px = (block, name) => 18 * Number(new RegExp(`--${name}:\\s*([\\d.]+)rem`).exec(block)[1]);
    assert.ok(Number(/--leading:\s*([\d.]+)/.exec(plain)[1]) >= 1.5);
    assert.equal(px(plain, 't-body'), 18);
    assert.ok(px(plain, 'touch') >= 44);
    assert.ok(px(elder, 'touch') >= 60);
    assert.ok(px(elder, 't-body') >= 24); // 18 pt
});

test('what a visitor loads first fits into 120 KB compressed, and nothing asks for eval or inline style', () => {
    const files = ['app.css', 'live.js'].map((f) => readFileSync(path.join(root, 'assets', f)));
    const squeezed = files.reduce((n, f) => n + Math.min(gzipSync(f, { level: 9 }).length, brotliCompressSync(f).length), 0);
    assert.ok(squeezed <= 40 * 1024, `style and script are ${squeezed} bytes`); // the rest is for the page and its icons
    for (const name of ['live.js', 'staff.js', 'machine.js']) {
        const text = readFileSync(path.join(root, 'assets', name), 'utf8');
        assert.doesNotMatch(text, /\beval\(|new Function|innerHTML|document\.write|setAttribute\('style'/, name);
    }
});
