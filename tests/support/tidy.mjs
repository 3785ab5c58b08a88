// Valid HTML, as Debian's tidy sees it; apart from browser.mjs, so that it needs no browser.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

// What tidy says about a page. It is of 2021: words of HTML that it does not know are let through.
const NEWER = [/<main> element not allowed/, /discarding unexpected <\/?(search|dialog)>/, /proprietary attribute "(aria-current|inputmode|inert|popover|enterkeyhint|fetchpriority)"/,
    /trimming empty <(span|p|ul|ol|b|td|div|li|button|option|h[1-6])>/, /lacks "summary" attribute/];
export function tidy_faults(html) {
    const run = spawnSync('tidy', ['-q', '-e', '-utf8', '--show-info', 'no', '--drop-empty-elements', 'no', '--custom-tags', 'no'], { input: html, encoding: 'utf8' });
    assert.ok(!run.error, 'tidy is needed: apt-get install tidy');
    return run.stderr.split('\n').filter((l) => /(Warning|Error):/.test(l) && !NEWER.some((r) => r.test(l)));
}
