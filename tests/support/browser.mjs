// The browser of the tests: Debian's Chromium driven by playwright-core, with what every screen test
// needs: a log-in, axe with nothing tolerated, tidy for the HTML, pictures. The server is the one named
// by ONEWINDOW_URL (tools/build/test.sh starts it with a fresh demonstration hall).

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const base = (process.env.ONEWINDOW_URL || 'http://127.0.0.1:8411').replace(/\/$/, '');
export const PASSWORD = 'wolong-demo';
export const ROLES = ['guide01', 'clerk01', 'review01', 'helper01', 'duty01', 'watch01', 'manager01', 'sysadmin01', 'secadmin01', 'audit01'];
export const SIZES = {
    phone: { width: 390, height: 844 },
    staff: { width: 1366, height: 768 },
    wall: { width: 1920, height: 1080 },
    kiosk: { width: 1080, height: 1920 },
    pad: { width: 1280, height: 800 },
};

let browser = null;
export async function open_browser() {
    const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
    assert.ok(path, 'chromium is needed: apt-get install chromium');
    browser ??= await chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
    return browser;
}
export async function close_browser() {
    await browser?.close();
    browser = null;
}

// A fresh visitor's page. Errors of scripts and of the CSP are gathered in page.faults.
export async function new_page(size = 'phone', options = {}) {
    const context = await (await open_browser()).newContext({ viewport: SIZES[size], baseURL: base, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
    const page = await context.newPage();
    page.faults = [];
    page.on('pageerror', (e) => page.faults.push(`script: ${e.message}`));
    page.on('console', (m) => { if (m.type() === 'error' && !/Failed to load resource/.test(m.text())) page.faults.push(m.text()); });
    return page;
}

// Logs a staff member in by the page everybody uses, keyboard only.
export async function log_in(page, name, password = PASSWORD) {
    await page.goto('/login');
    await page.locator('[name=name]').fill(name);
    await page.locator('[name=password]').fill(password);
    await Promise.all([page.waitForURL((u) => !u.pathname.startsWith('/login')), page.locator('[name=password]').press('Enter')]);
}

// What a style can break in a page that is sound without it.
export const RULES_OF_STYLE = ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable', 'meta-viewport', 'css-orientation-lock'];

// WCAG 2.2 A and AA and axe's good habits: every violation, in words that lead to the element. rules: only these.
export async function axe_faults(page, rules = null) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate((only) => globalThis.axe.run(document, {
        resultTypes: ['violations'],
        rules: { 'target-size': { enabled: true } }, // WCAG 2.2, 2.5.8: axe leaves it out unless told
        ...(only && { runOnly: { type: 'rule', values: only } }),
    }), rules);
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${(n.any[0] || n.all[0] || n.none[0])?.message ?? v.help}`));
}
export async function assert_accessible(page, name, rules = null) {
    assert.deepEqual(await axe_faults(page, rules), [], `axe on ${name}`);
}

// What axe can see of a page: elements with their attributes and whether they hold words, but not which words; of
// neighbours that are alike (rows, links of a list) one. Two pages of one shape have the same violations.
export async function shape_of(page) {
    return page.evaluate(() => {
        const is_content = /^(href|action|src|value|datetime|content|data-.*|placeholder|title|aria-label)$/;
        const attribute = (a) => (is_content.test(a.name) ? a.name + (a.value.trim() ? '' : '-empty') : `${a.name}=${a.value.replace(/\d+/g, '0')}`);
        const shape = (e) => {
            const inside = [];
            for (const n of e.childNodes) {
                const one = n.nodeType === Node.ELEMENT_NODE ? shape(n) : n.nodeType === Node.TEXT_NODE && n.data.trim() ? 'words' : '';
                if (one && inside.at(-1) !== one) inside.push(one);
            }
            return `<${[e.localName, ...[...e.attributes].map(attribute)].join(' ')}>${inside.join('')}</>`;
        };
        return shape(document.documentElement);
    });
}

// Nothing may be wider than the screen it was made for (WCAG 1.4.10).
export async function assert_fits(page, name) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${name} is ${over} px too wide`);
}

// Targets of at least 44 px (60 in the elder mode), links inside sentences excepted (WCAG 2.5.8, MIIT 2021).
export async function small_targets(page, least) {
    return page.evaluate((px) => [...document.querySelectorAll('a[href], button, select, summary, input:not([type=hidden])')]
        .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.skip, p, td, .timeline, .hint') && !(e.type === 'checkbox' || e.type === 'radio'))
        .map((e) => [e, e.getBoundingClientRect()])
        .filter(([, r]) => r.width > 0 && (r.height < px - 0.5 || r.width < px - 0.5))
        .map(([e, r]) => `${e.outerHTML.slice(0, 80)} ${Math.round(r.width)}x${Math.round(r.height)}`), least);
}

// The JSON face of the same routes.
export async function call(method, path, body, token) {
    const r = await fetch(base + path, {
        method,
        headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
        body: body ? JSON.stringify(body) : undefined,
        redirect: 'manual',
    });
    const text = await r.text();
    let json = null;
    try { json = JSON.parse(text); } catch { /* a page */ }
    return { status: r.status, json, text, type: r.headers.get('content-type') || '' };
}
export async function token_of(name) {
    const r = await call('POST', '/login', { name, password: PASSWORD });
    assert.equal(r.status, 200, `log-in of ${name}: ${r.text}`);
    return r.json.token;
}

// Everything that can be looked at with GET, read from the program's own description: path, with the
// values of `samples` put into its holes; those it has no value for are told apart.
export async function get_routes(samples = {}) {
    const { json } = await call('GET', '/openapi.json');
    assert.ok(json?.paths, '/openapi.json describes no paths');
    const prefix = json.servers?.[0]?.url?.replace(/^https?:\/\/[^/]+/, '').replace(/\/$/, '') || '';
    return Object.entries(json.paths).filter(([, m]) => m.get).map(([pattern, m]) => {
        const route = pattern.replace(/^\/api\/v1(?=\/)/, '');
        const missing = [];
        const path = route.replace(/\{(\w+)\}/g, (_, name) => {
            const value = samples[`${route} ${name}`] ?? samples[name];
            if (value === undefined) missing.push(name);
            return encodeURIComponent(value ?? '');
        });
        return { pattern: route, path, missing, prefix, summary: m.get.summary || '' };
    });
}
