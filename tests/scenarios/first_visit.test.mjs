// The first visit, whole, over HTTP in JSON: what the Li couple of the report of 2021-01-22 needs (issue 2,
// section 3). Each promise of the hall is one assertion. The server holds a fresh demonstration hall; its
// address is in OW_URL (or ONEWINDOW_URL). The steps build on each other and run in order.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BASE, ask, ok, refused, token_of } from '../support/ask.mjs';

const ITEM = '412011013000'; // 补领结婚证, an immediate item whose own desks are upstairs
const UPSTAIRS = '27';       // 婚姻登记窗口(一), second floor
const DOWNSTAIRS = '07';     // 老年人服务窗口, ground floor, low counter

// The event stream, read as a display would. wait_for() gives the first event that fits.
async function listen(topics) {
    const stop = new AbortController();
    const r = await fetch(`${BASE}/events?topic=${topics}`, { headers: { Accept: 'text/event-stream' }, signal: stop.signal });
    assert.equal(r.status, 200, 'the event stream opens');
    const events = [], waiting = [];
    let ended = false;
    const told = () => { for (const w of waiting) w(); };
    (async () => {
        let rest = '';
        const decoder = new TextDecoder();
        try {
            for await (const part of r.body) {
                rest += decoder.decode(part, { stream: true });
                for (let at; (at = rest.indexOf('\n\n')) >= 0; rest = rest.slice(at + 2)) {
                    const event = { name: 'message', data: '', id: '' };
                    for (const line of rest.slice(0, at).split('\n')) {
                        const [, field, value] = /^(\w+): ?(.*)$/.exec(line) || [];
                        if (field === 'event') event.name = value;
                        else if (field === 'data') event.data += value;
                        else if (field === 'id') event.id = value;
                    }
                    if (event.name !== 'tick') events.push(event);
                }
                told();
            }
        } catch { /* closed by us */ }
        ended = true;
        told();
    })();
    return {
        close: () => stop.abort(),
        wait_for: (fits, what) => new Promise((done, fail) => {
            const timer = setTimeout(() => fail(new Error(`no event within 5 s: ${what}; heard ${events.map((e) => e.data).join(' | ').slice(0, 800)}`)), 5000);
            const look = () => {
                const found = events.find(fits);
                if (found || ended) { clearTimeout(timer); found ? done(found) : fail(new Error('the stream ended')); }
            };
            waiting.push(look);
            look();
        }),
    };
}
const kind_of = (e) => e.name; // events are named after their kind

const who = {};
const visit = {}; // what the steps hand on to each other
let stream;

// Calls until the wanted ticket is at the desk: a hall may have others waiting.
async function call_until(token, wanted) {
    for (let n = 0; n < 100; n++) {
        const answer = await ok('POST', '/desk/call', {}, token);
        assert.ok(answer.ticket, 'nobody waits, but our ticket does');
        if (answer.ticket.token === wanted) return answer;
        await ok('POST', '/desk/no-show', {}, token);
    }
    assert.fail('our ticket was not called in 100 calls');
}

before(async () => {
    for (const name of ['guide01', 'clerk05', 'clerk25', 'helper01', 'manager01']) who[name] = await token_of(name);
});
after(() => stream?.close());

test('1 the guide types what people say and finds the item first', async () => {
    const found = await ok('GET', `/items?q=${encodeURIComponent('结婚证丢了')}`, null, who.guide01);
    assert.equal(found.items[0].code, ITEM);
    assert.equal(found.items[0].name, '补领结婚证');
    const item = await ok('GET', `/items/${ITEM}`);
    assert.equal(item.is_immediate, true, 'done on the spot (DOMAIN.md 7.4)');
    assert.ok(item.papers.length >= 3, 'the list of papers is there');
    visit.papers = item.papers;
    const page = await fetch(`${BASE}/guide?q=${encodeURIComponent('结婚证丢了')}`, { headers: { Accept: 'text/html', Authorization: `Bearer ${who.guide01}` } });
    assert.equal(page.status, 200);
    assert.match(await page.text(), /补领结婚证/);
});

