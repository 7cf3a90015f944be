// Suggestions under the box on top: links to what is called so, the last to all that is found.
// Enter without a choice sends the form, as it does without scripts.
import { Listbox } from "./listbox.js";

class Suggestions extends Listbox {
  constructor(form) {
    const input = form.querySelector("input[name=q]");
    const list = document.createElement("div");
    list.className = "suggestions";
    input.type = "text";
    super(form, input, list);
    this.listen();
    form.addEventListener("submit", () => this.close());
  }

  acts(isOpen) {
    const chosen = isOpen && this.options[this.active];
    return {
      ...super.acts(isOpen),
      ...(chosen && { Enter: () => this.choose(chosen) }),
      ...(isOpen && { Escape: () => this.close() }),
    };
  }

  choose(option) {
    this.close();
    option.click();
  }

  search() {
    const typed = this.input.value.trim();
    if (!typed || document.activeElement !== this.input) return this.close();
    return this.ask(this.root.dataset.suggestions, new URLSearchParams({ q: typed }), typed);
  }

  show(html, typed) {
    if (document.activeElement !== this.input || this.input.value.trim() !== typed) return;
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("[data-status]");
    this.offer([...found.children]);
    this.status.textContent = found.dataset.status;
  }
}

for (const form of document.querySelectorAll("form[data-suggestions]")) new Suggestions(form);
