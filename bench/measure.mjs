// What is measured, one function a figure; each returns rows for the table and plain numbers.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { grow_cases, grow_directory, read_csv } from './grow.mjs';
import { ask, copy_hall, end, here, load, memory_mb, onewindow, PASSWORD, root, sleep, start_bare, start_constant, start_server, work } from './programs.mjs';

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const ms = (us) => us / 1000;

// The commonest twenty words in the mix, then everyday sentences, codes and words nobody has.
const WORDS = ['身份证', '社保卡', '结婚证', '营业执照', '医保', '公积金', '残疾人证', '不动产', '房产证', '退休', '低保', '户口', '护照', '驾驶证', '食品',
    '卫生许可', '出生', '婚姻', '税', '养老'];
// What only the costly readings find: by ear, with a slip, traditional. They are measured apart.
const SLIPS = ['jiehunzheng', 'jhz', 'jie hun zheng', 'shenfenzehng', '结昏证', '身分证过期', '营业执招', '護照', '結婚證丟了', 'marrige certificate', '公积提取', '残疾正换领'];
const SENTENCES = ['结婚证丢了', '开饭店要办什么', '孩子上户口', '社保卡密码忘了', '房子过户', '办残疾证', '老人补贴', '医保转移', '个体户注销', '公司变更法人',
    '410711', '不存在的事情甲乙丙'];

// Interleaved rounds: each program gets its turn in each round, so that a slow minute of the machine hits all.
async function rounds(count, turns) {
    const got = Object.fromEntries(Object.keys(turns).map((k) => [k, []]));
    for (let n = 0; n < count; n++) for (const [name, turn] of Object.entries(turns)) got[name].push(await turn());
    return got;
}
const best_of = (runs) => ({ per_second: median(runs.map((r) => r.per_second)), bad: runs.reduce((n, r) => n + r.bad + r.broken, 0),
    p99_ms: ms(median(runs.map((r) => r.p99_us))), cpu_us: median(runs.map((r) => r.cpu_us)), refusal: runs.find((r) => r.refusal)?.refusal || '' });

export async function tickets(p, o) {
    const bare = await start_bare(p), server = await start_server(copy_hall('tickets'));
    const zones = (await ask(server, 'GET', '/desks')).items.reduce((s, d) => s.add(d.zone), new Set());
    writeFileSync(path.join(work, 'zones.txt'), [...zones].join('\n'));
    const common = ['--seconds', String(o.seconds), '--warmup', '1', '--connections', '64'];
    const body = '{"zone":"{at:zones.txt}","channel":"web"}';
    const got = await rounds(o.rounds, {
        bare: () => load(p, bare, [...common, ['POST', '/', body]]),
        ours: () => load(p, server, [...common, ['POST', '/tickets', body]]),
    });
    const ceiling = best_of(got.bare), ours = best_of(got.ours);
    const half = await load(p, server, [...common, '--rate', String(Math.round(ours.per_second / 2)), ['POST', '/tickets', body]]);
    await end(bare.child);
    await end(server.child);
    return { name: 'tickets', bare: ceiling, ours, half,
        rows: [['durable ticket issue, 64 connections', `${fmt(ours.per_second)}/s`, `${fmt(ceiling.per_second)}/s (bare); processor ${cpu(ours)}, bare ${cpu(ceiling)}`, percent(ours, ceiling), '≥ 60 %', ours.per_second >= 0.6 * ceiling.per_second, ours],
            ['ticket issue at half that rate, p99', `${ms(half.p99_us).toFixed(2)} ms`, `${fmt(half.per_second)}/s`, '', '< 10 ms', half.p99_us < 10000, half]] };
}

async function page_against_constant(p, o, server, name, where, type, accept, extra = []) {
    const r = await fetch(server.base + where, { headers: { Accept: accept } });
    const size = (await r.arrayBuffer()).byteLength;
    if (!r.ok) throw new Error(`${where}: ${r.status}`);
    const constant = await start_constant(p, size, type);
    const common = ['--seconds', String(o.seconds), '--warmup', '1', '--connections', '64'];
    const target = extra.length ? '/items?q={line}' : where;
    const got = await rounds(o.rounds, {
        constant: () => load(p, constant, [...common, ['GET', '/']]),
        ours: () => load(p, server, [...common, '--header', `Accept: ${accept}`, ...extra, ['GET', target]]),
    });
    await end(constant.child);
    const ceiling = best_of(got.constant), ours = best_of(got.ours);
    const half = await load(p, server, [...common, '--rate', String(Math.round(ours.per_second / 2)), '--header', `Accept: ${accept}`, ...extra, ['GET', target]]);
    return { size, ceiling, ours, half, rows: [
        [`${name}, ${size} bytes, 64 connections`, `${fmt(ours.per_second)}/s`, `${fmt(ceiling.per_second)}/s (constant body); processor ${cpu(ours)}, constant ${cpu(ceiling)}`, percent(ours, ceiling), '≥ 50 %', ours.per_second >= 0.5 * ceiling.per_second, ours],
        [`${name} at half that rate, p99`, `${ms(half.p99_us).toFixed(2)} ms`, `${fmt(half.per_second)}/s`, '', '< 10 ms', half.p99_us < 10000, half]] };
}

