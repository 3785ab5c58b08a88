/* Staff pages: everything with the keyboard, and acts that do not make the page blink.
 * Needs live.js before it.
 *
 *   data-key="F1"           the element is clicked by that key: F1-F10 without F5, or Alt+1 … Alt+9.
 *                           F5, F11, F12 and keys of the browser (Ctrl) are never taken. A letter alone
 *                           is taken only under body[data-single-keys] and never while typing
 *   details data-open-key="F3"  that key opens it (or closes it) and its first field gets the focus
 *   data-go-key="F1"        that key puts the focus into its first box
 *   data-picks, data-pick="4"  while the focus is inside [data-picks] and nothing is typed, the digit 4 clicks that one
 *   form data-swap="ID …"   sent in the background; the elements of these ids are taken from the page
 *                           that follows (refusals too), address and title follow. If the server does not
 *                           answer, #unsent says so (body[data-unsent] for other words) and what was typed stays
 *   input data-as-typed     sends its form (a GET with data-swap) 150 ms after the last key
 *   data-focus              gets the focus after each act (and the text in it is selected)
 *   data-confirm="words"    a click asks first
 *   data-list               arrows move among its links, Enter follows
 *   data-check-all="NAME"   all check boxes of a name at once
 *   data-alarm="ID"         an emergency call nobody has answered: heard every 4 s while it is there
 *   data-alarm-sound        button shown while the browser forbids sound: one touch allows it */
