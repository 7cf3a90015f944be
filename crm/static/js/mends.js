// What would put an error right is put into its field in place (includes/error_mends.html).
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=mend]");
  if (!button) return;
  const at = button.value.indexOf("=");
  const field = button.form?.elements[button.value.slice(0, at)];
  if (!field) return;
  event.preventDefault();
  field.value = button.value.slice(at + 1);
  const error = button.closest(".error");
  const wrong = document.querySelector(`[aria-describedby~="${error.id}"]`);
  wrong?.removeAttribute("aria-invalid");
  wrong?.closest(".wrong")?.classList.remove("wrong");
  error.remove();
  field.dispatchEvent(new Event("change", { bubbles: true }));
  (wrong ?? field).focus();
});
