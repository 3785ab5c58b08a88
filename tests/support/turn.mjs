// Test files may run side by side against one server and one hall. Those that serve visitors at desks must
// not call each other's tickets away: whoever has the turn goes first, the others wait.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const file = path.join(os.tmpdir(), `onewindow-turn-${new URL(process.env.ONEWINDOW_URL || 'http://127.0.0.1:8411').port}`);
const is_alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };

export async function take_turn(most_ms = 600000) {
    for (const until = Date.now() + most_ms; Date.now() < until;) {
        try {
            writeFileSync(file, String(process.pid), { flag: 'wx' });
            process.on('exit', leave_turn);
            return;
        } catch {
            let owner = 0;
            try { owner = Number(readFileSync(file, 'utf8')); } catch { continue; }
            if (owner && !is_alive(owner)) rmSync(file, { force: true });
        }
        await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`nobody gave the turn back in time: ${file}`);
}
export function leave_turn() {
    try { if (Number(readFileSync(file, 'utf8')) === process.pid) rmSync(file); } catch { /* gone already */ }
}
