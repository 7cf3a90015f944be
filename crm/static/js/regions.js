// What depends on the answers of a form follows them: after a change inside [data-refreshes] the
// form is sent unsaved, and each [data-region] is taken from the page that comes back.
// Ctrl+Enter saves from anywhere in the form.
import { enhance } from "./lines.js";

for (const form of document.querySelectorAll("form[data-log]")) {
  let asked;
  let timer;

  form.querySelector("[data-part=no-script]")?.remove();

  const take = (fresh) => {
    const old = document.getElementById(fresh.id);
    if (!old || old.outerHTML === fresh.outerHTML || old.contains(document.activeElement)) return;
    old.replaceWith(fresh);
    enhance(fresh);
  };

  const refresh = async () => {
    asked?.abort();
    asked = new AbortController();
    const data = new FormData(form);
    data.set("find", "");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, signal: asked.signal });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const fresh of page.querySelectorAll("[data-region]")) take(document.adoptNode(fresh));
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error);
    }
  };

  form.addEventListener("change", (event) => {
    if (!event.target.closest("[data-refreshes]") || event.target.name?.endsWith("__typed")) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, 50);
  });

  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  });
}