test('2a with only an upstairs desk open, who cannot climb stairs gets somebody to bring them up', async () => {
    await ok('POST', '/desk/open', { desk: UPSTAIRS }, who.clerk25);
    const { ticket } = await ok('POST', '/tickets', { item: ITEM, channel: 'guide', needs: ['no_stairs'], name: '王秀兰' }, who.guide01, 201);
    assert.ok(ticket.reason.length > 0, 'the reason is said in words');
    assert.equal(ticket.has_escort, true, 'a helper was asked');
    const open = await ok('GET', '/assists', null, who.helper01);
    const escort = open.items.find((a) => /escort|stairs/.test(a.kind));
    assert.ok(escort, 'the request is on the helpers\' list');
    assert.equal(escort.state, 'requested');
    await ok('POST', `/tickets/${ticket.token}/cancel`, {}, null);
    const left = await ok('GET', '/assists', null, who.helper01);
    assert.ok(!left.items.some((a) => a.id === escort.id), 'the request ends with the ticket');
});

test('2b with a step-free desk open, the green-channel ticket stays on the ground floor', async () => {
    await ok('POST', '/desk/open', { desk: DOWNSTAIRS }, who.clerk05);
    stream = await listen('queue');
    const { ticket } = await ok('POST', '/tickets',
        { item: ITEM, channel: 'guide', needs: ['no_stairs'], priority: 'green', name: '李建国', phone: '13800138000' }, who.guide01, 201);
    visit.ticket = ticket;
    assert.match(ticket.number, /^[A-Z]\d{3}$/);
    assert.equal(ticket.zone, 'personal');
    assert.equal(ticket.floor, 1, 'they need not go upstairs');
    assert.equal(ticket.step_free, true);
    assert.equal(ticket.priority, 'green');
    assert.equal(ticket.state, 'waiting');
    assert.ok(ticket.ahead >= 0 && ticket.eta_minutes >= 0, 'how many before them, and how long');
    assert.ok(ticket.reason.length > 0, 'why there, in words');
    assert.equal(ticket.has_escort, false, 'nobody has to be carried');
    assert.ok(!JSON.stringify(ticket).includes('13800138000') && !JSON.stringify(ticket).includes('李建国'), 'name and phone are masked');
    const heard = await stream.wait_for((e) => kind_of(e) === 'ticket.issued', 'ticket.issued');
    assert.deepEqual(JSON.parse(heard.data).topics, ['queue']);
    assert.ok(heard.id, 'an event has a number to go on from');
    assert.ok(!heard.data.includes(ticket.token), 'the visitor\'s token is not on the stream');
});

test('3 the visitor follows the ticket on a phone, prints it, and the code leads there', async () => {
    const { ticket } = await ok('GET', `/tickets/${visit.ticket.token}`);
    assert.equal(ticket.number, visit.ticket.number);
    const page = await fetch(`${BASE}/tickets/${visit.ticket.token}`, { headers: { Accept: 'text/html' } });
    assert.equal(page.status, 200);
    const html = await page.text();
    assert.ok(html.includes(visit.ticket.number) || html.includes([...visit.ticket.number].join(' ')), 'the number is on the page');
    assert.equal((await fetch(`${BASE}/tickets/${visit.ticket.token}/print`, { headers: { Accept: 'text/html' } })).status, 200);
    const qr = await fetch(`${BASE}/tickets/${visit.ticket.token}/qr.svg`);
    assert.match(qr.headers.get('content-type'), /svg/);
    await refused(404, 'not_found', 'GET', `/tickets/${visit.ticket.token.replace(/.$/, (x) => (x === 'A' ? 'Q' : 'A'))}`);
});

