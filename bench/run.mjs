// ./dev bench: measures the goals of DESIGN.md 10 against ceilings taken in the same run, prints a
// table and writes docs/bench.md with the machine it was on.
//
//     ./dev bench [--quick] [--only NAME,…] [--rounds N] [--seconds N] [--streams N] [--cases N] [--no-write]

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { all } from './measure.mjs';
import { build, clear_up, onewindow, root, say } from './programs.mjs';

function options(words) {
    const o = { rounds: 3, seconds: 8, streams: 10000, cases: 1000000, only: Object.keys(all), write: true };
    for (let i = 0; i < words.length; i++) {
        if (words[i] === '--quick') Object.assign(o, { rounds: 1, seconds: 3, cases: 10000 });
        else if (words[i] === '--no-write') o.write = false;
        else if (words[i] === '--only') o.only = words[++i].split(',');
        else if (['--rounds', '--seconds', '--streams', '--cases'].includes(words[i])) o[words[i].slice(2)] = Number(words[++i]);
        else { say('./dev bench [--quick] [--only NAME,…] [--rounds N] [--seconds N] [--streams N] [--cases N] [--no-write]'); process.exit(2); }
    }
    const unknown = o.only.filter((n) => !all[n]);
    if (unknown.length) { say(`no such measurement: ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`); process.exit(2); }
    return o;
}

const output = (program, ...words) => { try { return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(); } catch { return ''; } };

const loaded = os.loadavg()[0].toFixed(1); // who else is busy here, before the run
function machine() {
    const cpu = os.cpus()[0]?.model.trim() || 'unknown processor';
    const disk = output('df', '--output=fstype', os.tmpdir()).split('\n').at(-1);
    return `${os.cpus().length} cores (${cpu}), ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()}, hall on ${disk} in ${os.tmpdir()}, load average ${loaded} before the run; ` +
        `libmicrohttpd ${output('pkg-config', '--modversion', 'libmicrohttpd')}, SQLite ${output('pkg-config', '--modversion', 'sqlite3')}, ${output('cc', '--version').split('\n')[0]}`;
}

function print(rows) {
    for (const [what, ours, against, share, goal, reached, run] of rows) {
        console.log(`${reached ? 'reached' : 'MISSED '}  ${what.padEnd(66)} ${ours.padStart(12)}  ${share.padStart(6)}  goal ${goal.padEnd(22)} ${against}`);
        if (run.bad) console.log(`         ${run.bad} answers were not 2xx: ${run.refusal}`);
        if (run.empty) console.log(`         ${run.empty} visits were called away by another desk`);
    }
}

const MARKS = ['<!-- measured by ./dev bench -->', '<!-- end of what was measured -->'];

function write(results, o) {
    const file = path.join(root, 'docs', 'bench.md');
    const table = [MARKS[0], '', `Measured on ${new Date().toISOString().slice(0, 10)} on ${machine()}.`,
        `Engine SQLite (WAL, synchronous FULL), the Wolong demonstration hall, ${o.rounds} interleaved rounds of ${o.seconds} s, the median of them; load program, server and`,
        'ceilings share the same cores. `processor` is the processor time a request costs the server, which does not depend on what else the machine does.', '', '| what | ours | beside it | share | goal | |', '|---|---|---|---|---|---|',
        ...results.flatMap((r) => r.rows).map(([what, ours, against, share, goal, reached, run]) =>
            `| ${what} | ${ours} | ${against} | ${share} | ${goal} | ${reached ? 'reached' : '**missed**'}${run.bad ? `; ${run.bad} answers not 2xx` : ''} |`), ''];
    const visits = results.find((r) => r.name === 'visits');
    if (visits) {
        table.push('The steps of a visit at the highest rate:', '', '| step | p50 ms | p99 ms | p99.9 ms |', '|---|---|---|---|',
            ...visits.run.steps.map((s) => `| ${s.request} | ${(s.p50_us / 1e3).toFixed(2)} | ${(s.p99_us / 1e3).toFixed(2)} | ${(s.p999_us / 1e3).toFixed(2)} |`), '');
    }
    table.push(MARKS[1]);
    const old = existsSync(file) ? readFileSync(file, 'utf8') : `# Figures\n\n${MARKS.join('\n')}\n`;
    if (!old.includes(MARKS[0])) throw new Error('docs/bench.md has lost its marks');
    const [from, to] = MARKS.map((m) => old.indexOf(m));
    writeFileSync(file, old.slice(0, from) + table.join('\n') + old.slice(to + MARKS[1].length));
    say(`written: docs/bench.md`);
}

const o = options(process.argv.slice(2));
if (!existsSync(onewindow)) { say(`${onewindow} is not there: ./dev build`); process.exit(2); }
const results = [];
let status = 0;
process.on('SIGINT', async () => { await clear_up(); process.exit(130); });
try {
    const programs = build();
    for (const name of o.only) {
        say(`measuring ${name} …`);
        try {
            const r = await all[name](programs, o); // each starts and ends its own servers
            results.push(r);
            print(r.rows);
        } catch (e) {
            status = 1;
            console.log(`FAILED   ${name}: ${e.message}`);
        }
    }
    if (o.write && results.length === Object.keys(all).length) write(results, o);
    else if (o.write) say('docs/bench.md is written only by a whole run');
} finally {
    await clear_up();
}
process.exit(status);
