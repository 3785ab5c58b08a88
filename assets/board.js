/* The displays of the hall: pages of what does not fit, and calls spoken one after the other. Needs live.js
 * before it.
 *
 *   data-pages                  a list: what does not fit into its height is shown page by page, nothing is cut
 *                               off; data-pages="one": one child at a time. [data-page-of=ID] says "2 / 3".
 *                               A new call shows the first page, a spoken one its own
 *   data-call="ID"              a call; new ones are announced one after the other, never two at once: chime,
 *                               then data-say="/a.wav" (or data-words spoken by the browser), data-say-times="2"
 *                               (once while more than two wait). The row gets class fresh, and class speaking meanwhile
 *   data-called-at="MS"         when: a call older than 30 s when it is first seen (after an outage) is shown,
 *                               not spoken; data-call-state other than "called" is not spoken any more
 *   data-sound                  button shown while the browser forbids sound: one touch allows it
 *
 * A sound that is lost, late or broken is passed over after its bound; the next call is not held up by it.
 * document gets `board:speaking` and `board:spoken` {detail: ID}. After an outage the page is loaded anew
 * when the server has a newer script. */
(() => {
    'use strict';
    const all = (sel, root = document) => [...root.querySelectorAll(sel)];
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));
    const TURN_MS = 8000, FETCH_MS = 4000, SAY_WITHIN_MS = 30000, AT_LOAD_MS = 10000, WAIT_MOST_MS = 300000;

    /* ---- pages of what does not fit ----------------------------------------------------------- */

    const page_of = new Map(); // by id of the list

    // First child of each page, at natural sizes. Who begins a page is shown even when it alone is too high.
    function page_starts(list, items) {
        if (list.dataset.pages === 'one') return items.map((_, i) => i);
        // Offsets, because the pulse of a new call changes its rectangle and not its place.
        const starts = [0], room = list.clientHeight + 1;
        for (let i = 1, top = items[0]?.offsetTop; i < items.length; i++) {
            if (items[i].offsetTop + items[i].offsetHeight - top <= room) continue;
            starts.push(i);
            top = items[i].offsetTop;
        }
        return starts;
    }
    function show_page(list, wanted) {
        const items = [...list.children];
        list.classList.remove('paged');
        for (const e of items) e.hidden = false;
        const marks = all(`[data-page-of="${list.id}"]`);
        for (const e of marks) { e.hidden = false; e.textContent = '1 / 2'; } // it takes room from the list: there while measuring
        const starts = page_starts(list, items), n = starts.length;
        const at = typeof wanted === 'function' ? Math.max(0, starts.findLastIndex((s) => s <= items.findIndex(wanted))) : wanted % n;
        page_of.set(list.id, at);
        if (n > 1) items.forEach((e, i) => { e.hidden = i < starts[at] || i >= (starts[at + 1] ?? items.length); });
        list.classList.toggle('paged', n > 1);
        for (const e of marks) { e.hidden = n < 2; e.textContent = `${at + 1} / ${n}`; }
    }
    const show_pages = (step) => { for (const list of all('[data-pages]')) show_page(list, (page_of.get(list.id) || 0) + step); };
    const show_call = (id) => { const list = document.getElementById('calls'); if (list) show_page(list, (e) => e.dataset.call === id); };
    setInterval(() => { if (!speaking) show_pages(1); }, TURN_MS);
    addEventListener('resize', () => show_pages(0));
    const room = new ResizeObserver(() => show_pages(0)); // an urgent message, the sound button, a lost connection take room
    for (const e of all('.board-head, .board-foot')) room.observe(e);
    document.fonts?.ready.then(() => show_pages(0));
    addEventListener('load', () => show_pages(0));

    /* ---- sound -------------------------------------------------------------------------------- */

    let audio = null;
    function sound_button(show) { for (const b of all('[data-sound]')) b.hidden = !show; }
    async function sound_is_on() {
        try {
            audio = audio || new AudioContext();
            if (audio.state !== 'running') await Promise.race([audio.resume(), pause(300)]);
        } catch { /* no sound device */ }
        const on = audio?.state === 'running';
        sound_button(!on);
        return on;
    }
    async function chime() {
        [784, 659, 523].forEach((pitch, i) => {
            const at = audio.currentTime + i * 0.28, tone = audio.createOscillator(), volume = audio.createGain();
            tone.connect(volume).connect(audio.destination);
            tone.frequency.value = pitch;
            volume.gain.setValueAtTime(0.0001, at);
            volume.gain.exponentialRampToValueAtTime(0.35, at + 0.02);
            volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
            tone.start(at);
            tone.stop(at + 0.65);
        });
        await pause(1000);
    }
    // Null when it does not come in time, whatever the reason.
    async function sound_of(src) {
        try {
            const r = await fetch(src, { signal: AbortSignal.timeout(FETCH_MS) });
            return r.ok ? await audio.decodeAudioData(await r.arrayBuffer()) : null;
        } catch { return null; }
    }
    async function play(sound) {
        const source = audio.createBufferSource();
        source.buffer = sound;
        source.connect(audio.destination);
        const ended = new Promise((done) => { source.onended = done; });
        source.start();
        await Promise.race([ended, pause(sound.duration * 1000 + 1000)]);
        try { source.stop(); } catch { /* it has ended */ }
        source.disconnect();
    }
    async function speak_words(words) {
        if (!words || !('speechSynthesis' in window) || !speechSynthesis.getVoices().some((v) => v.lang.startsWith('zh'))) return;
        const u = new SpeechSynthesisUtterance(words);
        u.lang = 'zh-CN';
        u.rate = 0.9;
        await Promise.race([new Promise((done) => { u.onend = u.onerror = done; speechSynthesis.speak(u); }), pause(10000)]);
        speechSynthesis.cancel();
    }

    /* ---- calls, one after the other ------------------------------------------------------------ */

    const seen = new Set(), waiting = [];
    let speaking = false;
    const now = () => window.live?.now() ?? Date.now();
    const row_of = (id) => all('[data-call]').find((e) => e.dataset.call === id);
    const is_called = (e) => e && (e.dataset.callState ?? 'called') === 'called';
    const age_of = (e) => (e.dataset.calledAt ? now() - Number(e.dataset.calledAt) : 0);
    const tell = (kind, id) => document.dispatchEvent(new CustomEvent(`board:${kind}`, { detail: id }));

    async function announce(id) {
        const row = row_of(id);
        if (!is_called(row)) return; // came, went or was called again meanwhile
        const { say, words, sayTimes } = row.dataset, times = waiting.length > 2 ? 1 : Number(sayTimes || 1);
        show_call(id);
        if (!await sound_is_on()) return;
        const coming = say ? sound_of(say) : null;
        tell('speaking', id);
        row_of(id)?.classList.add('speaking');
        try {
            await chime();
            const sound = await coming;
            for (let n = 0; n < times; n++) {
                if (sound) await play(sound);
                else await speak_words(words);
                await pause(300);
            }
        } finally {
            for (const e of all('.speaking')) e.classList.remove('speaking');
            tell('spoken', id);
        }
    }
    async function announce_waiting() {
        if (speaking) return;
        speaking = true;
        for (let call; (call = waiting.shift());) {
            try { if (Date.now() - call.noticed_at < WAIT_MOST_MS) await announce(call.id); } catch { sound_button(true); }
        }
        speaking = false;
    }
    function look_for_calls(at_load) {
        const rows = all('[data-call]');
        const fresh = rows.filter((e) => !seen.has(e.dataset.call));
        seen.clear();
        for (const e of rows) seen.add(e.dataset.call);
        for (const e of fresh.reverse()) { // the board has the newest first; they are spoken as they came
            const is_new = at_load ? e.dataset.calledAt && age_of(e) < AT_LOAD_MS : age_of(e) < SAY_WITHIN_MS;
            if (!is_new || !is_called(e)) continue;
            e.classList.remove('fresh');
            void e.offsetWidth; // so that the animation starts anew on a row that is reused
            e.classList.add('fresh');
            waiting.push({ id: e.dataset.call, noticed_at: Date.now() });
        }
        if (waiting.length) announce_waiting();
        return fresh.length > 0;
    }
    document.addEventListener('live:changed', () => { if (look_for_calls(false)) page_of.clear(); show_pages(0); });
    document.addEventListener('click', async (e) => {
        if (e.target.closest('[data-sound]') && await sound_is_on()) { if (!speaking) chime(); }
    });

    /* ---- a newer program --------------------------------------------------------------------- */

    document.addEventListener('live:back', async () => {
        const mine = document.querySelector('script[src*="board"]')?.getAttribute('src');
        try {
            const text = await (await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' })).text();
            if (mine && text.includes('data-live') && !text.includes(`"${mine}"`)) location.reload();
        } catch { /* gone again; the next time */ }
    });

    show_pages(0);
    look_for_calls(true);
    if (document.querySelector('[data-sound]')) sound_is_on();
})();
