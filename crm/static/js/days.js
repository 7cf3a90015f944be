// A date in words gets a button that opens the device’s own calendar (includes/day.html).
const pad = (number) => String(number).padStart(2, "0");

function words(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  const name = new Intl.DateTimeFormat(document.documentElement.lang === "it" ? "it" : "en-GB", { month: "long" });
  return `${day} ${name.format(new Date(year, month - 1, 1))} ${year}`;
}

export function enhance(within) {
  for (const root of within.querySelectorAll(".day")) {
    const template = root.querySelector("template");
    if (!template || !("showPicker" in HTMLInputElement.prototype)) continue;
    const text = root.querySelector("input");
    const button = template.content.firstElementChild.cloneNode(true);
    template.remove();
    const picker = document.createElement("input");
    Object.assign(picker, { type: "date", tabIndex: -1, className: "day-picker" });
    picker.setAttribute("aria-hidden", "true");
    picker.value = root.dataset.day;
    button.addEventListener("click", () => {
      const now = new Date();
      picker.value ||= `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
      picker.showPicker();
    });
    picker.addEventListener("change", (event) => {
      event.stopPropagation();
      if (!picker.value) return;
      text.value = words(picker.value);
      text.dispatchEvent(new Event("change", { bubbles: true }));
    });
    root.append(picker, button);
    root.classList.add("has-picker");
  }
}

enhance(document);
