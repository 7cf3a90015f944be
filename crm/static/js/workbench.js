// A mission's programme is put in order by dragging a meeting by its number. The buttons do the
// same without: after each act the workbench comes back, and what had the focus has it again.
import { enhance } from "./days.js";

const bench = () => document.getElementById("workbench");
let drag;

function place(event) {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const list = under?.closest("ol[data-stop]") ?? under?.closest("section")?.querySelector("ol[data-stop]");
  if (!list || !bench().contains(list)) return;
  const rows = [...list.querySelectorAll(":scope > [data-meeting]")].filter((row) => row !== drag.row);
  const next = rows.find((row) => {
    const box = row.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  list.insertBefore(drag.mark, next ?? null);
}

function scroll(event) {
  const edge = 60;
  if (event.clientY < edge) scrollBy(0, -12);
  else if (event.clientY > innerHeight - edge) scrollBy(0, 12);
}

function end() {
  drag?.row.classList.remove("is-dragged");
  drag?.mark.remove();
  document.body.classList.remove("dragging");
  drag = undefined;
}

function drop() {
  const { row, mark } = drag;
  const list = mark.parentElement;
  let before = mark.previousElementSibling;
  if (before === row) before = row.previousElementSibling;
  const isSame = list && list === row.parentElement && (before === row.previousElementSibling);
  end();
  if (!list || isSame) return;
  const values = {
    stop: list.dataset.stop,
    after: before?.dataset.meeting ?? "",
    version: row.dataset.version,
  };
  window.htmx.ajax("POST", row.dataset.move, { source: row, target: "#workbench", swap: "outerHTML", values });
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0 || !window.htmx) return;
  event.preventDefault();
  const mark = document.createElement("li");
  mark.className = "drop-here";
  drag = { row: grip.closest("[data-meeting]"), mark, id: event.pointerId };
  drag.row.classList.add("is-dragged");
  document.body.classList.add("dragging");
});
document.addEventListener("pointermove", (event) => {
  if (drag?.id !== event.pointerId) return;
  place(event);
  scroll(event);
});
document.addEventListener("pointerup", (event) => drag?.id === event.pointerId && drop());
document.addEventListener("pointercancel", end);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (drag) end();
  const form = event.target.closest(".reschedule");
  if (form && bench()) close(form);
});

function close(form) {
  const opener = form.closest("li")?.querySelector("a[hx-get]");
  form.remove();
  opener?.focus();
}

// “Cancel” closes the form that was opened in place.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-close]");
  if (!link || !bench()?.contains(link)) return;
  event.preventDefault();
  close(link.closest(".reschedule"));
});
// What was moved stays under the eye: the page scrolls as far as it went.
let eye;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== bench()) return;
  const row = event.detail.requestConfig.elt.closest("[data-meeting], section[id], li[id]");
  eye = row && { id: row.id, top: row.getBoundingClientRect().top };
});
document.addEventListener("htmx:afterSwap", () => {
  const row = eye && document.getElementById(eye.id);
  if (row) scrollBy(0, row.getBoundingClientRect().top - eye.top);
});
document.addEventListener("htmx:afterSettle", () => {
  const row = eye && document.getElementById(eye.id);
  if (row) scrollBy(0, row.getBoundingClientRect().top - eye.top);
  eye = undefined;
});
// A form opened in place is answered at once.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!bench()?.contains(event.detail.elt)) return;
  enhance(event.detail.elt);
  event.detail.elt.querySelector(".reschedule :is(input:not([type=hidden]), select)")?.focus();
});
