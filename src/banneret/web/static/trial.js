// Runs the forms of the documentation in place: the same request, without a new page. Without this module they work too.

import { addCopyButtons } from "./copy.js";

async function run(form) {
  const button = form.querySelector("button[type=submit]");
  const output = form.parentElement.querySelector("[data-output]");
  button.disabled = true;
  output.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "text/html-fragment" },
    });
    output.innerHTML = await answer.text();
    addCopyButtons(output);
  } catch {
    output.textContent = "The server could not be reached. Is it running?";
  } finally {
    button.disabled = false;
    output.removeAttribute("aria-busy");
  }
  output.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-trial]")) return;
  event.preventDefault();
  run(event.target);
});
