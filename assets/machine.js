/* Machines that people touch: kiosk, rating pad. Needs live.js before it (wall boards: board.js).
 *
 *   data-idle="60"              kiosk (on body): seconds without a touch until data-idle-to (an address) is opened;
 *                               [data-idle-left] shows the seconds, [data-idle-ask] is shown for the last 15;
 *                               any touch or key starts anew, so nobody is hurried
 *   data-blank="20"             pad: after so many seconds without a touch data-blank-to is opened, or the page goes blank
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

    /* ---- keys on the screen ------------------------------------------------------------------ */

    document.addEventListener('click', (e) => {
        const key = e.target.closest('[data-type]');
        const into = key && document.getElementById(key.dataset.into);
        if (into) {
            into.value = key.dataset.type === 'back' ? into.value.slice(0, -1) : into.value + key.dataset.type;
            into.dispatchEvent(new Event('input', { bubbles: true }));
        }
    });
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
