// Keyboard shortcuts: “/” to the search box, “n” to log a meeting.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const target = { "/": "find", n: "log", N: "log" }[event.key];
  const element = target && document.getElementById(target);
  if (!element) return;
  event.preventDefault();
  if (target === "find") element.select();
  else element.click();
});
