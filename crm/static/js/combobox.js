// A combobox over a combo (crm/combos.py): offers while one types, keeps what is chosen as tokens.
// Sends, from the combo and bubbling: `change` after a choice or a removal, `combo:add` with
// {kind, typed} where an addition is chosen, `combo:remove` with {value} where a token goes.
import { Listbox } from "./listbox.js";

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

export class Combobox extends Listbox {
  constructor(root) {
    const entry = root.querySelector(".combo-entry");
    super(root, entry.querySelector("input[type=text]"), document.createElement("ul"));
    this.entry = entry;
    this.isMultiple = "multiple" in root.dataset;
    this.prepare();
    this.listen();
    root.combobox = this;
  }

  prepare() {
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

  listen() {
    super.listen();
    this.entry.addEventListener("mousedown", (event) => {
      if (event.target !== this.entry) return;
      event.preventDefault();
      this.input.focus();
    });
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  acts(isOpen) {
    const { value } = this.input;
    const ends = isOpen && !value && { Home: () => this.point(0), End: () => this.point(this.options.length - 1) };
    return {
      ...super.acts(isOpen),
      ...ends,
      Enter: () => (isOpen && this.active >= 0 ? this.choose(this.options[this.active]) : value && this.search()),
      Escape: () => (isOpen ? this.close() : this.clear()),
      Backspace: !value && this.tokens.length ? () => this.remove(this.tokens.at(-1)) : undefined,
    };
  }

  search() {
    const typed = this.input.value.trim();
    const query = new URLSearchParams({ q: typed });
    for (const token of this.tokens) query.append("chosen", token.dataset.value);
    return this.ask(this.root.dataset.url, query, typed);
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
    this.status.textContent = typed || options.length ? found.dataset.status : "";
    this.typed = typed;
    this.offer(options);
    this.point(typed && options.length ? 0 : -1);
  }

  clear() {
    this.input.value = "";
    this.status.textContent = "";
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
