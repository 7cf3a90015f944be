// Lines that are added, moved and removed in place: [data-lines] holds a formset, its list, a
// template. The order of the lines is the order in which the form sends them.
import { enhance as enhanceCombos } from "./combobox.js";
import { enhance as enhanceDays } from "./days.js";

// A new element from a formset’s template, with the next number.
export function nextForm(root, template) {
  const total = root.querySelector("input[name$=-TOTAL_FORMS]");
  const at = Number(total.value);
  total.value = at + 1;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", at).replaceAll("__number__", at + 1);
  return holder.content.firstElementChild;
}

export function enhance(within) {
  enhanceCombos(within);
  enhanceDays(within);
}

const MOVES = { up: (line) => line.previousElementSibling, down: (line) => line.nextElementSibling };

function equip(line, root) {
  for (const button of line.querySelectorAll("[data-move]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const { move } = button.dataset;
      const other = MOVES[move](line);
      if (!other) return;
      if (move === "up") other.before(line);
      else other.after(line);
      button.focus();
    });
  }
  const remove = line.querySelector("[data-part=remove]");
  if (!remove) return;
  remove.hidden = false;
  remove.addEventListener("click", () => {
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    (next?.querySelector("[data-part=remove]") ?? root.querySelector("[data-part=add]")).focus();
  });
}

for (const root of document.querySelectorAll("[data-lines]")) {
  const list = root.querySelector("[data-part=list]");
  for (const line of list.children) equip(line, root);
  root.querySelector("[data-part=add]").addEventListener("click", (event) => {
    event.preventDefault();
    const line = nextForm(root, root.querySelector("template[data-part=line]"));
    list.append(line);
    enhance(line);
    equip(line, root);
    line.querySelector("input[type=text]").focus();
  });
}
