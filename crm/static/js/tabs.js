// A row of tabs wider than the screen opens scrolled to the page that is open.
for (const here of document.querySelectorAll(":is(.tabs, .conditions > .switch) [aria-current]")) {
  const row = here.closest("ul, .switch");
  // Clear of the edge that fades.
  const end = here.getBoundingClientRect().right - row.getBoundingClientRect().right + 32;
  if (end > 0) row.scrollLeft += end;
}
