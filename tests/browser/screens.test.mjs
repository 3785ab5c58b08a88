// Every page there is, in the browser, as everybody who may open it: nothing that axe finds, nothing wider
// than the screen, no script or CSP fault (what the routes answer, and whether it is valid HTML, is tests/roles). The list
// of pages is read from /openapi.json, so a new page is tested from its first day.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { RULES_OF_STYLE, assert_accessible, assert_fits, close_browser, get_routes, log_in, new_page, shape_of, small_targets } from '../support/browser.mjs';
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
const is_file = (r) => /\/files\/\{file\}$|\/documents\/\{document\}$/.test(r.pattern); // a picture or PDF: the browser's own viewer, not a page of ours
const size_of = (path) => (path.startsWith('/display') ? 'wall' : path.startsWith('/kiosk') ? 'kiosk' : path.startsWith('/pad') ? 'pad' : null);

test('each GET route has a value for each of its holes, so that none is left out', () => {
    assert.ok(routes.length > 10, `only ${routes.length} routes`);
    assert.deepEqual(routes.filter((r) => r.missing.length).map((r) => `${r.pattern}: ${r.missing}`), []);
});

// Many answers have one shape (a refusal for each role, a menu with one line more). axe looks at each shape once in
// each size and mode; width and targets are looked at on every page.
const looked_at = new Set();
async function is_new(page, mode) {
    const mark = `${mode} ${JSON.stringify(page.viewportSize())} ${await shape_of(page)}`;
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
        await look(page, `${r.path} as ${who || 'visitor'} (${answer.status()})`);
    }
    assert.deepEqual(page.faults, [], `script and CSP faults of ${who || 'visitor'}`);
    await page.context().close();
    return seen;
}

for (const [who, size] of [[null, 'phone'], ['guide01', 'staff'], ['clerk01', 'staff'], ['helper01', 'phone'], ['manager01', 'staff'], ['sysadmin01', 'staff'], ['secadmin01', 'staff'], ['audit01', 'staff']]) {
    test(`pages of ${who || 'a visitor'}: zero axe violations, nothing too wide`, async () => {
        const faults = [];
        const seen = await each_page(who, size, {}, async (page, name) => {
            for (const check of await is_new(page, '') ? [assert_accessible, assert_fits] : [assert_fits]) {
                try { await check(page, name); } catch (e) { faults.push(`${name}: ${e.message.split('\n').filter((l) => l.trim().startsWith("'") || l.includes('px') || l.startsWith('+')).slice(0, 4).join(' ')}`); }
            }
        });
        assert.ok(seen.length >= (who ? 1 : 10), `only ${seen.join(' ')}`);
        assert.deepEqual(faults, []);
    });
}

// The elder mode and the high contrast are the same pages in other sizes and colours.
for (const [mode, query, least, rules] of [['elder', 'mode=elder', 60, RULES_OF_STYLE], ['high contrast', 'contrast=on', 44, RULES_OF_STYLE], ['English', 'lang=en', 44, null]]) {
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
            if (await is_new(page, mode)) {
                try { await assert_accessible(page, name, rules); } catch (e) { faults.push(e.message.slice(0, 400)); }
            }
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
