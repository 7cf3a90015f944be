// A combobox over a combo (crm/combos.py): offers while one types, keeps what is chosen as tokens.
// Sends, from the combo and bubbling: `change` after a choice or a removal, `combo:add` with
// {kind, typed} where an addition is chosen, `combo:remove` with {value} where a token goes.
const WAIT = 120;
let counter = 0;

const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

// Marks the typed words inside a label, whatever their accents and capitals.
function mark(label, typed) {
  const text = label.textContent;
  const flat = [...text].map((letter) => plain(letter)[0] ?? letter).join("");
  if (flat.length !== text.length) return;
  const spots = plain(typed).split(/\s+/).filter(Boolean)
    .map((word) => [flat.indexOf(word), word.length]).filter(([at]) => at >= 0)
    .sort((one, other) => one[0] - other[0]);
  const parts = [];
  let end = 0;
  for (const [at, length] of spots) {
    if (at < end) continue;
    const marked = document.createElement("mark");
    marked.textContent = text.slice(at, at + length);
    parts.push(text.slice(end, at), marked);
    end = at + length;
  }
  label.replaceChildren(...parts, text.slice(end));
}

export class Combobox {
  constructor(root) {
    this.root = root;
    this.entry = root.querySelector(".combo-entry");
    this.input = this.entry.querySelector("input[type=text]");
    this.isMultiple = "multiple" in root.dataset;
    this.active = -1;
    this.prepare();
    this.listen();
    root.combobox = this;
  }

  prepare() {
    counter += 1;
    this.list = document.createElement("ul");
    this.list.id = `combo-list-${counter}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() ?? "");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.root.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list",
    })) this.input.setAttribute(name, value);
    this.root.querySelector("[data-part=find]")?.remove();
    for (const label of this.entry.querySelectorAll("label.token")) this.enhance(label);
    this.root.querySelector("[data-part=found]")?.remove();
  }

  // Turns a token that unticks into one with a button.
  enhance(label) {
    const box = label.querySelector("input");
    const mono = label.querySelector(".mono");
    label.replaceWith(this.token(box.value, label.textContent.trim().slice(mono?.textContent.length ?? 0).trim(), mono));
  }

  token(value, label, mono, isField = true) {
    const token = this.root.querySelector("template[data-part=token]").content.firstElementChild.cloneNode(true);
    const button = token.querySelector("button");
    token.dataset.value = value;
    token.dataset.label = label;
    const words = document.createElement("span");
    words.textContent = label;
    token.prepend(words);
    if (mono) token.prepend(mono.cloneNode(true));
    const spoken = button.querySelector(".visually-hidden");
    spoken.textContent = spoken.textContent.replace("{label}", label);
    if (isField) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: this.root.dataset.name, value });
      token.append(field);
    }
    button.addEventListener("click", () => this.remove(token));
    return token;
  }

  get tokens() { return [...this.entry.querySelectorAll(".token")]; }

  get options() { return [...this.list.children]; }

  listen() {
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.later(); });
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("focus", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("focusout", (event) => {
      if (!this.root.contains(event.relatedTarget)) this.close();
    });
    this.entry.addEventListener("mousedown", (event) => {
      if (event.target !== this.entry) return;
      event.preventDefault();
      this.input.focus();
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const isOpen = !this.list.hidden;
    const acts = {
      ArrowDown: () => (isOpen ? this.move(1) : this.search()),
      ArrowUp: () => isOpen && this.move(-1),
      Home: () => isOpen && this.point(0),
      End: () => isOpen && this.point(this.options.length - 1),
      Enter: () => (isOpen && this.active >= 0 ? this.choose(this.options[this.active]) : this.input.value && this.search()),
      Escape: () => (isOpen ? this.close() : this.clear()),
    };
    if (event.key === "Backspace" && !this.input.value && this.tokens.length) {
      event.preventDefault();
      this.remove(this.tokens.at(-1));
    } else if (event.key in acts && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (["Home", "End"].includes(event.key) && (!isOpen || this.input.value)) return;
      event.preventDefault();
      acts[event.key]();
    }
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), WAIT);
  }

  async search() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.asked = new AbortController();
    const typed = this.input.value.trim();
    const query = new URLSearchParams({ q: typed });
    for (const token of this.tokens) query.append("chosen", token.dataset.value);
    try {
      const answer = await fetch(`${this.root.dataset.url}?${query}`, {
        signal: this.asked.signal, headers: { "X-Requested-With": "fetch" },
      });
      if (!answer.ok || answer.redirected) return;
      this.show(await answer.text(), typed);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(html, typed) {
    if (!this.root.contains(document.activeElement)) return;
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("ul");
    const options = [...found.children];
    if (typed) {
      for (const option of options) mark(option.querySelector("[data-part=label]"), typed);
      for (const template of this.root.querySelectorAll("template[data-part=addition]")) {
        const addition = template.content.firstElementChild.cloneNode(true);
        const words = addition.querySelector("span");
        words.textContent = words.textContent.replace("{typed}", typed);
        options.push(addition);
      }
    }
    options.forEach((option, at) => {
      option.id = `${this.list.id}-${at}`;
      option.setAttribute("aria-selected", "false");
    });
    this.list.replaceChildren(...options);
    this.status.textContent = typed || options.length ? found.dataset.status : "";
    this.typed = typed;
    this.open(options.length > 0);
    this.point(typed && options.length ? 0 : -1);
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) this.point(-1);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.open(false);
  }

  clear() {
    this.input.value = "";
    this.status.textContent = "";
  }

  move(by) {
    const count = this.options.length;
    if (count) this.point(this.active < 0 && by < 0 ? count - 1 : (this.active + by + count) % count);
  }

  point(at) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.options[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    const { value, label, add } = option.dataset;
    const typed = this.typed;
    this.clear();
    this.close();
    if (add) {
      this.root.dispatchEvent(new CustomEvent("combo:add", { bubbles: true, detail: { kind: add, typed } }));
      return;
    }
    if (!this.isMultiple) for (const token of this.tokens) token.remove();
    this.place(this.token(value, label, option.querySelector(".mono")));
    this.say(this.root.dataset.chosen, label);
    this.changed();
  }

  // Puts a token before the box.
  place(token) {
    this.input.before(token);
    return token;
  }

  remove(token) {
    const { value, label } = token.dataset;
    token.remove();
    this.say(this.root.dataset.removed, label);
    this.input.focus();
    this.root.dispatchEvent(new CustomEvent("combo:remove", { bubbles: true, detail: { value } }));
    this.changed();
  }

  say(text, label) { this.status.textContent = text.replace("{label}", label); }

  changed() { this.root.dispatchEvent(new Event("change", { bubbles: true })); }
}

export function enhance(within) {
  for (const root of within.querySelectorAll("[data-combo]")) if (!root.combobox) new Combobox(root);
}

enhance(document);
