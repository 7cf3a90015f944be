// The admin's autocompletes are drawn by a library that leaves them without a name: give them their field's.
const nameOf = (select) => select.getAttribute("aria-label")
  || document.querySelector(`label[for="${CSS.escape(select.id)}"]`)?.textContent.trim() || "";

const name = (root) => {
  for (const box of root.querySelectorAll(".select2-selection")) {
    const select = box.closest(".select2")?.previousElementSibling;
    if (!select || box.getAttribute("aria-label")) continue;
    box.setAttribute("aria-label", nameOf(select));
    box.querySelector("[role=textbox]")?.setAttribute("aria-label", nameOf(select));
    box.querySelector("input")?.setAttribute("aria-label", nameOf(select));
  }
  for (const field of root.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const select = field.closest(".select2")?.previousElementSibling ?? document.querySelector(".select2-container--open")?.previousElementSibling;
    if (select) field.setAttribute("aria-label", nameOf(select));
  }
};

name(document);
new MutationObserver(() => name(document)).observe(document.body, { childList: true, subtree: true });
