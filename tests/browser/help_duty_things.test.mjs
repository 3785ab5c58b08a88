// The helper's phone, the duty page and a fault report on a phone: done with thumbs only, nothing that axe finds, nothing wider
// than the screen; the manager's three pages wide.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assert_accessible, assert_fits, close_browser, log_in, new_page } from '../support/browser.mjs';
import { ok, token_of } from '../support/ask.mjs';
import { leave_turn, take_turn } from '../support/turn.mjs';

const who = {};
let label, mine;
const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
before(async () => {
    await take_turn();
    for (const name of ['helper03', 'guide01', 'manager01']) who[name] = await token_of(name);
    label = (await ok('GET', '/things', undefined, who.guide01)).items.find((t) => t.code === 'CR-01').label;
    const rota = await ok('GET', '/manage/duty', undefined, who.manager01);
    mine = rota.rota.find((s) => s.on === today && s.staff === '徐秀英');
    const taken = rota.rota.find((s) => s.on === today && s.post === 'stairs');
    if (!mine && !taken?.checked_at) mine = await ok('POST', '/manage/duty/put', { on: today, post: 'stairs', staff: rota.people.find((p) => p.name === '徐秀英').staff_id }, who.manager01, [200, 201]);
});
after(async () => { leave_turn(); await close_browser(); });
const good = async (page) => { await assert_accessible(page); await assert_fits(page); assert.deepEqual(page.faults, []); };

test('a visitor asks from the bus stop, the helper comes, the visitor rates', async () => {
    await ok('POST', '/helper/on', { floor: 1 }, who.helper03, [200, 201]);
    const visitor = await new_page('phone');
    await visitor.goto('/help?from=bus_stop');
    await good(visitor);
    assert.equal(await visitor.locator('#place_from').inputValue(), '公交站');
    await visitor.locator('[name=kind][value=bus]').check({ force: true });
    await visitor.locator('#what').fill('两位老人，走得慢');
    await visitor.getByRole('button', { name: '请人来帮我' }).click();
    await visitor.waitForURL(/\/assists\//);
    await good(visitor);
    const helper = await new_page('phone');
    await log_in(helper, 'helper03');
    await helper.goto('/helper');
    await good(helper);
    const card = helper.locator('section.card', { hasText: '两位老人' });
    await card.getByRole('button', { name: '我来' }).click();
    await helper.getByRole('button', { name: '到了' }).click();
    await helper.getByText('代办记录').click();
    await helper.locator('#paper-what').fill('卡和密码纸条');
    await helper.locator('#paper-for').fill('买票');
    await helper.locator('#paper-whose').fill('老人自己');
    await helper.getByRole('button', { name: '记下' }).click();
    assert.match(await helper.locator('[role=alert]').innerText(), /密码/);
    await good(helper);
    await helper.goto('/helper');
    await helper.getByRole('button', { name: '完成' }).click();
    await visitor.reload();
    await visitor.locator('[name=grade][value="5"]').check({ force: true });
    await visitor.getByRole('button', { name: '评价' }).click();
    await visitor.getByText('您的评价已经收到').waitFor();
    await good(visitor);
});

test('on duty: check in with the number of the place, write the record, ask for leave', async () => {
    const page = await new_page('phone');
    await log_in(page, 'helper03');
    await page.goto('/duty');
    await good(page);
    if (mine && !mine.checked_at) {
        await page.locator('[name=code]').first().fill('0000');
        await page.getByRole('button', { name: '到岗签到' }).first().click();
        assert.match(await page.locator('[role=alert]').innerText(), /牌/);
        const code = { floor1: '1102', floor2: '2203', stairs: '1204' }[mine.post];
        await page.locator('[name=code]').first().fill(code);
        await page.getByRole('button', { name: '到岗签到' }).first().click();
        await page.locator('textarea[name=text]').fill('上午人多，扶了三位老人。');
        await page.getByRole('button', { name: '写好了' }).click();
        await page.getByText('已写记录').first().waitFor();
    }
    await page.getByText('写一份请假').click();
    await good(page);
});

test('a label is scanned: what it is, where it belongs, what is broken', async () => {
    const page = await new_page('phone');
    await page.goto(`/things/${label}`);
    await good(page);
    await page.locator('#what').fill('橡胶头磨光了');
    await page.getByRole('button', { name: '报修' }).click();
    await page.getByText('橡胶头磨光了').waitFor();
    await good(page);
    await page.goto('/cannot');
    await good(page);
});

test('the manager: help, duty, things, labels', async () => {
    const page = await new_page('staff');
    await log_in(page, 'manager01');
    for (const path of ['/manage/help', '/manage/duty', '/duty', '/things', '/manage/things/labels', '/loans']) {
        await page.goto(path);
        await good(page);
    }
});