export async function pages(p, o) {
    const server = await start_server(copy_hall('pages'));
    const found = await ask(server, 'GET', `/items?q=${encodeURIComponent('结婚证丢了')}`);
    const code = found.items[0].code;
    const guide = await page_against_constant(p, o, server, 'item guide (HTML)', `/items/${code}`, 'text/html; charset=utf-8', 'text/html');
    writeFileSync(path.join(work, 'queries.txt'), [...WORDS, ...WORDS, ...SENTENCES].map(encodeURIComponent).join('\n'));
    const search = await page_against_constant(p, o, server, 'item search (JSON), named mix', `/items?q=${encodeURIComponent('社保卡')}`, 'application/json', 'application/json',
        ['--lines', path.join(work, 'queries.txt')]);
    await end(server.child);
    return { name: 'pages', guide, search, rows: [...guide.rows, ...search.rows] };
}

// For each desk (data/wolong) an item with papers that it handles, decided on the spot, whose legal term ends
// this year; and how many papers each of these items asks for.
async function clerks_and_items(server) {
    const [head, ...desks] = read_csv(path.join(root, 'data/wolong/desks.csv'));
    const cache = new Map();
    const good = (i) => i.is_immediate && i.legal_days <= 15 && Number(i.papers.length ?? i.papers) > 0;
    const items_of = async (query) => {
        for (let page = 1, items = []; !cache.has(query); page++) {
            const got = await ask(server, 'GET', `/items?${query}&page=${page}`);
            items.push(...got.items.filter(good));
            if (!got.next || page >= 20) cache.set(query, items);
        }
        return cache.get(query);
    };
    const chosen = [], papers = new Map();
    for (const cells of desks) {
        for (const rule of cells[head.indexOf('handles')].split(';')) {
            const [kind, value] = rule.split(':');
            if (kind !== 'zone' && kind !== 'agency' && kind !== 'item') continue;
            const items = kind === 'item' ? [await ask(server, 'GET', `/items/${value}`)].filter(good) : await items_of(`${kind}=${encodeURIComponent(value)}`);
            if (items.length === 0) continue;
            const item = items[chosen.length % items.length];
            chosen.push([cells[head.indexOf('code')], item.code]);
            papers.set(item.code, Number(item.papers.length ?? item.papers));
            break;
        }
    }
    return { chosen: chosen.slice(0, 40), papers };
}

export async function visits(p, o) {
    const server = await start_server(copy_hall('visits'));
    const { chosen: pairs, papers } = await clerks_and_items(server);
    const mean_papers = pairs.reduce((n, [, item]) => n + papers.get(item), 0) / pairs.length;
    writeFileSync(path.join(work, 'papers.txt'), [...papers].map(([item, n]) => `${item}\t${Array.from({ length: n }, (_, i) => `"${i + 1}"`).join(',')}`).join('\n'));
    writeFileSync(path.join(work, 'desks.txt'), pairs.map((x) => x[0]).join('\n'));
    writeFileSync(path.join(work, 'items.txt'), pairs.map((x) => x[1]).join('\n'));
    const script = path.join(here, 'visit.script');
    const run = await load(p, server, ['--seconds', String(o.seconds * 2), '--warmup', '2', '--connections', String(pairs.length), ['--script', script]]);
    const half = await load(p, server, ['--seconds', String(o.seconds), '--warmup', '2', '--connections', String(pairs.length), '--rate', String(Math.max(1, Math.round(run.per_second / 2))), ['--script', script]]);
    await end(server.child);
    const worst = half.steps.reduce((a, s) => (s.p99_us > a.p99_us ? s : a), half.steps[0]);
    return { name: 'visits', desks: pairs.length, run, half, rows: [
        [`whole visit of ${run.steps.length} durable steps, ${mean_papers.toFixed(1)} papers, ${pairs.length} desks`, `${fmt(run.per_second)}/s`, `${fmt(run.per_second * run.steps.length)} steps/s; processor ${cpu({ cpu_us: run.cpu_us / run.steps.length })} a step`, '', '≥ 1,500/s', run.per_second >= 1500, run],
        [`slowest step at half that rate, p99 (${worst.request})`, `${ms(worst.p99_us).toFixed(2)} ms`, `${fmt(half.per_second)} visits/s`, '', '< 10 ms', worst.p99_us < 10000, half]] };
}

