// The first visit (MISSION.md), on the real screens and by real hands: the couple whose marriage certificate
// is lost, he cannot climb stairs. Guide desk by keyboard, ticket on the phone, wall board, window by its
// function keys, wheelchair, helper, pad, the story of it all, the day's figures.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close_browser, log_in, new_page } from '../support/browser.mjs';
import { leave_turn, take_turn } from '../support/turn.mjs';

before(() => take_turn());
after(async () => { leave_turn(); await close_browser(); });

const DESK = '08'; // the green-channel window: ground floor, step-free

test('the first visit, from the door to the bus stop', async (t) => {
    const guide = await new_page('staff'), phone = await new_page('phone'), clerk = await new_page('staff');
    const board = await new_page('wall'), pad = await new_page('pad'), helper = await new_page('phone');
    const pages = [guide, phone, clerk, board, pad, helper];
    let number = '', token = '';

    await t.test('the clerk opens the window with F1', async () => {
        await log_in(clerk, 'clerk08');
        await clerk.goto('/desk');
        if (await clerk.locator('#desk').count()) { // else it stands open from a run before
            await clerk.locator('#desk').selectOption(DESK);
            await clerk.keyboard.press('F1');
        }
        await clerk.getByRole('heading', { name: new RegExp(`${DESK} 号窗口`) }).waitFor({ timeout: 5000 });
        await board.goto('/display/all');
        await pad.goto(`/pad/${DESK}`);
    });

    await t.test('the guide types what the couple says and issues a green ticket by keyboard alone', async () => {
        await log_in(guide, 'guide01');
        await guide.goto('/guide');
        assert.equal(await guide.evaluate(() => document.activeElement.name), 'q', 'the field is ready');
        await guide.keyboard.type('结婚证丢了');
        await guide.keyboard.press('Enter');
        await guide.waitForURL(/q=/);
        const first = guide.locator('form[action="/tickets"] li').first();
        assert.match(await first.textContent(), /补领结婚/);
        await guide.locator('input[value=no_stairs]').focus();
        await guide.keyboard.press('Space');
        await guide.locator('input[name=priority][value=green]').focus();
        await guide.keyboard.press('Space');
        await guide.locator('#name').fill('李小明');
        await guide.keyboard.press('F2');
        await guide.locator('#issued').waitFor({ timeout: 5000 });
        number = (await guide.locator('#issued .number').first().textContent()).trim();
        token = /tickets\/([^/]+)\/print/.exec(await guide.locator('#issued a[href$="/print"]').getAttribute('href'))[1];
        assert.match(number, /^[A-Z]\d{3}$/);
        assert.match(await guide.locator('#issued').textContent(), /一楼|1 楼/, 'downstairs, though the marriage windows are upstairs');
        await guide.goto(`/tickets/${token}/print`);
        assert.equal((await guide.locator('.ticket-print .ticket-number').textContent()).trim(), number);
        assert.equal(await guide.locator('.ticket-print img').evaluate((i) => i.complete && i.naturalWidth > 0), true, 'the QR code is there');
        await guide.goto('/guide');
    });

    await t.test('the phone shows the ticket; the call turns it green and stands on the wall, nobody reloading', async () => {
        await phone.goto(`/tickets/${token}`);
        assert.equal((await phone.locator('#ticket .ticket-number').textContent()).trim(), number);
        await phone.waitForTimeout(1000);
        await clerk.keyboard.press('F1');
        await clerk.locator('.now-number', { hasText: number }).waitFor({ timeout: 5000 });
        await phone.locator('.ticket.called').waitFor({ timeout: 5000 });
        assert.match(await phone.locator('#ticket').textContent(), new RegExp(`${Number(DESK)} ?号窗口`));
        await board.locator(`.call:first-child:has-text("${number}")`).waitFor({ timeout: 5000 });
        assert.match(await clerk.locator('.acts .why').textContent(), /绿色通道/, 'why this person');
    });

    await t.test('the case goes from start to decision by F3, F4, F7, and the name is not typed again', async () => {
        await clerk.keyboard.press('F3');
        await clerk.locator('#intake').waitFor({ timeout: 5000 });
        assert.equal(await clerk.locator('#applicant-name').count(), 0, 'the name came with the ticket');
        await clerk.locator('[data-check-all]').check();
        await clerk.keyboard.press('F4');
        await clerk.getByText('已受理').waitFor({ timeout: 5000 });
        await clerk.keyboard.press('F7');
        await clerk.locator('.now-number').waitFor({ state: 'detached', timeout: 5000 });
    });

    await t.test('one touch on the pad is enough', async () => {
        await pad.locator('.face').first().waitFor({ timeout: 10000 });
        await pad.locator('.face[value="5"]').click();
        await pad.getByText('谢谢').first().waitFor({ timeout: 5000 });
    });

    await t.test('a wheelchair is lent and comes back', async () => {
        await guide.goto(`/guide?issued=${token}`);
        await guide.keyboard.press('F4');
        await guide.locator('form[action="/loans"] button[value=wheelchair]').click();
        await guide.waitForURL((u) => !u.search.includes('issued=') || u.pathname !== '/guide', { timeout: 5000 }).catch(() => {});
        await guide.goto('/loans');
        await guide.locator('#out tbody tr').first().waitFor({ timeout: 5000 });
        const out = await guide.locator('#out tbody tr').count();
        await guide.locator('#out tbody tr button').first().click();
        await guide.waitForFunction((n) => document.querySelectorAll('#out tbody tr').length < n, out, { timeout: 5000 });
    });

    await t.test('a helper walks them to the bus', async () => {
        await log_in(helper, 'helper01');
        await helper.goto('/helper');
        await helper.getByRole('button', { name: '一楼上岗' }).click();
        await guide.goto(`/guide?issued=${token}`);
        await guide.keyboard.press('F3');
        await guide.locator('#place_to').fill('公交站');
        await guide.locator('form[action="/assists"] button[value=bus]').click();
        await helper.getByRole('button', { name: '我来' }).first().waitFor({ timeout: 8000 });
        for (const word of ['我来', '到了', '完成']) await helper.getByRole('button', { name: word }).first().click();
        await helper.getByText('现在没有人求助').waitFor({ timeout: 8000 });
    });

    await t.test('one timeline tells all of it, and the figures count it', async () => {
        await guide.goto(`/visits/${token}`);
        const story = await guide.locator('.timeline').textContent();
        for (const step of [/取号/, /请.*号窗口/, /开始办理/, /收件/, /受理/, /准予/, /办结/, /评价/, /轮椅/, /帮/]) assert.match(story, step);
        await phone.goto(`/visits/${token}`);
        const theirs = await phone.locator('.timeline').textContent();
        for (const step of [/取号/, /受理/, /准予/]) assert.match(theirs, step);
        assert.doesNotMatch(theirs, /材料核对/, 'inner steps are for staff');
        const manage = await new_page('staff');
        pages.push(manage);
        await log_in(manage, 'manager01');
        await manage.goto('/manage');
        assert.match(await manage.locator('.figures').first().textContent(), /[1-9]\d*\s*已经办完/);
    });

    for (const p of pages) {
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});