test('4 the clerk calls next; display and stream tell it; a second call brings nobody else', async () => {
    const { ticket, reason } = await call_until(who.clerk05, visit.ticket.token);
    assert.equal(ticket.state, 'called');
    assert.equal(ticket.desk, DOWNSTAIRS);
    assert.equal(ticket.desk_floor, 1);
    assert.ok(reason.length > 0, 'why this person');
    const heard = await stream.wait_for((e) => kind_of(e) === 'ticket.called' && e.data.includes(visit.ticket.number), 'ticket.called');
    assert.equal(JSON.parse(heard.data).data.desk, DOWNSTAIRS);
    const board = await ok('GET', '/display/personal');
    const row = board.calls.find((r) => r.number === visit.ticket.number);
    assert.ok(row, 'the board shows the call');
    assert.equal(row.desk, DOWNSTAIRS);
    assert.equal(board.calls[0].number, visit.ticket.number, 'the newest first');
    const again = await ok('POST', '/desk/recall', {}, who.clerk05);
    assert.equal(again.ticket.number, visit.ticket.number);
    await refused(409, 'desk_busy', 'POST', '/desk/call', {}, who.clerk05);
    await refused(409, 'start_first', 'POST', '/desk/accept', {}, who.clerk05);
});

test('4b marked as not come by mistake, and undone', async () => {
    await ok('POST', '/desk/no-show', {}, who.clerk05);
    const screen = await ok('GET', '/desk', null, who.clerk05);
    assert.equal(screen.missed, visit.ticket.number, 'the screen offers to undo it');
    assert.equal(screen.step, 'call');
    const back = await ok('POST', '/desk/undo-no-show', {}, who.clerk05);
    assert.equal(back.ticket.number, visit.ticket.number);
    assert.equal(back.ticket.state, 'called');
});

test('5a served: the case comes from the ticket, nothing is typed again', async () => {
    let screen = await ok('GET', '/desk', null, who.clerk05);
    assert.equal(screen.step, 'start');
    await ok('POST', '/desk/start', {}, who.clerk05);
    screen = await ok('GET', '/desk', null, who.clerk05);
    assert.equal(screen.step, 'accept', 'the next lawful step');
    assert.equal(screen.item, ITEM);
    assert.deepEqual(screen.papers.map((p) => p.name), visit.papers.map((p) => p.name));
    const error = await refused(400, 'not_in_list', 'POST', '/desk/intake', { materials: ['户口簿'] }, who.clerk05);
    assert.equal(error.field, 'materials', 'a paper beyond the list cannot be asked for (ALL 31)');
    const made = await ok('POST', '/desk/intake', { materials: ['1'] }, who.clerk05, 201);
    visit.case = made.case;
    assert.match(made.case.number, new RegExp(`^[0-9A-Z]{18}4${ITEM}\\d{8}\\d{4}$`), 'implementation code, date, serial (DOMAIN.md 1.7)');
    assert.equal(made.case.state, 'received');
    assert.equal(made.case.applicant, '李*', 'who it is comes from the ticket, masked');
    assert.equal(made.case.ticket, visit.ticket.number);
    assert.ok(made.case.token, 'the applicant can follow it');
    await refused(409, 'case_taken_in', 'POST', '/desk/intake', {}, who.clerk05);
});

test('5b papers are ticked off against the list; without them nothing is accepted', async () => {
    const required = visit.papers.filter((p) => p.necessity === 'required');
    const error = await refused(409, 'papers_missing', 'POST', '/desk/accept', {}, who.clerk05);
    assert.ok(error.message.includes(required.at(-1).name), 'what is missing is named, all at once (ALL 32)');
    assert.ok(!error.message.includes(required[0].name), 'what is there is not');
    await refused(409, 'case_move', 'POST', '/desk/finish-on-spot', {}, who.clerk05);
    await ok('POST', `/cases/${visit.case.number}/papers`, { position: required[1].position, taken: true }, who.clerk05);
    const ticked = await ok('POST', '/desk/papers', { materials: required.map((p) => String(p.position)) }, who.clerk05);
    assert.equal(ticked.case.papers_left, 0);
    const accepted = await ok('POST', '/desk/accept', {}, who.clerk05);
    assert.equal(accepted.case.state, 'accepted');
    assert.equal(accepted.case.next, 'decide');
    assert.match(accepted.case.due_on, /^\d{4}-\d{2}-\d{2}$/);
    assert.match(accepted.case.clock, /受理/);
    await refused(409, 'case_move', 'POST', '/desk/papers', { materials: ['1'] }, who.clerk05);
});