export async function displays(p, o) {
    const server = await start_server(copy_hall('displays'));
    const before_mb = memory_mb(server.child);
    const child = spawn(p.streams, [server.address, '/events?topic=queue', String(o.streams), 'ticket.called']);
    let said = '';
    child.stderr.on('data', (d) => { said += d; });
    const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ready = (await lines.next()).value;
    if (!ready) { await end(server.child); throw new Error(`streams: ${said}`); }
    const { token } = await ask(server, 'POST', '/login', { name: 'clerk01', password: PASSWORD });
    await ask(server, 'POST', '/desk/open', { desk: '09' }, token);
    const reached = [];
    for (let n = 0; n < 5; n++) {
        await ask(server, 'POST', '/tickets', { zone: 'personal', channel: 'web' });
        await sleep(1500);
        child.stdin.write('go\n');
        await ask(server, 'POST', '/desk/call', {}, token);
        reached.push(JSON.parse((await lines.next()).value));
        await ask(server, 'POST', '/desk/no-show', {}, token);
    }
    const mb = memory_mb(server.child);
    child.stdin.end();
    child.kill('SIGTERM');
    await end(server.child);
    const worst = Math.max(...reached.map((r) => r.max_us)), all_got = reached.every((r) => r.got === r.streams);
    return { name: 'displays', reached, mb, rows: [
        [`event streams: ${ready.replace('ready ', '')} open, a call has reached all after`, `${ms(worst).toFixed(0)} ms`, `${reached.at(-1).got} of ${o.streams}`, '', '10,000 in < 1,000 ms', all_got && worst < 1e6 && o.streams >= 10000, {}],
        ['memory with these streams', `${mb.toFixed(0)} MB`, `${before_mb.toFixed(0)} MB without`, '', '< 200 MB', mb < 200, {}]] };
}

// How long the index takes to be built anew while searches go on, and what these see of it: new words are taken in
// by another process, the server follows within its two seconds.
async function rebuild_under_load(p, o, server, data, lines) {
    const file = path.join(work, 'new-words.csv');
    writeFileSync(file, `item,word,kind\n412011013000,甲骨文刻字${Date.now()},everyday\n`);
    const running = load(p, server, ['--seconds', '8', '--warmup', '1', '--connections', '16', '--rate', '500', '--lines', lines, '--header', 'Accept: application/json', ['GET', '/items?q={line}']]);
    await sleep(2500);
    execFileSync(onewindow, ['import', 'item_words', file, '--data', data], { stdio: ['ignore', 'ignore', 'pipe'] });
    const run = await running;
    await sleep(700); // the server's lines are gathered for half a second
    const built = [...readFileSync(server.child.log, 'utf8').matchAll(/index.*?items=(\d+) ms=(\d+) bytes=(\d+)/g)].at(-1);
    return { run, ms: built ? Number(built[2]) : NaN, bytes: built ? Number(built[3]) : NaN };
}

// Every item under all rules, as /manage/items and `onewindow check items` do it; the command says how long it took.
function check_directory(data, count) {
    const said = spawnSync(onewindow, ['check', 'items', '--data', data], { encoding: 'utf8' }).stdout;
    const [, items, seconds] = said.match(/^(\d+) items checked in ([\d.]+) s/) || [said, 0, NaN];
    return [`full check of ${fmt(items)} items`, `${seconds} s`, 'codes, contradictions, gaps, four sames', '', '100,000 < 5 s', Number(seconds) < 5 && items >= count, {}];
}

