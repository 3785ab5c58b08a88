// Every page there is, in the browser, as everybody who may open it: nothing that axe finds, valid HTML,
// nothing wider than the screen, no script or CSP fault (what the routes answer is tests/roles). The list
// of pages is read from /openapi.json, so a new page is tested from its first day.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assert_accessible, assert_fits, close_browser, get_routes, log_in, new_page, small_targets, tidy_faults } from '../support/browser.mjs';
import { leave_turn, take_turn } from '../support/turn.mjs';
import { make_visit, samples_of } from '../support/visit.mjs';

let routes = [];
before(async () => {
    await take_turn();
    routes = await get_routes(samples_of(await make_visit()));
    leave_turn();
});
after(close_browser);

const is_stream = (r) => r.pattern === '/events';
const is_file = (r) => r.pattern.endsWith('/files/{file}'); // a picture or PDF: the browser's own viewer, not a page of ours
const size_of = (path) => (path.startsWith('/display') ? 'wall' : path.startsWith('/kiosk') ? 'kiosk' : path.startsWith('/pad') ? 'pad' : null);

test('each GET route has a value for each of its holes, so that none is left out', () => {
    assert.ok(routes.length > 10, `only ${routes.length} routes`);
    assert.deepEqual(routes.filter((r) => r.missing.length).map((r) => `${r.pattern}: ${r.missing}`), []);
});

// Many answers are the same for several people (a refusal, a page without a name on it), but for the keys of their
// forms: what was looked at in this size is not looked at again.
const looked_at = new Set();
function is_new(page, text) {
    const mark = `${JSON.stringify(page.viewportSize())} ${text.replace(/value="[\w-]{43}"/g, 'value="key"')}`;
    return !looked_at.has(mark) && looked_at.add(mark);
}

// Pages that this person gets as HTML, opened in the browser one after the other. What everybody may open is
// looked at as visitor, and once more as the guide.
const for_everybody = new Set();
async function each_page(who, size, options, look) {
    const page = await new_page(size, options);
    if (who) await log_in(page, who);
    const seen = [];
    for (const r of routes.filter((x) => !is_stream(x) && !is_file(x))) {
        if (who && who !== 'guide01' && for_everybody.has(r.path)) continue;
        if (size_of(r.path)) await page.setViewportSize(size_of(r.path) === 'wall' ? { width: 1920, height: 1080 } : size_of(r.path) === 'kiosk' ? { width: 1080, height: 1920 } : { width: 1280, height: 800 });
        let answer;
        try { answer = await page.goto(r.path, { waitUntil: 'load' }); } catch (e) { if (/Download is starting/.test(e.message)) continue; throw e; }
        if (!answer || !(answer.headers()['content-type'] || '').startsWith('text/html')) continue;
        if (!who && new URL(page.url()).pathname === '/login' && r.path !== '/login') continue;
        assert.ok(answer.status() < 500, `${r.path}: ${answer.status()}`);
        seen.push(r.path);
        if (!who && answer.status() === 200) for_everybody.add(r.path);
        await look(page, `${r.path} as ${who || 'visitor'} (${answer.status()})`, answer);
    }
    assert.deepEqual(page.faults, [], `script and CSP faults of ${who || 'visitor'}`);
    await page.context().close();
    return seen;
}

for (const [who, size] of [[null, 'phone'], ['guide01', 'staff'], ['clerk01', 'staff'], ['helper01', 'phone'], ['manager01', 'staff'], ['sysadmin01', 'staff'], ['secadmin01', 'staff'], ['audit01', 'staff']]) {
    test(`pages of ${who || 'a visitor'}: valid HTML, zero axe violations, nothing too wide`, async () => {
        const faults = [];
        const seen = await each_page(who, size, {}, async (page, name, answer) => {
            const text = await answer.text();
            if (!is_new(page, text)) return;
            const html = tidy_faults(text);
            if (html.length) faults.push(`${name}: ${html.slice(0, 3).join(' | ')}`);
            for (const check of [assert_accessible, assert_fits]) {
                try { await check(page, name); } catch (e) { faults.push(`${name}: ${e.message.split('\n').filter((l) => l.trim().startsWith("'") || l.includes('px') || l.startsWith('+')).slice(0, 4).join(' ')}`); }
            }
        });
        assert.ok(seen.length >= (who ? 1 : 10), `only ${seen.join(' ')}`);
        assert.deepEqual(faults, []);
    });
}

for (const [mode, query, least] of [['elder', 'mode=elder', 60], ['high contrast', 'contrast=on', 44], ['English', 'lang=en', 44]]) {
    test(`a visitor's pages in ${mode}: zero axe violations, large enough targets`, async () => {
        const faults = [];
        let is_set = false;
        await each_page(null, 'phone', {}, async (page, name) => {
            if (!is_set) {
                is_set = true;
                const here = page.url();
                await page.goto(`/preferences?${query}&back=/`);
                await page.goto(here);
            }
            try { await assert_accessible(page, name); } catch (e) { faults.push(e.message.slice(0, 400)); }
            const small = await small_targets(page, least);
            if (small.length) faults.push(`${name}: ${small.slice(0, 3).join(' | ')}`);
        });
        assert.deepEqual(faults, []);
    });
}

test('without script a visitor searches, takes a number and follows it', async () => {
    const page = await new_page('phone', { javaScriptEnabled: false });
    await page.goto('/');
    await page.locator('input[name=q]').first().fill('结婚证丢了');
    await page.locator('input[name=q]').first().press('Enter');
    await page.getByRole('link', { name: /结婚/ }).first().click();
    await page.getByRole('link', { name: '取号排队' }).first().click();
    await page.getByRole('button', { name: '取号' }).click();
    await page.waitForURL(/\/tickets\//);
    assert.match(await page.locator('.ticket-number').textContent(), /[A-Z]\s*\d/);
    await page.context().close();
});
