// A row of the debrief: what is written about a planned meeting says that it was held; the whole
// delegation in one tick; Ctrl+Enter saves.
for (const row of document.querySelectorAll("[data-debrief] [data-row]")) {
  const held = row.querySelector("input[name$=-status][value=held]");
  const planned = row.querySelector("input[name$=-status][value=planned]");

  row.addEventListener("input", (event) => {
    const says = event.target.matches("[name$=-outcome], [name$=-temperature]") && event.target.value;
    if (says && planned.checked && !("ahead" in row.dataset)) held.checked = true;
  });

  for (const side of row.querySelectorAll("[data-side]")) {
    const boxes = [...side.querySelectorAll("input[name$=-attended]")];
    const whole = side.querySelector("[data-part=whole]");
    const count = row.querySelector(`[data-count=${side.dataset.side}] b`);
    const tell = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      count.textContent = `${ticked}/${boxes.length}`;
      if (!whole) return;
      whole.hidden = false;
      Object.assign(whole.querySelector("input"), { checked: ticked === boxes.length, indeterminate: ticked > 0 && ticked < boxes.length });
    };
    whole?.addEventListener("change", (event) => {
      for (const box of boxes) box.checked = event.target.checked;
    });
    side.addEventListener("change", tell);
    tell();
  }
}

for (const form of document.querySelectorAll("[data-debrief]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  });
}
