// The plan of the hall: live by events, the same at a past minute as it was then, also without script; the emergency
// button in two steps, heard and answered; the guide desk by keys, each counted.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assert_accessible, assert_fits, call, close_browser, log_in, new_page, token_of } from '../support/browser.mjs';
import { leave_turn, take_turn } from '../support/turn.mjs';

let guide, clerk;
before(async () => {
    await take_turn();
    guide = await token_of('guide01');
    clerk = await token_of('clerk03');
    await call('POST', '/desk/open', { desk: '11' }, clerk);
});
after(async () => { leave_turn(); await close_browser(); });

const window_11 = (page) => page.locator('.hall-plan .window', { has: page.locator('text.code', { hasText: /^11/ }) });
const word_of = async (page) => (await window_11(page).locator('text.word').textContent()).trim();
async function until(what, wanted, ms = 6000) {
    let got;
    for (const end = Date.now() + ms; Date.now() < end; await new Promise((done) => setTimeout(done, 100))) { got = await what(); if (wanted.test(got)) return got; }
    throw new Error(`${got} is not ${wanted}`);
}

test('the plan follows the hall by itself, and the table says the same as the drawing', async () => {
    const page = await new_page('staff');
    await log_in(page, 'manager01');
    await page.goto('/floors');
    assert.match(await word_of(page), /空闲/);
    await page.waitForTimeout(2500);
    assert.equal((await call('POST', '/tickets', { item: '', zone: 'personal', channel: 'guide' }, guide)).status, 201);
    const number = (await call('POST', '/desk/call', {}, clerk)).json.ticket.number;
    await until(() => word_of(page), /叫号/);
    await call('POST', '/desk/start', {}, clerk);
    await until(() => word_of(page), /办理/);
    assert.equal(await window_11(page).locator('text.note').textContent(), number);
    for (const t of await page.locator('details.card > summary').all()) await t.click();
    const row = await page.locator('tr', { has: page.locator('th', { hasText: /^11 / }) }).textContent();
    assert.match(row, new RegExp(`办理.*${number}`));
    assert.equal(await page.locator('.hall-plan .window').count(), await page.locator('#plan tbody tr').count());
    await assert_accessible(page, '/floors');
    await assert_fits(page, '/floors');
    await call('POST', '/desk/finish', {}, clerk);
    await call('POST', '/desk/pause', { reason: '临时离开' }, clerk);
    await until(() => word_of(page), /暂停/);
    await call('POST', '/desk/resume', {}, clerk);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a past minute is seen again with steps and the slider, and without script by the form', async () => {
    const page = await new_page('staff', { javaScriptEnabled: false });
    await log_in(page, 'manager01');
    await page.goto('/floors');
    await page.getByRole('button', { name: '看这一分钟' }).first().click();
    await page.getByText('按记录重新算出来的').waitFor();
    assert.equal(await page.locator('.hall-plan .window').count(), 55);
    const time = await page.locator('#replay-steps b').textContent();
    await page.getByRole('link', { name: '早 1 分' }).click();
    if (time !== '00:00') assert.notEqual(await page.locator('#replay-steps b').textContent(), time);
    await page.goto('/floors/past?on=2020-01-01&time=09:30');
    assert.match(await page.locator('.plan-key').textContent(), /关闭 55/);
    await page.context().close();

    const other = await new_page('staff');
    await log_in(other, 'manager01');
    await other.goto('/floors/past');
    await other.locator('#minute').focus();
    const at = await other.locator('#minute').inputValue();
    if (Number(at) > 0) {
        await other.keyboard.press('ArrowLeft');
        await other.waitForFunction((was) => new URL(location.href).searchParams.get('minute') === String(was - 1), Number(at), { timeout: 6000 });
    }
    await assert_accessible(other, '/floors/past');
    const r = await call('GET', '/floors/past?on=2020-01-01&time=25:99', null, await token_of('manager01'));
    assert.equal(r.status, 422);
    assert.ok(r.json.error.hint.length > 0);
    await other.context().close();
});

