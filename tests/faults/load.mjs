// A load of real acts that remembers what was acknowledged: numbers taken, people called, served and
// finished, wheelchairs lent and returned. Whoever gets no answer or a 503 asks again with the same key
// until there is one, as a browser's retry or a patient hand does; so at the end every wish was
// answered, and the database must hold exactly what the answers say: nothing lost, nothing twice.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { call, later, log_in, rows, wait } from './house.mjs';

const ZONES = ['personal', 'business', 'estate'];
const GIVE_UP_MS = 60000;

export class Load {
    // servers: () => the servers that may be asked now.
    constructor(servers) {
        Object.assign(this, { servers, is_over: false, issued: new Map(), acts: [], loans: [], refusals: [], odd: [], no_answer: 0, unknown: 0, wishes: 0 });
    }

    // One act, asked for until it is answered. Statuses that mean "not now, try again" are kept for the tests to look at.
    async act(method, path, body, token) {
        const key = randomUUID(), from = Date.now();
        this.wishes++;
        for (let n = 0; ; n++) {
            const all = this.servers();
            const r = await call(all[n % all.length], method, path, body, { token, key, timeout: 20000 }).catch((e) => { this.no_answer++; return { status: 0, text: String(e.code || e.message) }; });
            if (r.status !== 0 && r.status !== 503) return { ...r, tries: n + 1 };
            if (r.status === 503) this.refusals.push(r);
            assert.ok(!this.is_dropped && Date.now() - from < GIVE_UP_MS, `${method} ${path}: no answer for ${GIVE_UP_MS} ms, last ${r.status} ${r.text}`);
            await wait(20 + 30 * Math.min(n, 10));
        }
    }
    // The same where nothing but 2xx may come; what else comes is a fault of the program.
    async done(method, path, body, token) {
        const r = await this.act(method, path, body, token);
        if (r.status < 200 || r.status > 299) { this.odd.push(`${method} ${path}: ${r.status} ${r.text.slice(0, 300)} (try ${r.tries})`); return null; }
        return r.json;
    }

    async visitor(n) {
        while (!this.is_over) {
            const json = await this.done('POST', '/tickets', { zone: ZONES[n++ % ZONES.length], channel: 'kiosk' });
            if (json) this.issued.set(json.ticket.id, json.ticket.number);
            await wait(1);
        }
    }

    async clerk(token) {
        while (!this.is_over) {
            const called = await this.done('POST', '/desk/call', {}, token);
            if (!called?.ticket) { await wait(10); continue; }
            const { id } = called.ticket;
            this.acts.push(`ticket.called ${id}`);
            if (await this.done('POST', '/desk/start', {}, token)) this.acts.push(`ticket.started ${id}`);
            if (await this.done('POST', '/desk/finish', {}, token)) this.acts.push(`ticket.finished ${id}`);
        }
    }

    async lender(token) {
        while (!this.is_over) {
            const loan = await this.done('POST', '/loans', { kind: 'umbrella', name: '李小明', phone: '13800000001' }, token);
            if (loan) {
                this.loans.push(loan.id);
                await this.done('POST', `/loans/${loan.id}/return`, {}, token);
            }
            await wait(5);
        }
    }

    async start({ clerks = 4, visitors = 6 } = {}) {
        later(() => { this.is_over = this.is_dropped = true; });
        const [server] = this.servers(), { items } = (await call(server, 'GET', '/desks')).json;
        const work = [];
        for (let n = 0; n < clerks; n++) {
            const token = await log_in(server, `clerk${String(n + 1).padStart(2, '0')}`), { code } = items.filter((d) => d.zone === ZONES[n % ZONES.length])[Math.floor(n / ZONES.length)];
            const r = await call(server, 'POST', '/desk/open', { desk: code }, { token });
            assert.equal(r.status, 200, r.text);
            work.push(() => this.clerk(token));
        }
        const guide = await log_in(server, 'guide01');
        work.push(() => this.lender(guide));
        for (let n = 0; n < visitors; n++) work.push(() => this.visitor(n));
        this.running = Promise.all(work.map((w) => w()));
        this.running.catch((e) => this.odd.push(e.message));
    }
    async stop() {
        this.is_over = true;
        await this.running;
    }

    // Everything acknowledged is in the database; once the load has stopped, nothing else is.
    check(hall, { is_whole = true } = {}) {
        const issued = new Map(this.issued), acts = [...this.acts], loans = [...this.loans];
        const found = new Map(rows(hall, 'SELECT id, number FROM ticket').map(([id, n]) => [id, Number(n)]));
        for (const [id, number] of issued) assert.equal(found.get(id), Number(number.slice(1)), `ticket ${number} was acknowledged and is not there`);
        const journal = rows(hall, 'SELECT kind, subject FROM journal').map((r) => r.join(' '));
        const known = new Set(journal);
        for (const a of [...acts, ...[...issued.keys()].map((id) => `ticket.issued ${id}`), ...loans.map((id) => `loan.lent ${id}`)])
            assert.ok(known.has(a), `${a} was acknowledged and is not in the journal`);
        if (!is_whole) return;
        assert.deepEqual(this.odd.slice(0, 10), []);
        assert.equal(found.size, issued.size, 'more tickets than were acknowledged: a retry was done twice');
        assert.equal(journal.filter((l) => l.startsWith('ticket.called ')).length, acts.filter((l) => l.startsWith('ticket.called ')).length, 'a call was done twice');
        assert.equal(journal.filter((l) => l.startsWith('loan.lent ')).length, loans.length, 'a loan was done twice');
    }
}
