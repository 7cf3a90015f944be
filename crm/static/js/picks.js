// Rows ticked in a list: how many, all of the page at once, and which acts so many allow.
const form = document.getElementById("selection");
const boxes = () => [...document.querySelectorAll("input.row-pick")];

function tell() {
  const count = boxes().filter((box) => box.checked).length;
  const status = form.querySelector(".counted");
  const words = count === 0 ? status.dataset.none : count === 1 ? status.dataset.one : status.dataset.many;
  status.textContent = words.replace("#", count);
  for (const button of form.querySelectorAll("[data-picks]")) {
    const [least, most] = button.dataset.picks.split(" ").map(Number);
    button.disabled = count < least || count > most;
  }
}

if (form) {
  const all = form.querySelector("[data-picks-all]");
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const box of boxes()) box.checked = true;
    tell();
  });
  form.addEventListener("reset", () => setTimeout(tell));
  document.addEventListener("change", (event) => {
    if (event.target.matches("input.row-pick")) tell();
  });
  // The browser may have ticked some again on the way back.
  window.addEventListener("pageshow", tell);
  tell();
}
