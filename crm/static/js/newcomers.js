// People and organisations first met: a panel opens from the combobox, and becomes a token in it.
import { nextForm, enhance } from "./lines.js";

const form = document.querySelector("form[data-log]");
const combo = form?.querySelector("[data-combo][data-name=who]")?.combobox;
const answers = (panel) => [...panel.querySelectorAll("input[type=text]")];
const called = (panel) => {
  const value = (name) => panel.querySelector(`[name$=-${name}]`)?.value.trim() ?? "";
  return value("name") || [value("given_name"), value("family_name")].filter(Boolean).join(" ") || value("native_name");
};

// Puts what was typed where it belongs: “Yuki Sawatari” as two names, 沢渡 由紀 as the native one.
function fill(panel, kind, typed) {
  const put = (name, value) => { panel.querySelector(`[name$=-${name}]`).value = value; };
  const isNative = /[^\u0000-\u024f\u1e00-\u1eff]/.test(typed);
  if (kind === "organisation") return put(isNative ? "native_name" : "name", typed);
  if (isNative) return put("native_name", typed);
  const words = typed.split(/\s+/);
  put("given_name", words.length > 1 ? words.slice(0, -1).join(" ") : typed);
  return words.length > 1 && put("family_name", words.at(-1));
}

function changed(panel) { panel.dispatchEvent(new Event("change", { bubbles: true })); }

function drop(panel) {
  panel.remove();
  changed(combo.root);
}

// Folds a panel that names somebody into a token; the token’s name opens it again.
function fold(panel, isSpoken = true) {
  const name = called(panel);
  if (!name) {
    answers(panel)[0].focus();
    return;
  }
  const token = combo.token(panel.dataset.value, name, null, false);
  token.classList.add("is-new");
  const words = token.querySelector("span");
  const reopen = document.createElement("button");
  reopen.type = "button";
  reopen.className = "token-name";
  reopen.textContent = name;
  words.replaceWith(reopen);
  reopen.addEventListener("click", () => {
    token.remove();
    panel.hidden = false;
    answers(panel)[0].focus();
  });
  panel.hidden = true;
  combo.place(token);
  if (isSpoken) {
    combo.say(combo.root.dataset.chosen, name);
    combo.input.focus();
    changed(combo.root);
  }
}

function equip(panel) {
  panel.querySelector("[data-part=acts]").hidden = false;
  panel.querySelector("[data-part=done]").addEventListener("click", () => fold(panel));
  panel.querySelector("[data-part=cancel]").addEventListener("click", () => {
    drop(panel);
    combo.input.focus();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, select")) return;
    event.preventDefault();
    fold(panel);
  });
}

if (combo) {
  for (const root of form.querySelectorAll("[data-newcomers]")) {
    const kind = root.dataset.newcomers;
    const details = root.querySelector("details");
    const list = root.querySelector("[data-part=list]");
    details.replaceWith(list);
    for (const panel of [...list.children]) {
      equip(panel);
      if (!answers(panel).some((input) => input.value)) panel.remove();
      else if (!panel.querySelector(".error")) fold(panel, false);
    }
    form.addEventListener("combo:add", ({ detail }) => {
      if (detail.kind !== kind) return;
      const panel = nextForm(root, root.querySelector(`#log-new-${kind}`));
      list.append(panel);
      enhance(panel);
      equip(panel);
      fill(panel, kind, detail.typed);
      (answers(panel).find((input) => !input.value) ?? answers(panel)[0]).focus();
      changed(panel);
    });
    form.addEventListener("combo:remove", ({ detail }) => {
      list.querySelector(`[data-value="${CSS.escape(detail.value)}"]`)?.remove();
    });
  }
}
