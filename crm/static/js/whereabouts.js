// Who goes where: without the tick of a stop, the ticks of its meetings don’t matter.
for (const form of document.querySelectorAll("[data-whereabouts]")) {
  form.addEventListener("change", ({ target }) => {
    if (!target.value?.startsWith("s")) return;
    for (const box of form.querySelectorAll(`[data-stop="${CSS.escape(target.value)}"]`)) {
      if (box.name === target.name) box.closest("td").classList.toggle("moot", !target.checked);
    }
  });
}
