// Records that look like the one being typed: asked for while one types, shown in [data-alike] of
// the panel or form; on a phone right under what was typed.
const ASKED = new Set([
  "name", "native_name", "website", "email", "phone", "mobile", "country", "city",
  "given_name", "family_name", "native_reading", "affiliations-0-organisation",
]);
const isNarrow = matchMedia("(width < 60rem)");
const timers = new WeakMap();
const asked = new WeakMap();

// What is typed, by the names of the record’s own form; of a panel whom they work for as well.
function typed(scope) {
  const data = new FormData();
  for (const field of scope.querySelectorAll("input[name], select[name], textarea[name]")) {
    const own = scope.dataset.panel ? field.name.replace(`${scope.dataset.panel}-`, "") : field.name;
    const name = scope.dataset.panel && own === "organisation" ? "affiliations-0-organisation" : own;
    const isChosen = field.checked || !["radio", "checkbox"].includes(field.type);
    if (ASKED.has(name) && isChosen) data.set(name, field.value);
  }
  const form = scope.closest("form");
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return data;
}

async function ask(scope, region, field) {
  asked.get(region)?.abort();
  const control = new AbortController();
  asked.set(region, control);
  try {
    const answer = await fetch(region.dataset.alike, { method: "POST", body: typed(scope), signal: control.signal });
    if (!answer.ok || answer.redirected) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (found.innerHTML.trim() === region.innerHTML.trim()) return;
    const place = isNarrow.matches && field.isConnected && field.closest("details") === null && field.closest(".line, .field");
    if (place && found.children.length) place.after(region);
    region.replaceChildren(...found.childNodes);
  } catch (error) {
    if (error.name !== "AbortError") console.warn(error);
  }
}

function listen(wait) {
  return ({ target }) => {
    if (!(target instanceof Element)) return;
    const scope = target.closest("[data-panel], form");
    const regions = [...(scope?.querySelectorAll("[data-alike]") ?? [])];
    const region = regions.find((one) => one.closest("[data-panel], form") === scope);
    if (!region) return;
    clearTimeout(timers.get(region));
    timers.set(region, setTimeout(() => ask(scope, region, target), wait));
  };
}

document.addEventListener("input", listen(600));
document.addEventListener("change", listen(100));
