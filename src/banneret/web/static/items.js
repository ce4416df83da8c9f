// Makes the pages of work items quicker where scripts run; without this module everything works too.
// Copy buttons, choices while typing, and one-field forms that open where the value stands. The server's page is always the truth.

let typed = false;

const spoken = document.createElement("p");
spoken.className = "out-of-sight";
spoken.setAttribute("role", "status");
document.body.append(spoken);

function say(text) {
  spoken.textContent = "";
  requestAnimationFrame(() => { spoken.textContent = text; });
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    say(`Copied ${source.textContent.trim()}`);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  } catch {
    getSelection().selectAllChildren(source);
    say("Selected; copy it with your keyboard");
  }
}

// A reference that is being typed: ask what may be meant, not more often than people pause.
let asking = 0;
async function offer(input) {
  const mine = ++asking;
  await new Promise((resolve) => { setTimeout(resolve, 150); });
  const words = input.value.trim();
  if (mine !== asking || words.length < 2) return;
  const answer = await fetch(`${input.dataset.options}&q=${encodeURIComponent(words)}`);
  if (!answer.ok || mine !== asking) return;
  const choices = (await answer.json()).map(({ text, label }) => Object.assign(document.createElement("option"), { value: text, textContent: label }));
  input.list.replaceChildren(...choices);
}

async function fetchPage(address, options) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options });
  return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

// The form of one field, in the place of its value. Whatever does not work out leads to the form's own page.
async function open(link) {
  const place = link.closest("dd") ?? link.parentElement;
  let page;
  try {
    ({ page } = await fetchPage(link.href));
  } catch {
    location.href = link.href;
    return;
  }
  const form = page.querySelector("form[data-form=edit]");
  if (!form) {
    location.href = link.href;
    return;
  }
  const before = [...place.childNodes];
  show(place, form, link.href, () => {
    typed = false;
    place.replaceChildren(...before);
    link.focus();
  });
}

function show(place, form, address, close) {
  form.action = address;
  place.replaceChildren(form);
  const control = form.querySelector(".field input:not([type=hidden]), .field select, .field textarea");
  control?.focus();
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  form.querySelector("[data-action=cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "find") return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    form.querySelectorAll("button").forEach((button) => { button.disabled = true; });
    let answer, page;
    try {
      ({ answer, page } = await fetchPage(address, { method: "POST", body }));
    } catch {
      form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
      say("The server could not be reached. Nothing was saved.");
      return;
    }
    const again = page.querySelector("form[data-form=edit]");
    if (answer.ok && !again) {
      const property = place.dataset.property;
      document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
      ready();
      document.querySelector(`[data-property="${property}"] a`)?.focus();
      say("Saved");
    } else if (again) {
      const problem = page.querySelector(".note.wrong");
      if (problem && !again.querySelector(".wrong")) again.prepend(problem);
      show(place, again, address, close);
      say("Not saved");
    } else {
      form.submit();
    }
  });
}

function ready() {
  if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  const link = event.target.closest("a[data-inplace]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    open(link);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[data-options]")) offer(event.target);
});

// Whoever typed something and leaves is asked first.
document.addEventListener("input", (event) => { typed ||= Boolean(event.target.closest?.("main form[data-form]")); });
document.addEventListener("submit", () => { typed = false; });
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

ready();