// Search in large directories: 10,000 and 100,000 items, no cache, p99 at a tenth of the highest rate.
export async function large_search(p, o) {
    const rows = [];
    const lines = path.join(work, 'queries.txt'), slips = path.join(work, 'slips.txt');
    writeFileSync(lines, [...WORDS, ...WORDS, ...SENTENCES].map(encodeURIComponent).join('\n'));
    writeFileSync(slips, SLIPS.map(encodeURIComponent).join('\n'));
    const words = (file) => ['--seconds', String(o.seconds), '--warmup', '1', '--connections', '16', '--lines', file, '--header', 'Accept: application/json'];
    const target = ['GET', '/items?q={line}'];
    for (const [count, goal_ms] of [[10000, 5], [100000, 30]]) {
        const data = copy_hall(`items-${count}`), grown = grow_directory(data, count), server = await start_server(data);
        const most = await load(p, server, [...words(lines), target]);
        const calm = await load(p, server, [...words(lines), '--rate', String(Math.max(10, Math.round(most.per_second / 10))), target]);
        const slip_most = await load(p, server, [...words(slips), target]);
        const slip = await load(p, server, [...words(slips), '--rate', String(Math.max(10, Math.round(slip_most.per_second / 10))), target]);
        const again = await rebuild_under_load(p, o, server, data, lines);
        await end(server.child);
        const goal = count === 10000 ? '10,000 in < 1,000 ms' : '';
        rows.push([`search in ${fmt(count)} items, p99`, `${ms(calm.p99_us).toFixed(2)} ms`, `at ${fmt(calm.per_second)}/s; at most ${fmt(most.per_second)}/s`, '', `< ${goal_ms} ms`, calm.p99_us < goal_ms * 1000, calm],
            [`the same by ear and with slips, p99`, `${ms(slip.p99_us).toFixed(2)} ms`, `at ${fmt(slip.per_second)}/s; at most ${fmt(slip_most.per_second)}/s`, '', `< ${goal_ms} ms`, slip.p99_us < goal_ms * 1000, slip],
            [`index of ${fmt(count)} items built anew`, `${fmt(again.ms)} ms`, `${fmt(again.run.bad + again.run.broken)} of the searches meanwhile refused, p99 ${ms(again.run.p99_us).toFixed(2)} ms`, '', goal, !goal || (again.ms < 1000 && again.run.bad + again.run.broken === 0), {}],
            [`memory of the index, an item of ${fmt(count)}`, `${fmt(again.bytes / count)} bytes`, `${(again.bytes / 2 ** 20).toFixed(0)} MB in all`, '', '', true, {}],
            check_directory(data, count),
            [`import of ${fmt(grown.rows)} items`, `${(grown.ms / 1000).toFixed(1)} s`, '', '', '100,000 < 10 s', grown.ms < 10000, {}]);
    }
    return { name: 'search', rows };
}

export async function start_and_memory(p, o) {
    const data = copy_hall('start'), cases = grow_cases(data, o.cases);
    await end((await start_server(data)).child); // the second start is the one that counts: the index is kept
    const server = await start_server(data);
    await sleep(1000);
    const mb = memory_mb(server.child);
    await end(server.child);
    return { name: 'start', mb, rows: [
        [`start to first /healthz, ${fmt(cases)} cases on disk`, `${server.healthy_ms.toFixed(0)} ms`, '', '', '< 200 ms', server.healthy_ms < 200, {}],
        ['start to first search answered', `${server.search_ms.toFixed(0)} ms`, '', '', '< 200 ms', server.search_ms < 200, {}],
        ['memory, idle', `${mb.toFixed(0)} MB`, '', '', '< 64 MB', mb < 64, {}]] };
}

const cpu = (r) => `${r.cpu_us.toFixed(0)} µs`;
const fmt = (n) => Math.round(n).toLocaleString('en-US');
const percent = (ours, ceiling) => `${Math.round((100 * ours.per_second) / ceiling.per_second)} %`;
// The file layer against a bare program with the same calls (bench/files.c).
export async function files(p, o) {
    execFileSync('ninja', ['-C', path.join(root, 'build'), 'bench/bench-files', '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const f = JSON.parse(execFileSync(path.join(root, 'build', 'bench', 'bench-files'), [work, '64', String(Math.max(5, o.rounds * 3))], { encoding: 'utf8' }));
    const share = f.ours_mb_s / f.bare_mb_s;
    return { name: 'files', run: f, rows: [
        ['upload of 64 MB: receive, SM3, SM4-GCM, write, sync', `${f.ours_mb_s} MB/s`, `${f.bare_mb_s} MB/s (bare)`, `${Math.round(100 * share)} %`, '≥ 80 %', share >= 0.8, {}],
        ['memory of an upload', `${(f.memory_kb / 1024).toFixed(1)} MB`, 'a chunk and what libraries keep', '', 'bounded', f.memory_kb < 16 * 1024, {}]] };
}

// Papers written down, then two threads of the press until none is left (bench/press.c).
export async function documents(p, o) {
    execFileSync('ninja', ['-C', path.join(root, 'build'), 'bench/bench-press', '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const d = JSON.parse(execFileSync(path.join(root, 'build', 'bench', 'bench-press'), [work, String(o.seconds * 100)], { encoding: 'utf8' }));
    return { name: 'documents', run: d, rows: [
        ['documents made, signed (RSA) and written, two threads', `${d.per_second}/s`, `${d.made} papers in ${d.seconds} s; processor ${d.processor_ms} ms each`, '', '≥ 60/s', d.per_second >= 60, {}]] };
}

export const all = { tickets, pages, visits, search: large_search, displays, start: start_and_memory, files, documents };
