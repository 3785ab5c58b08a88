// The editor of the item directory in a real browser: what is typed survives a lost connection and a reload, two
// editors see each other's words, everything can be done with the keyboard, and axe finds nothing.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe_faults, base, call, close_browser, log_in, new_page, token_of } from '../support/browser.mjs';

let id, version, first;
const at = (query = '') => `/admin/items/${id}/versions/${version}${query}`;
const LIMITS = '?part=elements&group=1';

before(async () => {
    const editor = await token_of('editor01');
    const list = await call('GET', '/admin/items?q=%E6%8A%A4%E7%85%A7', undefined, editor);
    const free = (list.json.items.length ? list.json : (await call('GET', '/admin/items', undefined, editor)).json).items.find((i) => !i.draft);
    id = free.id;
    const made = await call('POST', `/admin/items/${id}/open`, {}, editor);
    assert.equal(made.status, 201, made.text);
    version = made.json.version;
});
after(close_browser);

async function editor_page(account = 'editor01') {
    const page = await new_page('staff');
    await log_in(page, account);
    return page;
}
const condition = (page) => page.locator('#f-accept_condition-zh');
const provenance = (page) => page.locator('#f-accept_condition-state');

test('a directory account begins at the list', async () => {
    const page = await editor_page();
    assert.equal(new URL(page.url()).pathname, '/admin/items');
    assert.equal(await page.locator('.bar nav a[aria-current=page]').innerText(), '事项管理');
    first = page;
});

test('what is typed is there after the connection was lost and the page reloaded', async () => {
    const page = first;
    await page.goto(at(LIMITS));
    await condition(page).fill('断线以前写的条件');
    assert.equal(await page.locator('.dir-saved').innerText(), '未保存');
    await page.context().setOffline(true);
    page.on('dialog', (d) => d.accept());
    await page.locator('#editor button.primary').click().catch(() => {});
    await page.context().setOffline(false);
    await page.goto(at(LIMITS));
    assert.notEqual(await condition(page).inputValue(), '断线以前写的条件');
    await page.getByRole('button', { name: '取回来' }).click();
    assert.equal(await condition(page).inputValue(), '断线以前写的条件');
    await provenance(page).selectOption('demonstration');
    await Promise.all([page.waitForNavigation(), page.locator('#editor button.primary').click()]);
    assert.match(await page.locator('.dir-saved').innerText(), /^已保存 \d\d:\d\d$/);
    assert.equal(await condition(page).inputValue(), '断线以前写的条件');
    await page.reload();
    assert.equal(await page.getByRole('button', { name: '取回来' }).count(), 0, 'what was saved is not offered again');
});

test('two editors: the second sees the other words beside the own, and nothing is overwritten', async () => {
    const a = first, b = await editor_page('checker01');
    await b.goto(at(LIMITS));
    await a.goto(at(LIMITS));
    await condition(a).fill('甲写的条件');
    await Promise.all([a.waitForNavigation(), a.locator('#editor button.primary').click()]);
    await condition(b).fill('乙写的条件');
    await b.locator('#f-anticipate_explain-zh').fill('乙写的说明');
    await b.locator('#f-anticipate_explain-state').selectOption('demonstration');
    await Promise.all([b.waitForNavigation(), b.locator('#editor button.primary').click()]);
    assert.match(await b.locator('#conflict').innerText(), /别人存过这一稿/);
    assert.equal(await condition(b).inputValue(), '乙写的条件', 'what was typed is still there');
    assert.match(await b.locator('.field', { has: condition(b) }).innerText(), /甲写的条件/);
    assert.deepEqual(await axe_faults(b), []);
    await b.locator('.field', { has: condition(b) }).getByLabel('用别人的').check();
    await Promise.all([b.waitForNavigation(), b.locator('#editor button.primary').click()]);
    assert.equal(await condition(b).inputValue(), '甲写的条件');
    assert.equal(await b.locator('#f-anticipate_explain-zh').inputValue(), '乙写的说明');
    await b.context().close();
});

test('a fault stands beside its field and in the summary, whose link leads to it by keyboard', async () => {
    const page = first;
    await page.goto(at(LIMITS));
    await page.locator('#f-promise_day-zh').fill('五天');
    await Promise.all([page.waitForNavigation(), page.locator('#f-promise_day-zh').press('Enter')]);
    assert.equal(await page.locator('#f-promise_day-zh').inputValue(), '五天');
    await page.locator('#faults a').first().focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id || location.hash.slice(1)), 'f-promise_day-zh');
    assert.deepEqual(await axe_faults(page), []);
    assert.deepEqual(page.faults, []);
});

test('papers are added, moved and removed with the keyboard alone', async () => {
    const page = first;
    await page.goto(at('?part=papers'));
    await page.evaluate(() => localStorage.clear());
    const before = await page.locator('tbody tr').count();
    await page.getByRole('link', { name: '加一行' }).focus();
    await Promise.all([page.waitForURL(/at=/), page.keyboard.press('Enter')]);
    await page.locator('#f-name').fill('一份<b>新</b>材料');
    await page.locator('#f-state').selectOption('demonstration');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('F4')]);
    assert.equal(await page.locator('tbody tr').count(), before + 1);
    const last = page.locator('tbody tr').last();
    assert.match(await last.innerText(), /一份<b>新<\/b>材料/);
    if (before > 0) {
        await last.getByRole('button', { name: /上移/ }).focus();
        await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
        assert.match(await page.locator('tbody tr').nth(before - 1).innerText(), /一份<b>新/);
    }
    const row = page.locator('tbody tr', { hasText: '一份<b>新' });
    await row.getByRole('button', { name: /删去/ }).focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.equal(await page.locator('tbody tr').count(), before);
});

