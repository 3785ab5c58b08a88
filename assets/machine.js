/* Machines of the hall: wall board, kiosk, rating pad. Needs live.js before it.
 *
 *   data-idle="60"              kiosk (on body): seconds without a touch until data-idle-to (an address) is opened;
 *                               [data-idle-left] shows the seconds, [data-idle-ask] is shown for the last 15;
 *                               any touch or key starts anew, so nobody is hurried
 *   data-blank="20"             pad: after so many seconds without a touch data-blank-to is opened, or the page goes blank
 *   data-call="ID"              board: a call; new ones are announced one after the other: chime, then
 *                               data-say="/a.wav /b.wav" (or data-words spoken by the browser), twice with
 *                               data-say-times="2"; the row gets class fresh
 *   data-sound                  button shown while the browser forbids sound: one touch allows it
 *   data-listen                 link to a sound: played here
 *   data-card="… {name} …"      shown while a card lies on this kiosk's reader (onewindow kiosk)
 *   data-type="7"               key of an on-screen pad: types into the input named by data-into="ID";
 *                               data-type="back" takes the last sign away */
(() => {
    'use strict';
    const all = (sel, root = document) => [...root.querySelectorAll(sel)];
    const body = document.body;

    /* ---- idle: a countdown everybody can see ------------------------------------------------ */

    const idle = document.querySelector('[data-idle]'), idle_s = Number(idle?.dataset.idle || 0);
    let touched_at = Date.now();

    function idle_tick() {
        const quiet_s = Math.floor((Date.now() - touched_at) / 1000);
        const blank = document.querySelector('[data-blank]');
        if (blank && quiet_s >= Number(blank.dataset.blank)) {
            if (blank.dataset.blankTo) location.assign(blank.dataset.blankTo);
            else body.classList.add('pad-blank');
        }
        if (!idle_s) return;
        const left = Math.max(0, idle_s - quiet_s);
        for (const e of all('[data-idle-left]')) if (e.textContent !== String(left)) e.textContent = String(left);
        for (const e of all('[data-idle-ask]')) e.hidden = left > 15;
        if (left === 0 && !body.classList.contains('is-lost')) location.assign(idle.dataset.idleTo || '/kiosk');
    }
    for (const kind of ['pointerdown', 'keydown', 'input', 'wheel']) addEventListener(kind, () => {
        touched_at = Date.now();
        body.classList.remove('pad-blank');
        idle_tick();
    }, { capture: true, passive: true });
    document.addEventListener('live:changed', () => {
        if (body.classList.contains('pad-blank')) { touched_at = Date.now(); body.classList.remove('pad-blank'); }
    });
    setInterval(idle_tick, 1000);
    idle_tick();

    /* ---- calls, one after the other --------------------------------------------------------- */

    const seen = new Set(all('[data-call]').map((e) => e.dataset.call));
    const waiting = [];
    let speaking = false, audio = null;
    const pause = (ms) => new Promise((done) => setTimeout(done, ms));

    function sound_button(show) { for (const b of all('[data-sound]')) b.hidden = !show; }

    async function chime() {
        audio = audio || new AudioContext();
        if (audio.state === 'suspended') await Promise.race([audio.resume(), pause(200)]);
        if (audio.state !== 'running') { sound_button(true); return; }
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
    async function play(src) {
        const sound = new Audio(src);
        try {
            await sound.play();
            await Promise.race([new Promise((done) => { sound.onended = sound.onerror = done; }), pause(20000)]);
        } catch (e) { if (e.name === 'NotAllowedError') sound_button(true); }
    }
    async function speak_words(words) {
        if (!('speechSynthesis' in window) || !speechSynthesis.getVoices().some((v) => v.lang.startsWith('zh'))) return;
        const u = new SpeechSynthesisUtterance(words);
        u.lang = 'zh-CN';
        u.rate = 0.9;
        await Promise.race([new Promise((done) => { u.onend = u.onerror = done; speechSynthesis.speak(u); }), pause(15000)]);
    }
    async function announce_waiting() {
        if (speaking) return;
        speaking = true;
        for (let call; (call = waiting.shift());) {
            try {
                await chime();
                for (let n = 0; n < call.times; n++) {
                    for (const src of call.say) await play(src);
                    if (!call.say.length && call.words) await speak_words(call.words);
                    await pause(300);
                }
            } catch { sound_button(true); } // no sound device: the board goes on showing
        }
        speaking = false;
    }
    function look_for_calls() {
        for (const e of all('[data-call]')) {
            if (seen.has(e.dataset.call)) continue;
            seen.add(e.dataset.call);
            e.classList.remove('fresh');
            void e.offsetWidth; // so that the animation starts anew on a row that is reused
            e.classList.add('fresh');
            waiting.push({ say: (e.dataset.say || '').split(/\s+/).filter(Boolean), words: e.dataset.words, times: Number(e.dataset.sayTimes || 1) });
        }
        if (waiting.length > 20) waiting.splice(0, waiting.length - 20); // after a long cut nobody wants to hear them all
        announce_waiting();
    }
    document.addEventListener('live:changed', look_for_calls);

    async function try_sound() {
        if (!document.querySelector('[data-sound]')) return;
        try {
            audio = new AudioContext();
            if (audio.state === 'suspended') await Promise.race([audio.resume(), pause(300)]);
            sound_button(audio.state !== 'running');
        } catch { sound_button(true); }
    }
    document.addEventListener('click', async (e) => {
        if (e.target.closest('[data-sound]')) {
            audio = audio || new AudioContext();
            await audio.resume();
            sound_button(false);
            chime();
        }
        const key = e.target.closest('[data-type]');
        const into = key && document.getElementById(key.dataset.into);
        if (into) {
            into.value = key.dataset.type === 'back' ? into.value.slice(0, -1) : into.value + key.dataset.type;
            into.dispatchEvent(new Event('input', { bubbles: true }));
        }
    });
    try_sound();

    /* ---- kiosk: read aloud, and the card reader ---------------------------------------------- */

    let reading = null;
    document.addEventListener('click', (e) => {
        const link = e.target.closest('[data-listen]');
        if (!link) return;
        e.preventDefault();
        reading?.pause();
        reading = new Audio(link.href);
        reading.play().catch(() => {}); // no sound device: the page says the same
    });
    const card = document.querySelector('[data-card]');
    async function look_at_card() {
        try {
            const r = await fetch('/kiosk/local/card', { headers: { Accept: 'application/json' } });
            if (!r.ok) return; // no kiosk of its own: there is no reader
            const { is_there, name } = await r.json();
            card.hidden = !is_there;
            card.textContent = is_there ? card.dataset.card.replace('{name}', name) : '';
            setTimeout(look_at_card, 1000);
        } catch { setTimeout(look_at_card, 5000); }
    }
    if (card && location.pathname.startsWith('/kiosk')) look_at_card();
})();
