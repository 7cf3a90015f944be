// Whichever record stays, its own entries are proposed: but for those chosen by hand and the empty.
const merging = document.querySelector("form.merging");

if (merging) {
  const chosen = new Set();
  merging.addEventListener("change", ({ target }) => {
    if (target.name !== "survivor") {
      chosen.add(target.name);
      return;
    }
    for (const entry of merging.querySelectorAll("input[data-of]")) {
      if (!chosen.has(entry.name) && entry.dataset.of.split(" ").includes(target.value)) entry.checked = true;
    }
  });
}