test('5c decided on the spot, delivered, closed, and the ticket finished, in one act', async () => {
    await refused(409, 'not_rateable', 'POST', '/ratings', { ticket: visit.ticket.token, grade: 5 });
    assert.equal((await ok('GET', '/desk', null, who.clerk05)).step, 'finish_on_spot');
    await refused(400, 'opinion_needed', 'POST', '/desk/decide', { result: 'refuse' }, who.clerk05);
    const done = await ok('POST', '/desk/finish-on-spot', {}, who.clerk05);
    assert.equal(done.case.state, 'closed');
    assert.equal(done.case.result, 'grant');
    assert.equal((await ok('GET', `/tickets/${visit.ticket.token}`)).ticket.state, 'finished');
    const screen = await ok('GET', '/desk', null, who.clerk05);
    assert.equal(screen.step, 'call');
    assert.equal(screen.mine_today, 1);
    await stream.wait_for((e) => kind_of(e) === 'ticket.finished', 'ticket.finished');
});

test('5d the applicant sees the case with its token, and nobody without', async () => {
    const { number, token } = visit.case;
    const seen = await ok('GET', `/cases/${number}?token=${token}`);
    assert.equal(seen.case.state, 'closed');
    assert.ok(seen.case.steps.every((s) => s.is_done), 'every step of the way is done');
    await refused(404, 'no_such_case', 'GET', `/cases/${number}`);
    await refused(404, 'no_such_case', 'GET', `/cases/${number}?token=${visit.ticket.token}`);
    const page = await fetch(`${BASE}/cases/${number}?token=${token}`, { headers: { Accept: 'text/html' } });
    assert.equal(page.status, 200);
    assert.match(await page.text(), /办好了/);
});

test('6a a wheelchair goes out and comes back; nobody else gets it meanwhile', async () => {
    const lent = await ok('POST', '/loans', { kind: 'wheelchair', visit: visit.ticket.token }, who.guide01, 201);
    assert.equal(lent.state, 'lent');
    assert.equal(lent.borrower, '李*');
    await refused(409, 'loan_taken', 'POST', '/loans', { thing: lent.code, name: '赵六' }, who.guide01);
    const back = await ok('POST', `/loans/${lent.id}/return`, {}, who.guide01);
    assert.equal(back.state, 'returned');
    await refused(409, 'loan_returned', 'POST', `/loans/${lent.id}/return`, {}, who.guide01);
});

test('6b a helper accepts, comes, and brings them to the bus stop', async () => {
    await ok('POST', '/helper/on', { floor: 1 }, who.helper01);
    const asked = await ok('POST', '/assists',
        { kind: 'bus', what: '送到公交站', place_from: '一楼 07 号窗口', place_to: '公交站', visit: visit.ticket.token }, null, 201);
    assert.equal(asked.state, 'requested');
    const on_list = (await ok('GET', '/assists', null, who.helper01)).items.find((a) => a.token === asked.token);
    for (const [step, state] of [['accept', 'accepted'], ['arrive', 'arrived'], ['complete', 'done']])
        assert.equal((await ok('POST', `/assists/${on_list.id}/${step}`, {}, who.helper01)).state, state);
    assert.equal((await ok('GET', `/assists/${asked.token}`)).state, 'done');
});

