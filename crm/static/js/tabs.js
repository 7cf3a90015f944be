// A row of tabs wider than the screen opens scrolled to the page that is open.
for (const here of document.querySelectorAll(":is(.tabs, .conditions > .switch) [aria-current]")) {
  const row = here.closest("ul, .switch");
  const end = here.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (end > 0) row.scrollLeft += end + 32;
}
