// Making a hall large: directories of 10,000 and 100,000 items (by the program's own import), and a
// million closed cases (straight into the tables: taking them in one by one would take an hour).

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onewindow, root, work } from './programs.mjs';

// Rows of a CSV file as lists of cells (RFC 4180, as the import reads it).
export function read_csv(file) {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), rows = [[]];
    let cell = '', quoted = false;
    for (let i = 0; i < text.length; i++) {
        const ch = text[i];
        if (quoted) {
            if (ch !== '"') cell += ch;
            else if (text[i + 1] === '"') { cell += '"'; i++; }
            else quoted = false;
        } else if (ch === '"') quoted = true;
        else if (ch === ',' || ch === '\n') {
            rows.at(-1).push(cell.replace(/\r$/, ''));
            cell = '';
            if (ch === '\n') rows.push([]);
        } else cell += ch;
    }
    if (cell || rows.at(-1).length) rows.at(-1).push(cell);
    return rows.filter((r) => r.length > 1);
}
const cell_of = (s) => (/[",\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s);

// The real items again and again, with names of their own and codes of the right structure.
export function grow_directory(data, count) {
    const [head, ...items] = read_csv(path.join(root, 'data/wolong/items.csv'));
    const at = Object.fromEntries(head.map((h, i) => [h, i]));
    const taken = new Set(items.map((r) => r[at.code])), rows = [];
    const places = ['七里园', '卧龙岗', '蒲山', '陆营', '青华', '王村', '龙兴', '英庄', '石桥', '潦河', '安皋', '谢庄'];
    for (let n = 0; rows.length < count - items.length; n++) {
        const row = [...items[n % items.length]], turn = Math.floor(n / items.length) + 1;
        const code = row[at.code].slice(0, 6) + String(100000 + ((n * 7919 + 13) % 899999));
        if (taken.has(code)) continue;
        taken.add(code);
        row[at.impl_code] = row[at.impl_code].slice(0, 19) + code;
        row[at.code] = code;
        row[at.name] = `${row[at.name]}(${places[turn % places.length]}${turn})`;
        rows.push(row);
    }
    rows.sort((a, b) => (a[at.agency] < b[at.agency] ? -1 : 1));
    const file = path.join(work, `items-${count}.csv`);
    writeFileSync(file, [head, ...rows].map((r) => r.map(cell_of).join(',')).join('\n') + '\n');
    const begun = Date.now();
    execFileSync(onewindow, ['import', 'items', file, '--data', data], { stdio: ['ignore', 'ignore', 'pipe'] });
    return { rows: rows.length, ms: Date.now() - begun };
}

// Closed cases of one item, one a minute backwards; what a column is called tells what goes in.
export function grow_cases(data, count) {
    const db = path.join(data, 'onewindow.db');
    const sql = (text) => execFileSync('sqlite3', [db, text], { encoding: 'utf8', maxBuffer: 1 << 26 }).trim();
    const columns = sql("SELECT name || ' ' || upper(type) || ' ' || \"notnull\" FROM pragma_table_info('casefile')").split('\n').map((l) => l.split(' '));
    const [center, item] = sql('SELECT center_id, id FROM item LIMIT 1').split('|');
    const at = '(1600000000000 + n * 60000)';
    const known = { center_id: center, id: '(n + 1)', item_id: item, number: "printf('OLD%012d', n)", token: "printf('old-%012d', n)", state: "8", form: "'{}'",
        is_immediate: '1', received_at: at, accepted_at: at, decided_at: at, closed_at: at, due_on: '20200914', legal_due_on: '20200914', result: "'grant'", promised_unit: "'working'" };
    const value = ([name, type, not_null]) => known[name] ?? (not_null === '0' ? 'NULL' : type === 'TEXT' ? "''" : type === 'BLOB' ? "x''" : '0');
    sql(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; WITH RECURSIVE k(n) AS (VALUES(0) UNION ALL SELECT n + 1 FROM k WHERE n < ${count - 1})
        INSERT INTO casefile (${columns.map((c) => c[0]).join(', ')}) SELECT ${columns.map(value).join(', ')} FROM k; PRAGMA wal_checkpoint(TRUNCATE);`);
    return Number(sql('SELECT count(*) FROM casefile'));
}
