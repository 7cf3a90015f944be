// A box to type in and the list of what is offered for it, chosen with arrows, Enter or a press.
// A behaviour over it says what is asked for, what is shown and what choosing does.
const WAIT = 120;
let counter = 0;

export class Listbox {
  // `root` holds the box and the list; leaving it closes the list.
  constructor(root, input, list) {
    Object.assign(this, { root, input, list, active: -1 });
    counter += 1;
    list.id = `combo-list-${counter}`;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    root.append(list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    })) input.setAttribute(name, value);
  }

  get options() { return [...this.list.children]; }

  listen() {
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.later(); });
    this.input.addEventListener("compositionend", () => this.later());
    this.input.addEventListener("focus", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("focusout", (event) => {
      if (!this.root.contains(event.relatedTarget)) this.close();
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  // What a key does; nothing where the browser is to do it.
  acts(isOpen) {
    return {
      ArrowDown: () => (isOpen ? this.move(1) : this.search()),
      ArrowUp: () => isOpen && this.move(-1),
    };
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const act = this.acts(!this.list.hidden)[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), WAIT);
  }

  // Asks for what is typed, forgetting what was asked before; `show` gets the answer.
  async ask(url, query, typed) {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(`${url}?${query}`, {
        signal: this.asked.signal, headers: { "X-Requested-With": "fetch" },
      });
      if (!answer.ok || answer.redirected) return;
      this.show(await answer.text(), typed);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  // None of them is the active one yet, wherever the list before had it.
  offer(options) {
    this.point(-1);
    options.forEach((option, at) => {
      option.id = `${this.list.id}-${at}`;
      option.setAttribute("aria-selected", "false");
    });
    this.list.replaceChildren(...options);
    this.open(options.length > 0);
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
}
