// Changes the theme where one stands, without a new page: what was typed stays, and so does a key that is shown once.

function show(form, chosen) {
  const root = document.documentElement;
  if (chosen === "system") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  document.querySelector("meta[name=color-scheme]").content = chosen === "system" ? "light dark" : chosen;
  form.querySelectorAll("button[name=theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  });
}

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button?.matches(".choice > button[name=theme]") || button.dataset.refused) return;
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams([...new FormData(form), [button.name, button.value]]);
  let kept = false;
  try {
    // The server answers a choice that it keeps with the way to another page, which is not gone.
    kept = (await fetch(form.action, { method: "POST", body, redirect: "manual" })).type === "opaqueredirect";
  } catch {
    kept = false;
  }
  if (kept) {
    show(form, button.value);
  } else {
    button.dataset.refused = "1";
    form.requestSubmit(button);
  }
});