(() => {
    'use strict';
    const all = (sel, root = document) => [...root.querySelectorAll(sel)];
    const NEVER = ['F5', 'F11', 'F12'];

    function key_name(e) {
        if (e.ctrlKey || e.metaKey || e.shiftKey || e.isComposing || NEVER.includes(e.key)) return '';
        if (/^F\d+$/.test(e.key)) return e.altKey ? '' : e.key;
        if (e.altKey) return /^Digit[1-9]$/.test(e.code) ? 'Alt+' + e.code.slice(5) : '';
        const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.nodeName) || e.target.isContentEditable;
        return 'singleKeys' in document.body.dataset && !typing && e.key.length === 1 ? e.key : '';
    }
    const can_be_used = (b) => !b.disabled && b.getAttribute('aria-disabled') !== 'true' && b.getClientRects().length > 0;

    document.addEventListener('keydown', (e) => {
        const typing = e.target.matches?.('textarea, select, input:not([type=checkbox], [type=radio])');
        const picked = !typing && !e.altKey && !e.ctrlKey && !e.metaKey && /^[1-9]$/.test(e.key) && e.target.closest?.('[data-picks]')?.querySelector(`[data-pick="${e.key}"]`);
        if (picked) { e.preventDefault(); if (!e.repeat) picked.click(); return; }
        const key = key_name(e);
        if (!key) return;
        const group = all('[data-go-key]').find((g) => g.dataset.goKey === key);
        if (group) { e.preventDefault(); group.querySelector('input, button')?.focus(); return; }
        const known = all('[data-key]').filter((b) => b.dataset.key === key);
        const box = all('[data-open-key]').find((d) => d.dataset.openKey === key);
        if (box && !known.some(can_be_used)) {
            e.preventDefault();
            box.open = !box.open;
            if (box.open) box.querySelector('input:not([type=hidden]), select, textarea, button')?.focus();
            return;
        }
        if (!known.length) return;
        e.preventDefault(); // also while it cannot be used: F1 must not open the browser's help
        const target = known.find(can_be_used);
        if (!target || e.repeat) return;
        if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.nodeName) && target.type !== 'checkbox') { target.focus(); target.select?.(); }
        else target.click();
    });

    /* ---- acts in the background ------------------------------------------------------------- */

    function focus_again() {
        const e = document.querySelector('.field.has-error input, .field.has-error textarea, .field.has-error select') || document.querySelector('[data-focus]');
        if (e) { e.focus({ preventScroll: false }); e.select?.(); }
    }
    function say_unsent(is_unsent) {
        let box = document.getElementById('unsent');
        if (!box && !is_unsent) return;
        if (!box) {
            box = Object.assign(document.createElement('p'), { id: 'unsent', className: 'notice urgent' });
            box.setAttribute('role', 'alert');
            document.getElementById('main')?.prepend(box);
        }
        box.hidden = !is_unsent;
        box.textContent = !is_unsent ? '' : document.body.dataset.unsent || (document.documentElement.lang.startsWith('en')
            ? 'Not sent: the server does not answer. What you typed is still here; press again.'
            : '没有送到:服务器没有回答。您填的都还在,请再按一次。');
    }

    let asked = 0;
    async function send(form, submitter) {
        const turn = ++asked;
        const data = new FormData(form, submitter);
        const action = new URL(submitter?.getAttribute('formaction') || form.getAttribute('action') || location.href, location.href);
        const options = { headers: { Accept: 'text/html', 'X-Part': form.dataset.swap }, cache: 'no-store' };
        const is_get = form.method === 'get';
        if (is_get) action.search = new URLSearchParams(data).toString();
        else { options.method = 'POST'; options.body = form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data); }
        try {
            const r = await fetch(action, options);
            const text = await r.text();
            if (is_get && turn !== asked) return; // an older answer than what is typed now
            say_unsent(false);
            window.live.free(form);
            const here = document.activeElement;
            if (!is_get) here?.blur?.();
            const ids = form.dataset.swap.split(/\s+/);
            if (!(r.headers.get('Content-Type') || '').startsWith('text/html') || !window.live.place(text, ids, !is_get)) {
                if (is_get || r.redirected) location.assign(r.url); else location.reload();
                return;
            }
            if (r.ok) history.replaceState(null, '', r.url);
            const title = /<title>([^<]*)<\/title>/i.exec(text);
            if (title) document.title = new DOMParser().parseFromString(title[1], 'text/html').body.textContent;
            if (!is_get) { for (const f of all('form')) window.live.free(f); focus_again(); }
        } catch {
            window.live.free(form);
            say_unsent(true);
        }
    }
    document.addEventListener('submit', (e) => {
        if (e.defaultPrevented || !e.target.dataset.swap) return;
        e.preventDefault();
        send(e.target, e.submitter);
    });

    let typed = 0;
    document.addEventListener('input', (e) => {
        if (!('asTyped' in e.target.dataset) || e.isComposing) return;
        clearTimeout(typed);
        typed = setTimeout(() => e.target.form?.requestSubmit(), 150);
    });
    document.addEventListener('compositionend', (e) => { if ('asTyped' in e.target.dataset) e.target.dispatchEvent(new Event('input', { bubbles: true })); });

    /* ---- emergency calls ------------------------------------------------------------------- */

    let audio = null;
    async function sound_is_on() {
        const buttons = all('[data-alarm-sound]');
        if (!buttons.length) return false;
        try {
            audio = audio || new AudioContext();
            if (audio.state !== 'running') await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 300))]);
        } catch { /* no sound device: it is shown all the same */ }
        const on = audio?.state === 'running';
        for (const b of buttons) b.hidden = on;
        return on;
    }
    async function ring() {
        if (!document.querySelector('[data-alarm]') || !await sound_is_on()) return;
        [0, 0.25, 0.5].forEach((after, i) => {
            const at = audio.currentTime + after, tone = audio.createOscillator(), volume = audio.createGain();
            tone.connect(volume).connect(audio.destination);
            tone.type = 'square';
            tone.frequency.value = i % 2 ? 740 : 988;
            volume.gain.setValueAtTime(0.25, at);
            volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22);
            tone.start(at);
            tone.stop(at + 0.23);
        });
        document.dispatchEvent(new CustomEvent('alarm:rung'));
    }
    let heard = '';
    function alarms_changed() {
        const there = all('[data-alarm]').map((e) => e.dataset.alarm).join(' ');
        if (there !== heard) { heard = there; ring(); }
    }
    if (document.querySelector('[data-alarm-sound]')) {
        document.addEventListener('live:changed', alarms_changed);
        document.addEventListener('click', sound_is_on);
        setInterval(ring, 4000);
        sound_is_on().then(alarms_changed);
    }

    /* ---- small ones ------------------------------------------------------------------------- */

    document.addEventListener('click', (e) => {
        const asks = e.target.closest('[data-confirm]');
        if (asks && !confirm(asks.dataset.confirm)) { e.preventDefault(); e.stopImmediatePropagation(); return; }
        const boxes = e.target.closest('[data-check-all]');
        if (boxes) for (const b of all('input[type=checkbox]')) if (b.name === boxes.dataset.checkAll) b.checked = boxes.checked ?? true;
    }, true);
    document.addEventListener('keydown', (e) => {
        if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
        const list = e.target.closest('[data-list]');
        if (!list) return;
        const links = all('a[href], button', list).filter(can_be_used), at = links.indexOf(e.target);
        const next = links[at + (e.key === 'ArrowDown' ? 1 : -1)];
        if (at >= 0 && next) { e.preventDefault(); next.focus(); }
    });
    focus_again();
})();
