// A file is weighed where it is chosen: one that is too large is not sent at all.
document.addEventListener("change", (event) => {
  const input = event.target.closest("input[type=file][data-megabytes]");
  if (!input) return;
  const alert = input.parentElement.querySelector("[data-part=too-large]");
  const isTooLarge = (input.files[0]?.size ?? 0) > input.dataset.megabytes * 1024 * 1024;
  alert.textContent = isTooLarge ? input.dataset.tooLarge : "";
  alert.hidden = !isTooLarge;
  if (!isTooLarge) return input.removeAttribute("aria-invalid");
  input.setAttribute("aria-invalid", "true");
  input.value = "";
});