test('the emergency button takes two steps, rings at the manager, and tells the clerk who comes', async () => {
    const page = await new_page('staff'), manager = await new_page('staff');
    await log_in(page, 'clerk03');
    await page.goto('/desk');
    await log_in(manager, 'manager01');
    await manager.goto('/floors');
    await manager.evaluate(() => { globalThis.rung = 0; document.addEventListener('alarm:rung', () => { globalThis.rung++; }); });
    const sound = manager.locator('[data-alarm-sound]');
    await manager.waitForTimeout(800);
    if (await sound.isVisible()) await sound.click();
    await manager.waitForTimeout(1500);
    const sure = page.getByRole('button', { name: '确定：紧急求助' });
    assert.equal(await sure.isVisible(), false, 'not with one press');
    await page.locator('summary', { hasText: '紧急求助' }).click();
    await sure.click();
    await page.getByText('已经通知主任和值班领导').waitFor();
    await manager.locator('.alarm').waitFor({ timeout: 5000 });
    assert.match(await window_11(manager).locator('text.code').textContent(), /🔔/);
    await manager.waitForFunction(() => globalThis.rung > 0, null, { timeout: 9000 });
    await assert_accessible(manager, '/floors with an emergency call');
    await assert_accessible(page, '/desk with an emergency call');
    await manager.getByRole('button', { name: '我马上过去' }).click();
    await manager.waitForURL('**/alarms');
    await page.getByText(/答应，正在过来/).waitFor({ timeout: 6000 });
    await assert_accessible(manager, '/alarms');
    await manager.locator('[name=note]').fill('已经平静');
    await manager.getByRole('button', { name: '已经处理好' }).click();
    await manager.getByText('现在没有紧急求助').waitFor();
    await page.locator('summary', { hasText: '紧急求助' }).waitFor({ timeout: 6000 });
    assert.deepEqual([...page.faults, ...manager.faults], []);
    await page.context().close();
    await manager.context().close();
});

// Keys pressed after the words were typed and Enter was pressed; what is typed into a field is not counted.
test('guide desk: ticket, help, loan, booking and where is what in at most three keys after the search', async () => {
    const page = await new_page('staff');
    await log_in(page, 'guide01');
    let keys;
    const search = async (words) => {
        await page.goto('/guide');
        await page.keyboard.type(words);
        await Promise.all([page.waitForURL(/q=/), page.keyboard.press('Enter')]);
        keys = 0;
    };
    const press = async (key) => { keys++; await page.keyboard.press(key); };
    const enough = (what) => assert.ok(keys <= 3, `${what} takes ${keys} keys`);

    await search('结婚证丢了');
    for (const key of ['F1', 'F2', 'F3', 'F4', 'F6', 'F8']) assert.ok(await page.locator('kbd', { hasText: new RegExp(`^${key}$`) }).first().isVisible(), `${key} is shown`);
    await assert_accessible(page, '/guide');
    await press('F1');
    await press('1');
    assert.equal(await page.locator('[name=needs][value=no_stairs]').isChecked(), true);
    await press('F2');
    await page.locator('#issued').waitFor();
    enough('a ticket for somebody who cannot climb stairs');

    keys = 0; // help for the person just seen
    await press('F3');
    await Promise.all([page.waitForNavigation(), press('2')]);
    enough('help');
    const helped = await call('GET', '/helper', null, await token_of('helper01'));
    assert.match(helped.text, /stairs|扶上楼/);

    await search('补领结婚证');
    await press('F2');
    await page.locator('#issued').waitFor();
    keys = 0;
    await press('F4');
    await Promise.all([page.waitForNavigation(), press('1')]);
    enough('a loan');
    assert.ok((await call('GET', '/loans', null, guide)).json.items.length > 0);

    await search('补领结婚证');
    await press('F4');
    await page.keyboard.type('李建国');
    await press('Tab');
    await Promise.all([page.waitForNavigation(), press('1')]);
    enough('a loan to somebody without a ticket');

    await search('补领结婚证');
    await Promise.all([page.waitForURL(/bookings\/new\?item=/), press('F6')]);
    enough('a booking of what was found');

    await search('厕所在哪');
    assert.match(await page.locator('[data-open-key=F8] li').first().textContent(), /卫生间.*楼/, 'what was asked for comes first, without a key');
    await search('补领结婚证');
    await press('F8');
    await page.getByText('母婴室').waitFor();
    enough('where is what');

    await search('xyzzy');
    await press('Alt+3');
    await page.locator('#issued').waitFor();
    enough('a ticket of a zone');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});