test('a blank form is uploaded, opened and replaced, and a wrong file is told beside the field', async () => {
    const page = first;
    await page.goto(at('?part=files'));
    const before = await page.locator('tbody tr').count();
    await page.locator('#file').setInputFiles({ name: '程序.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ no form') });
    await page.locator('form[enctype="multipart/form-data"] button').focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.match(await page.locator('.field', { has: page.locator('#file') }).innerText(), /只收 PDF/);
    assert.deepEqual(await axe_faults(page), []);
    await page.locator('#file').setInputFiles({ name: '申请表.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 form') });
    await page.locator('#file-state').selectOption('demonstration');
    await page.locator('form[enctype="multipart/form-data"] button').focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    const row = page.locator('tbody tr').last();
    assert.equal(await page.locator('tbody tr').count(), before + 1);
    assert.match(await row.innerText(), /申请表[^]*空白表格 · PDF · 1 KB/);
    const href = await row.getByRole('link', { name: /打开看/ }).getAttribute('href');
    assert.equal((await page.request.get(base + href)).headers()['content-type'], 'application/pdf');
    await row.getByRole('link', { name: '申请表', exact: true }).focus();
    await Promise.all([page.waitForURL(/at=/), page.keyboard.press('Enter')]);
    await page.locator('#file').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a00', 'hex') });
    await page.locator('form[enctype="multipart/form-data"] button').focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.match(await page.locator('tbody tr').last().innerText(), /申请表[^]*空白表格 · PNG/);
    assert.equal(await page.locator('tbody tr').count(), before + 1);
    assert.deepEqual(page.faults, []);
});

test('the preview is the guide itself, with a banner', async () => {
    const page = first;
    await page.goto(at('/preview'));
    assert.match(await page.locator('main [role=status]').first().innerText(), /稿，没有发布/);
    assert.ok(await page.locator('article.guide #bring').count());
    assert.equal(await page.locator('a[href^="/take"]').count(), 0, 'nobody queues up for a draft');
    assert.deepEqual(await axe_faults(page), []);
});

test('many items are changed and taken back with the keyboard alone', async () => {
    const page = first;
    const enter = (locator) => locator.focus().then(() => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]));
    await page.goto('/admin/items?state=published');
    const boxes = page.locator('tbody input[name=picks]');
    for (const i of [-2, -3]) {
        await boxes.nth((await boxes.count()) + i).focus();
        await page.keyboard.press('Space');
    }
    await enter(page.getByRole('button', { name: '批量修改选中的' }));
    assert.match(await page.locator('main').innerText(), /选了 2 个事项/);
    await page.locator('#field').focus();
    await page.keyboard.type('咨询电话');
    await page.keyboard.press('Tab');
    if (await page.locator('#field').inputValue() !== 'consult_phone') await page.locator('#field').selectOption('consult_phone');
    await enter(page.getByRole('button', { name: '选这一项' }));
    assert.deepEqual(await axe_faults(page), []);
    await page.locator('#f-consult_phone-zh').focus();
    await page.keyboard.type('0377-61234567');
    await page.locator('#f-consult_phone-state').selectOption('demonstration');
    await enter(page.getByRole('button', { name: '先看会怎么改' }));
    assert.equal(await page.locator('tbody tr').count(), 2);
    assert.match(await page.locator('tbody tr').first().innerText(), /0377-61234567/);
    assert.deepEqual(await axe_faults(page), []);
    await enter(page.getByRole('button', { name: '按这样起草' }));
    assert.match(await page.locator('main').innerText(), /起了 2 稿/);
    await enter(page.getByRole('button', { name: /撤销/ }));
    assert.match(await page.locator('main').innerText(), /已经撤销/);
    assert.equal(await page.getByRole('button', { name: /撤销/ }).count(), 0);
    assert.deepEqual(page.faults, []);
});

test('a table with faults is told row by row', async () => {
    const page = first;
    await page.goto('/admin/items/upload');
    await page.locator('#kind').selectOption('item_questions');
    await page.locator('#file').setInputFiles({ name: '问题.csv', mimeType: 'text/csv', buffer: Buffer.from('item,question,question_en,answer,answer_en,state,source\n999999999999,问,,答,,read,x\n') });
    await page.locator('main form button.primary').focus();
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.match(await page.locator('#faults').innerText(), /1 处不对/);
    assert.match(await page.locator('tbody tr').first().innerText(), /2[^]*item（A）[^]*没有编码为 999999999999 的事项/);
    assert.deepEqual(await axe_faults(page), []);
});

test('axe finds nothing on any page of the administration', async () => {
    const page = first;
    const faults = [];
    const paths = ['/admin/items', `/admin/items/${id}`, `/admin/items/${id}/compare`, '/admin/items/publish', '/admin/items/bulk?field=hall_zone', '/admin/items/bulk?all=1&q=%E7%BB%93%E5%A9%9A&field=online_handle_depth', '/admin/items/upload', '/admin/items/batches', at('/preview'),
        ...[0, 1, 2, 3, 4, 5, 6, 7].map((g) => at(`?part=elements&group=${g}`)),
        ...['bases', 'papers', 'fees', 'questions', 'situations', 'files', 'handlings'].flatMap((p) => [at(`?part=${p}`), at(`?part=${p}&at=0`)])];
    for (const path of paths) {
        await page.goto(base + path);
        for (const f of await axe_faults(page)) faults.push(`${path}: ${f}`);
    }
    assert.deepEqual(faults, []);
    await page.context().close();
});
