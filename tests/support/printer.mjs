// A receipt printer for tests: real TCP (or a file at which it reads and writes, as a USB one), and every
// byte of ESC/POS is understood or told as an error. It keeps what it printed: one entry for each cut, with
// its lines (text decoded from GB18030, size, bold, side) and what its QR codes say. state: 'ok',
// 'paper_out', 'offline', 'cover', 'dead' (closes in the middle of a slip), 'mute' (answers nothing),
// 'slow' (takes its time for each slip).

import net from 'node:net';

const ESC = 0x1b, GS = 0x1d, FS = 0x1c, DLE = 0x10;

export class Printer {
    constructor({ columns = 48, slow_ms = 300, state = 'ok' } = {}) {
        Object.assign(this, { columns, slow_ms, state, slips: [], errors: [], connections: 0, most_at_once: 0, at_once: 0, first_byte_at: [] });
        this.fresh();
    }
    fresh() {
        this.bytes = Buffer.alloc(0);
        this.slip = { lines: [], qr: [], at: 0 };
        this.style = { size: 1, bold: false, side: 'left', kanji: false };
        this.text = [];
    }
    async listen() {
        this.server = net.createServer((s) => this.meet(s));
        await new Promise((done) => this.server.listen(this.port ?? 0, '127.0.0.1', done));
        this.port = this.server.address().port;
        this.address = `127.0.0.1:${this.port}`;
        return this;
    }
    async close() {
        for (const s of this.sockets ?? []) s.destroy();
        await new Promise((done) => (this.server ? this.server.close(done) : done()));
        this.server = null;
    }
    meet(socket) {
        (this.sockets ??= new Set()).add(socket);
        this.connections++;
        this.most_at_once = Math.max(this.most_at_once, ++this.at_once);
        this.fresh();
        socket.setNoDelay(true);
        socket.on('data', (part) => this.take(part, (answer) => socket.write(answer), () => socket.destroy()));
        socket.on('error', () => {});
        socket.on('close', () => { this.at_once--; this.sockets.delete(socket); });
    }
    // Bytes as they come; a command that is not whole yet waits for the rest.
    take(part, answer, hang_up) {
        if (!this.slip.at && part.includes(ESC)) this.slip.at = performance.now();
        this.bytes = Buffer.concat([this.bytes, part]);
        if (['paper_out', 'offline', 'cover'].includes(this.state)) { // holds what is to be printed, and answers at once how it is
            for (let at; (at = this.bytes.indexOf(Buffer.from([DLE, 4]))) >= 0;) {
                this.status(this.bytes.subarray(at), answer);
                this.bytes = Buffer.concat([this.bytes.subarray(0, at), this.bytes.subarray(at + 3)]);
            }
            return;
        }
        this.queue = (this.queue ?? Promise.resolve()).then(() => this.work(answer, hang_up));
    }
    async work(answer, hang_up) {
        for (;;) {
            const used = this.step(answer);
            if (used === 0) return;
            this.bytes = this.bytes.subarray(used);
            if (this.state === 'dead' && this.slip.lines.length > 2) { hang_up(); this.fresh(); return; }
            if (this.pause) { this.pause = false; await new Promise((done) => setTimeout(done, this.slow_ms)); }
        }
    }
    bad(what) { this.errors.push(`${what} at ${this.bytes.subarray(0, 12).toString('hex')}`); return 1; }
    step(answer) {
        const b = this.bytes;
        if (b.length === 0) return 0;
        if (b[0] === ESC) return b.length < 2 ? 0 : this.esc(b);
        if (b[0] === GS) return b.length < 2 ? 0 : this.gs(b, answer);
        if (b[0] === FS) return b.length < 2 ? 0 : b[1] === 0x26 ? ((this.style.kanji = true), 2) : this.bad('FS');
        if (b[0] === DLE) return b.length < 3 ? 0 : this.status(b, answer);
        if (b[0] === 0x0a) { this.end_line(); return 1; }
        if (b[0] < 0x20 || b[0] === 0x7f) return this.bad('control');
        return this.letter(b);
    }
    letter(b) {
        let n = 1;
        if (b[0] >= 0x81 && b[0] <= 0xfe) {
            if (b.length < 2) return 0;
            n = b[1] >= 0x30 && b[1] <= 0x39 ? 4 : 2;
            if (b.length < n) return 0;
            if (!this.style.kanji) this.bad('Chinese without FS &');
        }
        this.text.push(b.subarray(0, n));
        this.width = (this.width ?? 0) + (n > 1 ? 2 : 1) * this.style.size;
        if (this.width > this.columns) { this.errors.push(`a line of more than ${this.columns} columns`); this.width = 0; }
        return n;
    }
    end_line() {
        const text = new TextDecoder('gb18030', { fatal: true }).decode(Buffer.concat(this.text));
        this.slip.lines.push({ text, size: this.style.size, bold: this.style.bold, side: this.style.side });
        this.text = [];
        this.width = 0;
    }
    esc(b) {
        if (b[1] === 0x40) { this.style = { size: 1, bold: false, side: 'left', kanji: false }; return 2; }
        if (b.length < 3) return 0;
        if (b[1] === 0x61 && b[2] <= 2) { this.style.side = ['left', 'middle', 'right'][b[2]]; return 3; }
        if (b[1] === 0x45 && b[2] <= 1) { this.style.bold = b[2] === 1; return 3; }
        if (b[1] === 0x64) { return 3; }
        return this.bad('ESC');
    }
    gs(b, answer) {
        if (b[1] === 0x21) { if (b.length < 3) return 0; const w = (b[2] >> 4) + 1, h = (b[2] & 15) + 1; if (w !== h || w > 8) return this.bad('size'); this.style.size = w; return 3; }
        if (b[1] === 0x56) return b.length < 4 ? 0 : b[2] === 0x42 ? (this.cut(), 4) : this.bad('cut');
        if (b[1] === 0x72) { if (b.length < 3) return 0; if (b[2] !== 1 && b[2] !== 49) return this.bad('GS r'); if (this.state !== 'mute') answer(Buffer.from([this.state === 'paper_out' ? 0x0c : 0])); return 3; }
        if (b[1] !== 0x28 || (b.length > 2 && b[2] !== 0x6b)) return this.bad('GS');
        if (b.length < 5) return 0;
        const n = b[3] + 256 * b[4];
        if (b.length < 5 + n) return 0;
        return this.qr(b.subarray(5, 5 + n)) ? 5 + n : this.bad('QR');
    }
    qr(d) {
        if (d[0] !== 0x31) return false;
        if (d[1] === 0x41) return d[2] === 0x32 && d.length === 4;
        if (d[1] === 0x43) return d[2] >= 1 && d[2] <= 16;
        if (d[1] === 0x45) return d[2] >= 48 && d[2] <= 51;
        if (d[1] === 0x50 && d[2] === 0x30) { this.stored = d.subarray(3).toString('utf8'); return true; }
        if (d[1] === 0x51 && d[2] === 0x30 && this.stored) { this.slip.qr.push(this.stored); this.stored = null; return true; }
        return false;
    }
    status(b, answer) {
        if (b[1] !== 4 || ![1, 2, 4].includes(b[2])) return this.bad('DLE');
        if (this.state === 'mute') return 3;
        const out = this.state === 'paper_out', off = this.state === 'offline' || this.state === 'cover' || out;
        answer(Buffer.from([{ 1: 0x12 | (off ? 8 : 0), 2: 0x12 | (this.state === 'cover' ? 4 : 0) | (out ? 0x20 : 0), 4: 0x12 | (out ? 0x60 : 0) }[b[2]]]));
        return 3;
    }
    cut() {
        if (this.text.length) this.errors.push('a cut through a line');
        this.slips.push({ ...this.slip, done_at: performance.now() });
        this.slip = { lines: [], qr: [], at: 0 };
        if (this.state === 'slow') this.pause = true;
        if (this.paper > 0 && --this.paper === 0) this.state = 'paper_out';
    }
    // The numbers that came out, in their order: what stands in the largest letters.
    numbers() { return this.slips.map((s) => s.lines.find((l) => l.size === 3)?.text); }
}
