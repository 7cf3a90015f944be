// The form of a place: people are offered of the organisation that it is held for, and somebody
// not yet known is named from the box that one types into.
const person = document.querySelector("[data-combo][data-name=person]");
const organisation = document.querySelector("[data-combo][data-name=organisation]");
const newcomer = document.querySelector("[data-newcomer] details");

organisation?.addEventListener("change", () => {
  const token = organisation.querySelector(".token");
  person.dataset.url = person.dataset.url.replace(/\d+\/$/, `${token?.dataset.value ?? 0}/`);
});

// “Yuki Sawatari” as two names, 沢渡 由紀 as the native one.
document.addEventListener("combo:add", ({ detail }) => {
  if (!newcomer || detail.kind !== "person") return;
  const put = (name, value) => { newcomer.querySelector(`[name$=-${name}]`).value = value; };
  const words = detail.typed.trim().split(/\s+/);
  newcomer.open = true;
  if (/[^\u0000-\u024f\u1e00-\u1eff]/.test(detail.typed)) put("native_name", detail.typed);
  else {
    put("given_name", words.length > 1 ? words.slice(0, -1).join(" ") : words[0]);
    put("family_name", words.length > 1 ? words.at(-1) : "");
  }
  newcomer.querySelector("input[type=text]").focus();
});
