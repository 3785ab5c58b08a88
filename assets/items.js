/* The editor of items: what is typed is kept in this browser until it was saved, and offered again after a reload, a
 * crash or a lost connection. One entry for each form of a draft: form[data-keep-typed], with the revision it was
 * written on (data-revision). Without this script the editor works all the same; it only forgets on a crash. */
(() => {
    'use strict';
    const form = document.querySelector('form[data-keep-typed]');
    if (!form) return;
    const name = 'item-draft:' + form.dataset.keepTyped, sent_name = name + ':sent';
    const status = form.querySelector('.dir-saved'), words = form.dataset;
    const fields = () => [...form.elements].filter((e) => e.name === 'v' || e.name === 'code' || e.name === 'take' || e.name === 'why').filter((e) => e.type !== 'hidden');
    const value_of = (e) => (e.type === 'checkbox' ? e.checked : e.value);
    const now = () => fields().map(value_of);
    const hh_mm = (ms) => new Date(ms).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: document.body.dataset.zone || 'Asia/Shanghai' });
    const keys = () => [...form.querySelectorAll('[name=k]')].map((e) => e.value).join('\n');
    const read = (where) => { try { return JSON.parse(localStorage.getItem(where)); } catch { return null; } };
    const write = (where, v) => { try { localStorage.setItem(where, JSON.stringify(v)); } catch { /* full or forbidden: the page still works */ } };
    const forget = (where) => { try { localStorage.removeItem(where); } catch { /* the same */ } };
    const first = JSON.stringify(now());

    function say(text, is_unsaved) {
        status.textContent = text;
        status.classList.toggle('is-unsaved', Boolean(is_unsaved));
    }
    function keep() {
        const typed = now();
        if (JSON.stringify(typed) === first) { forget(name); say('', false); return; }
        write(name, { at: Date.now(), revision: form.dataset.revision, keys: keys(), values: typed });
        say(words.unsaved, true);
    }
    function put_back(kept) {
        fields().forEach((e, i) => { if (e.type === 'checkbox') e.checked = kept.values[i]; else e.value = kept.values[i]; });
        keep();
        fields()[0]?.focus();
    }
    function offer(kept) {
        const box = document.createElement('div'), text = document.createElement('p');
        box.className = 'notice warn';
        box.setAttribute('role', 'status');
        text.textContent = words.found.replace('{time}', hh_mm(kept.at)) + (kept.revision === form.dataset.revision ? '' : ' ' + words.older);
        const button = (word, act) => { const b = document.createElement('button'); b.type = 'button'; b.textContent = word; b.onclick = () => { act(); box.remove(); }; return b; };
        box.append(text, button(words.restore, () => put_back(kept)), ' ', button(words.drop, () => { forget(name); fields()[0]?.focus(); }));
        form.before(box);
    }

    /* A page that came after our save and carries a later revision: it is saved. */
    const sent = read(sent_name), kept = read(name), is_refused = document.querySelector('#faults, #conflict, .notice[role=alert]');
    if (sent && !is_refused && form.dataset.revision !== sent.revision) {
        if (!kept || kept.at <= sent.at) forget(name);
        say(words.saved.replace('{time}', hh_mm(sent.at)), false);
    } else if (is_refused) say(words.unsaved, true);
    else if (kept && kept.keys === keys() && JSON.stringify(kept.values) !== first) offer(kept);
    if (sent) forget(sent_name);

    form.addEventListener('input', keep);
    form.addEventListener('change', keep);
    form.addEventListener('submit', () => { keep(); write(sent_name, { at: Date.now(), revision: form.dataset.revision }); });
    addEventListener('beforeunload', (e) => { if (status.classList.contains('is-unsaved') && !form.dataset.busy) e.preventDefault(); });
})();
