/* What every page may use: live parts, the line that says the connection is lost, double-click
 * guard, running times, the ticket held in the hand. All of it by attributes; without this script
 * each page still works, it is only not refreshed by itself.
 *
 * Own script and not htmx 4: htmx and its SSE extension are 17 KB compressed and open a stream in
 * each tab; what is special here (one stream a browser, the 5 s watch, what was typed is kept)
 * would have to be written on top of it all the same. This is 6 KB and needs no eval.
 *
 *   data-live="TOPIC …" id=…    refreshed when an event of a topic arrives: the same URL is fetched
 *                               with `X-Part: ID …` and the element of that id is taken from the answer;
 *                               focus, scrolling, open details and typed input stay
 *   data-live-every="30"        refreshed every so many seconds too
 *   data-of="TICKET"            what it is about: when that changes, nothing that was typed is kept
 *   data-keep                   inside a live part: never touched
 *   body[data-seq]              journal number the page was made at (events since then are sent again)
 *   data-connection             the line about the connection: data-lost="连接中断 {time} 起",
 *                               data-back="已恢复", data-ok (always shown, boards); {time} is filled in
 *   data-since="MS or RFC 3339" running time since then, mm:ss; data-late="600": class late after seconds
 *   data-until="MS"             whole seconds left, the nearest [data-until-box] goes away after
 *   data-clock                  the time, hh:mm, of the hall (body[data-zone], Asia/Shanghai without)
 *   data-called="1"             on the ticket, when it is called: vibrates, sounds, wakes the screen
 *   data-awake                  the screen stays on while this element is there
 *   data-print                  button that prints the page;  body[data-print-now] prints when loaded
 *   form                        a second submit of one form is not sent (data-again allows it)
 *
 * The server's stream: GET /events?topic=a,b with Last-Event-ID; events named by kind with {"topics":[…]},
 * `hello`, `lost`, and `tick` {"now":MS} every 2 s. document gets `live:changed` (target: the
 * part) after a refresh, `live:lost`, `live:back`. */
