// The bridge of an ID-card reader for tests: what a program beside the reader's driver would say (docs/hall.md,
// Card reader): a line of JSON for each card that is laid down, and one when it is taken away.

import net from 'node:net';

export class CardBridge {
    constructor() { this.sockets = new Set(); }
    async listen() {
        this.server = net.createServer((s) => { this.sockets.add(s); s.on('error', () => {}); s.on('close', () => this.sockets.delete(s)); });
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        this.address = `127.0.0.1:${this.server.address().port}`;
        return this;
    }
    say(line) { for (const s of this.sockets) s.write(`${JSON.stringify(line)}\n`); }
    lay(name, id_no) { this.say({ event: 'card', name, id_no }); }
    remove() { this.say({ event: 'removed' }); }
    async close() { for (const s of this.sockets) s.destroy(); await new Promise((done) => this.server.close(done)); }
}
