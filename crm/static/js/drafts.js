// What is typed in a form is kept in this browser until it is saved (includes/draft.html).
// A draft belongs to one user and one form; putting it back sends it to the server, unsaved, so
// that the page comes back with every line, choice and version as it was.
const PREFIX = "ponti-draft:";
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const UNSAID = /^(csrfmiddlewaretoken|find|more|mend|draft)$/;
const OWN = /(^|-)(token|version|opened|who_opened|next|TOTAL_FORMS|INITIAL_FORMS)$/;
const language = document.documentElement.lang === "it" ? "it" : "en-GB";

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

const entriesOf = (form) =>
  [...new FormData(form)].filter(([name, value]) => !UNSAID.test(name) && typeof value === "string");

// What the entries say, without what the page itself put there; empty ones say nothing.
const sayingOf = (entries) =>
  JSON.stringify(entries.filter(([name, value]) => value && !OWN.test(name)).map(([n, v]) => [n, v.replaceAll("\r\n", "\n")]));

function said(element, at) {
  const shape = { hour: "2-digit", minute: "2-digit", ...("dated" in element.dataset ? { day: "numeric", month: "long" } : {}) };
  return element.dataset.words.replace("{when}", new Intl.DateTimeFormat(language, shape).format(at));
}

function putBack(form, draft) {
  const again = document.createElement("form");
  Object.assign(again, { method: "post", action: form.action, hidden: true });
  const own = ["csrfmiddlewaretoken", "draft"].map((name) => [name, form.elements[name].value]);
  for (const [name, value] of [...draft.entries, ...own, ["find", ""]]) {
    const input = document.createElement("textarea");
    Object.assign(input, { name, value });
    again.append(input);
  }
  document.body.append(again);
  again.submit();
}

function keep(root) {
  const form = root.closest("form");
  const key = PREFIX + root.dataset.draft;
  const state = form.querySelector("[data-part=draft-state]");
  const offer = root.querySelector("[data-part=offer]");
  const opened = sayingOf(entriesOf(form));
  let isBound = "bound" in root.dataset;
  let timer;

  function save() {
    clearTimeout(timer);
    const entries = entriesOf(form);
    if (sayingOf(entries) === opened && !isBound) {
      if (offer.hidden) forget(key);
      state.textContent = "";
      return;
    }
    const at = Date.now();
    if (write(key, { at, entries })) state.textContent = said(state, at);
  }

  function later(event) {
    if (event.target.form !== form) return;
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  }

  const draft = read(key);
  if (isBound) {
    save();
  } else if (draft && sayingOf(draft.entries) !== opened) {
    const words = offer.querySelector("[data-words]");
    words.textContent = said(words, draft.at);
    offer.hidden = false;
    offer.querySelector("[data-part=put-back]").addEventListener("click", () => putBack(form, draft));
    offer.querySelector("[data-part=discard]").addEventListener("click", () => {
      forget(key);
      offer.hidden = true;
    });
  } else if (draft) {
    forget(key);
  }
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  form.addEventListener("click", () => setTimeout(() => timer || sayingOf(entriesOf(form)) === opened || save(), 0));
  form.addEventListener("submit", () => {
    save();
    timer = undefined;
  });
  addEventListener("pagehide", () => timer && save());
}

for (const key of keys()) {
  if (!((read(key)?.at ?? 0) > Date.now() - KEPT_FOR)) forget(key);
}
for (const message of document.querySelectorAll("[data-draft-saved]")) {
  forget(PREFIX + message.dataset.draftSaved);
}
for (const root of document.querySelectorAll("[data-draft]")) keep(root);

// Whoever signs out leaves nothing behind.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-signs-out]")) for (const key of keys()) forget(key);
});