test('7a the pad shows the number and no name, and knows nothing of the visitor\'s token', async () => {
    const pad = await ok('GET', `/pad/${DOWNSTAIRS}`);
    assert.equal(pad.step, 'faces');
    assert.equal(pad.number, visit.ticket.number);
    const page = await (await fetch(`${BASE}/pad/${DOWNSTAIRS}`, { headers: { Accept: 'text/html' } })).text();
    assert.match(page, /非常满意/);
    for (const secret of [visit.ticket.token, visit.case.token, '李']) assert.ok(!page.includes(secret), `${secret} is on the pad`);
    await refused(409, 'pad_late', 'POST', `/pad/${UPSTAIRS}`, { pad: pad.pad, grade: 1 });
    await refused(409, 'pad_late', 'POST', `/pad/${DOWNSTAIRS}`, { pad: pad.pad.slice(0, -1) + (pad.pad.endsWith('A') ? 'Q' : 'A'), grade: 1 });
});

test('7b rated once, with labels of the grade; a second time is refused, by every way', async () => {
    await refused(403, 'rating_by_staff', 'POST', '/ratings', { ticket: visit.ticket.token, grade: 5 }, who.clerk05);
    await refused(422, 'rating_label_unknown', 'POST', '/ratings', { ticket: visit.ticket.token, grade: 5, tags: ['115'] });
    const given = await ok('POST', '/ratings', { ticket: visit.ticket.token, grade: 5, tags: ['510', '517'], text: '谢谢，很快', anonymous: false }, null, 201);
    assert.equal(given.rating.scheme, 'national', 'never a bare digit (DOMAIN.md 5.2)');
    assert.equal(given.rating.grade, 5);
    assert.deepEqual(given.rating.tags, ['510', '517']);
    await refused(409, 'rated_already', 'POST', '/ratings', { ticket: visit.ticket.token, grade: 1 });
    await refused(409, 'rated_already', 'POST', '/ratings', { case: visit.case.token, grade: 1 });
    assert.equal((await ok('GET', `/pad/${DOWNSTAIRS}`)).step, 'blank', 'the pad has nothing more to ask');
    const all = await ok('GET', '/ratings', null, who.manager01);
    assert.equal(all.items[0].text, '谢谢，很快');
});

test('8a the whole visit stands in one timeline, in order', async () => {
    const story = await ok('GET', `/visits/${visit.ticket.token}`);
    const kinds = story.lines.map((l) => l.kind);
    const wanted = ['ticket.issued', 'ticket.called', 'ticket.recalled', 'ticket.started', 'case.received', 'case.accepted', 'case.granted',
        'case.delivered', 'case.closed', 'ticket.finished', 'loan.lent', 'loan.returned', 'assist.requested', 'assist.accepted', 'assist.arrived',
        'assist.completed', 'rating.given'];
    let at = -1;
    for (const kind of wanted) {
        const next = kinds.indexOf(kind, at + 1);
        assert.ok(next > at, `${kind} is missing or too early in ${kinds.join(' ')}`);
        at = next;
    }
    assert.ok(story.lines.every((l, i) => i === 0 || l.at >= story.lines[i - 1].at), 'oldest first');
    assert.ok(story.lines.every((l) => l.sentence.length > 0 && !/[{}]/.test(l.sentence)), 'each line is a whole sentence');
    assert.ok(!kinds.includes('party.read'), 'what is only for the audit is not shown to the visitor');
    const for_staff = await ok('GET', `/visits/${visit.ticket.token}`, null, who.manager01);
    assert.ok(for_staff.lines.length > story.lines.length, 'staff sees more, such as the reading of personal data');
});

test('8b the manager sees today', async () => {
    const figures = await ok('GET', '/manage', null, who.manager01);
    assert.ok(figures.today.served >= 1);
    assert.ok(figures.ratings >= 1);
    assert.equal(figures.ratings_bad, 0);
    await refused(403, 'not_allowed', 'GET', '/manage', null, who.clerk05);
    await refused(401, 'login_needed', 'GET', '/manage');
});