(() => {
    'use strict';
    const all = (sel, root = document) => [...root.querySelectorAll(sel)];
    const me = Math.random().toString(36).slice(2);
    const SILENCE_MS = 4300; // two ticks missed, and said before 5 s are over
    let clock_off_ms = 0;
    const now = () => Date.now() + clock_off_ms;

    /* ---- replacing a part and keeping what the person is doing in it ---------------------- */

    const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || '') === (b.id || '')
        && a.dataset?.of === b.dataset?.of;

    function sync_attributes(old, fresh) {
        for (const a of [...old.attributes]) {
            if (a.name === 'open' && old.nodeName === 'DETAILS') continue;
            if (a.name === 'data-busy') continue;
            if (!fresh.hasAttribute(a.name)) old.removeAttribute(a.name);
        }
        for (const a of fresh.attributes) {
            if (a.name === 'open' && old.nodeName === 'DETAILS') continue;
            if (old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value);
        }
    }

    function morph(old, fresh) {
        if (!same(old, fresh)) { old.replaceWith(fresh); return fresh; }
        if (old.nodeType !== 1) { if (old.data !== fresh.data) old.data = fresh.data; return old; }
        if (old.hasAttribute('data-keep') || old.isEqualNode(fresh)) return old;
        const typing = old === document.activeElement && 'value' in old && old.nodeName !== 'BUTTON';
        if (typing) return old;
        sync_attributes(old, fresh);
        if (old.nodeName === 'TEXTAREA') { if (old.value === old.defaultValue) old.value = fresh.value; return old; }
        if (!old.matches('[data-since], [data-until], [data-clock], [data-connection]')) morph_children(old, fresh);
        return old;
    }

    function morph_children(old, fresh) {
        let at = old.firstChild;
        for (const want of [...fresh.childNodes]) {
            let found = null;
            if (want.id) found = [...old.children].find((e) => e.id === want.id && same(e, want));
            for (let n = at; !found && n; n = n.nextSibling) if (!n.id && same(n, want)) found = n;
            if (!found) { old.insertBefore(want, at); continue; }
            if (want.id) { if (found !== at) old.insertBefore(found, at); else at = at.nextSibling; }
            else { while (at !== found) { const next = at.nextSibling; at.remove(); at = next; } at = found.nextSibling; }
            morph(found, want);
        }
        while (at) { const next = at.nextSibling; at.remove(); at = next; }
    }

    /* Puts the parts `ids` of a page text in place: anew after an act (what was typed belonged to it), else
     * by changing only what changed. False when one is not there (log-in ran out). */
    function place(text, ids, is_after_act) {
        const page = new DOMParser().parseFromString(text, 'text/html');
        let all_there = true;
        for (const id of ids) {
            const old = document.getElementById(id), fresh = page.getElementById(id);
            if (!old) continue;
            if (!fresh) { all_there = false; continue; }
            document.adoptNode(fresh);
            if (is_after_act) old.replaceWith(fresh);
            const part = is_after_act ? fresh : morph(old, fresh);
            part.dispatchEvent(new CustomEvent('live:changed', { bubbles: true }));
        }
        return all_there;
    }

    /* ---- refreshing ---------------------------------------------------------------------- */

    const wanted = new Set();
    let fetching = false, timer = 0;

    function refresh(parts, wait_ms) {
        for (const e of parts) if (e.id) wanted.add(e.id);
        if (wanted.size && !timer) timer = setTimeout(fetch_parts, wait_ms ?? 60);
    }

    async function fetch_parts() {
        timer = 0;
        if (fetching) { timer = setTimeout(fetch_parts, 100); return; }
        const ids = [...wanted];
        wanted.clear();
        fetching = true;
        try {
            const r = await fetch(location.href, { headers: { 'X-Part': ids.join(' '), Accept: 'text/html' }, cache: 'no-store' });
            if (r.ok) place(await r.text(), ids);
            else if (r.status === 401 || r.status === 403 || r.redirected) location.reload();
            else if (r.status >= 500 || r.status === 429) again(ids);
        } catch { again(ids); }
        fetching = false;
    }
    const again = (ids) => { for (const id of ids) wanted.add(id); if (!timer) timer = setTimeout(fetch_parts, 2000); };
    const live_parts = () => all('[data-live]');
    const refresh_all = (wait_ms) => refresh(live_parts(), wait_ms);
    const refresh_topics = (topics) => refresh(live_parts().filter((e) => e.dataset.live.split(/\s+/).some((t) => topics.includes(t))));

    /* ---- the stream: one tab of the browser leads, the others listen ----------------------- */

    const channel = 'BroadcastChannel' in window ? new BroadcastChannel('onewindow') : null;
    const topics_of = {}; // by tab, known to the leader
    let leading = false, stream = null, opened_topics = '', last_id = document.body.dataset.seq || '', election = 0;
    let last_sign = Date.now(), lost_at = 0, watching = false;

    const my_topics = () => [...new Set(live_parts().flatMap((e) => e.dataset.live.split(/\s+/)).filter(Boolean))];
    const tell = (m) => channel && channel.postMessage({ from: me, ...m });
    const ring = (m) => { tell(m); hear(m); };

    function hear(m) {
        if (m.kind === 'tick') { sign(m.server_at); }
        else if (m.kind === 'event') { last_id = m.id; sign(); refresh_topics(m.topics); }
        else if (m.kind === 'open') { sign(); refresh_all(200); }
    }

    /* Read by fetch and not by EventSource: our events are named by what happened (ticket.called), and an
     * EventSource hears only names it knows; it cannot take up where an earlier page stopped either. */
    async function open_stream() {
        const union = [...new Set(Object.values(topics_of).flat().concat(my_topics()))].sort().join(',');
        if (stream && opened_topics === union) return;
        stream?.abort();
        opened_topics = union;
        const mine = stream = new AbortController();
        try {
            const headers = { Accept: 'text/event-stream' };
            if (last_id) headers['Last-Event-ID'] = last_id;
            const r = await fetch('/events?topic=' + encodeURIComponent(union), { headers, cache: 'no-store', signal: mine.signal });
            if (r.ok) await read_stream(r.body.getReader(), !last_id);
        } catch { /* cut: opened again below */ }
        if (stream !== mine) return;
        stream = null;
        setTimeout(() => { if (leading && watching) open_stream(); }, 1500 + Math.random() * 1000);
    }
    async function read_stream(reader, is_newcomer) {
        const decoder = new TextDecoder();
        let rest = '';
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            const messages = (rest + decoder.decode(value, { stream: true })).split('\n\n');
            rest = messages.pop();
            for (const m of messages) take_message(m, is_newcomer);
        }
    }
    function take_message(text, is_newcomer) {
        const field = Object.fromEntries(text.split('\n').map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]));
        if (field.id) last_id = field.id;
        let data = {};
        try { data = JSON.parse(field.data || '{}'); } catch { /* nothing in it */ }
        if (field.event === 'tick') ring({ kind: 'tick', server_at: Number(data.now) || 0 });
        else if (field.event === 'lost' || (field.event === 'hello' && is_newcomer)) ring({ kind: 'open' });
        else if (field.event === 'hello') ring({ kind: 'tick', server_at: 0 });
        else if (field.event) ring({ kind: 'event', topics: data.topics || [], id: last_id });
    }

    function lead() {
        leading = true;
        tell({ kind: 'lead' });
        open_stream();
    }
    function follow() {
        leading = false;
        stream?.abort();
        stream = null;
        tell({ kind: 'topics', topics: my_topics() });
    }
    /* Nobody answering: after a moment that differs from tab to tab, this one leads. */
    function elect() {
        if (!channel) { if (!leading) lead(); return; }
        if (leading || election) return;
        tell({ kind: 'who' });
        election = setTimeout(() => { election = 0; lead(); }, 150 + Math.random() * 250);
    }

    if (channel) channel.onmessage = ({ data: m }) => {
        if (!watching) return;
        if (m.kind === 'who') { if (leading) tell({ kind: 'lead' }); return; }
        if (m.kind === 'lead') {
            clearTimeout(election);
            election = 0;
            if (leading && m.from < me) follow();
            else if (leading) tell({ kind: 'lead' });
            else tell({ kind: 'topics', topics: my_topics() });
        } else if (m.kind === 'topics') {
            if (!leading) return;
            topics_of[m.from] = m.topics;
            open_stream();
        } else if (m.kind === 'bye') {
            delete topics_of[m.from];
            if (m.leader) elect();
        } else hear(m);
    };

    /* ---- saying that the server is gone, and that it is back ------------------------------- */

    const zone = document.body.dataset.zone || 'Asia/Shanghai'; // the hall's time, wherever the reader is
    const hh_mm = (ms) => new Date(ms).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone });

    let said_ok = false;
    function say_connection(state) {
        said_ok = state !== 'lost';
        for (const e of all('[data-connection]')) {
            const text = state === 'lost' ? e.dataset.lost : state === 'back' ? e.dataset.back || e.dataset.ok : e.dataset.ok;
            e.classList.toggle('lost', state === 'lost');
            e.classList.toggle('back', state === 'back' && !e.dataset.ok);
            e.hidden = !text;
            if (text) e.textContent = text.replace('{time}', hh_mm(state === 'lost' ? lost_at : Date.now()));
        }
        document.body.classList.toggle('is-lost', state === 'lost');
    }
    function sign(server_at) {
        if (server_at) clock_off_ms = Math.abs(server_at - Date.now()) > 1500 ? server_at - Date.now() : 0;
        last_sign = Date.now();
        if (!lost_at) { if (!said_ok) say_connection('ok'); return; }
        lost_at = 0;
        say_connection('back');
        document.dispatchEvent(new CustomEvent('live:back'));
        refresh_all(Math.random() * 500);
        setTimeout(() => { if (!lost_at) say_connection('ok'); }, 4000);
    }
    function watch() {
        if (!watching) return;
        const silent_ms = Date.now() - last_sign;
        if (silent_ms > SILENCE_MS && !lost_at) {
            lost_at = last_sign;
            say_connection('lost');
            document.dispatchEvent(new CustomEvent('live:lost'));
        }
        if (silent_ms > SILENCE_MS) {
            if (!leading) elect();
            else if (silent_ms > 12000) { // the line stands but nothing comes: another one
                last_sign = Date.now() - SILENCE_MS - 1;
                opened_topics = '';
                open_stream();
            }
        }
    }

    function start() {
        if (watching || !document.querySelector('[data-live], [data-connection][data-ok]')) return;
        watching = true;
        last_sign = Date.now();
        elect();
    }
    function stop() {
        if (!watching) return;
        tell({ kind: 'bye', leader: leading });
        stream?.abort();
        stream = null;
        leading = watching = false;
        clearTimeout(election);
        election = 0;
    }
    addEventListener('pagehide', stop);
    addEventListener('pageshow', (e) => {
        for (const f of all('form[data-busy]')) free(f);
        if (e.persisted) { start(); refresh_all(0); }
    });

    /* ---- running times -------------------------------------------------------------------- */

    const ms_of = (s) => (/^\d+$/.test(s) ? Number(s) : Date.parse(s));
    function set_text(e, text) { if (e.textContent !== text) e.textContent = text; }

    function tick_times() {
        for (const e of all('[data-since]')) {
            const s = Math.max(0, Math.floor((now() - ms_of(e.dataset.since)) / 1000));
            const mm = String(Math.floor(s / 60) % 60).padStart(2, '0'), ss = String(s % 60).padStart(2, '0');
            set_text(e, (s >= 3600 ? Math.floor(s / 3600) + ':' : '') + mm + ':' + ss);
            if (e.dataset.late) e.classList.toggle('late', s > Number(e.dataset.late));
        }
        for (const e of all('[data-until]')) {
            const left = Math.ceil((ms_of(e.dataset.until) - now()) / 1000);
            set_text(e, String(Math.max(0, left)));
            if (left <= 0) (e.closest('[data-until-box]') || e).hidden = true;
        }
        for (const e of all('[data-clock]')) set_text(e, hh_mm(now()));
    }
    let seconds = 0;
    setInterval(() => {
        tick_times();
        seconds++;
        refresh(all('[data-live-every]').filter((e) => seconds % Math.max(2, Number(e.dataset.liveEvery)) === 0));
    }, 1000);

    setInterval(watch, 500);

    /* ---- the ticket in the hand ------------------------------------------------------------ */

    let screen_lock = null, told = '';
    async function keep_awake() {
        if (!('wakeLock' in navigator) || document.hidden) return;
        const need = document.querySelector('[data-awake]');
        try {
            if (need && !screen_lock) {
                screen_lock = await navigator.wakeLock.request('screen');
                screen_lock.onrelease = () => { screen_lock = null; };
            } else if (!need && screen_lock) await screen_lock.release();
        } catch { /* not allowed here: the page still turns green */ }
    }
    function beep() {
        try {
            const audio = new AudioContext(), tone = audio.createOscillator(), volume = audio.createGain();
            tone.connect(volume).connect(audio.destination);
            tone.frequency.value = 880;
            volume.gain.setValueAtTime(0.3, audio.currentTime);
            volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 1);
            tone.start();
            tone.stop(audio.currentTime + 1);
        } catch { /* no sound: it vibrates and shows */ }
    }
    function ticket_called(at_load) {
        const e = document.querySelector('[data-called]');
        const mark = e ? e.dataset.called || '1' : '';
        if (mark && mark !== told) {
            if (navigator.vibrate && (!at_load || navigator.userActivation?.hasBeenActive)) navigator.vibrate([500, 200, 500, 200, 800]);
            if (!at_load) beep();
            scrollTo(0, 0);
        }
        told = mark;
    }
    document.addEventListener('live:changed', () => { ticket_called(false); keep_awake(); tick_times(); });
    document.addEventListener('visibilitychange', () => { if (!document.hidden) { keep_awake(); if (watching) refresh_all(0); } });

    /* ---- forms and printing ---------------------------------------------------------------- */

    function free(form) { delete form.dataset.busy; }
    document.addEventListener('submit', (e) => {
        const form = e.target;
        if (form.method !== 'post' || 'again' in form.dataset) return;
        if (form.dataset.busy) { e.preventDefault(); e.stopImmediatePropagation(); return; }
        form.dataset.busy = '1';
        setTimeout(() => free(form), 10000); // its key makes a repeat harmless
    }, true);
    document.addEventListener('click', (e) => { if (e.target.closest('[data-print]')) { e.preventDefault(); print(); } });

    window.live = { place, refresh_all, free, start, now };
    tick_times();
    ticket_called(true);
    keep_awake();
    start();
    if ('printNow' in document.body.dataset) addEventListener('load', () => print());
})();
