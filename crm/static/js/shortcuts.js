// Keyboard shortcuts, outside of fields: “/” to the search box, “n” to log a meeting, “?” lists them.
const typing = (element) => element.closest("input, textarea, select, [contenteditable], [role=combobox]") !== null;

const acts = {
  "/": () => document.getElementById("find")?.select(),
  n: () => document.getElementById("log")?.click(),
  "?": () => document.getElementById("shortcuts")?.togglePopover(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(event.target instanceof Element) || typing(event.target)) return;
  const act = acts[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
