// The palette (Ctrl K or Command K) and the keys: quicker ways to what the page's own links and buttons do.
// What there is to do is read from the page: the header's rooms, the account menu, and whatever has a `data-action`.
// Single letters wait until nobody types, and do nothing for who turned them off (My Settings, Appearance; WCAG 2.1.4).

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);
const OPEN_KEYS = APPLE ? "⌘ K" : "Ctrl K";
const PATIENCE = 1500;
const letters = document.documentElement.dataset.shortcuts !== "off";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const text = (element) => element.textContent.replace(/\s+/g, " ").trim();
const rooms = () => [...document.querySelectorAll("a[data-letter]")];
const action = (name) => document.querySelector(`main [data-action=${name}]`);
const go = (address) => () => { location.href = address; };

function create() {
  const link = action("create");
  if (link) return link.href;
  const room = rooms().find((each) => each.hasAttribute("aria-current") && each.dataset.new);
  return room?.dataset.new;
}

// ---------------------------------------------------------------------- what there is

function commands() {
  const found = [];
  const edit = action("edit");
  if (edit) found.push({ group: "Here", label: text(edit), keys: "e", run: () => edit.click() });
  for (const room of rooms()) {
    found.push({ group: "Go to", label: text(room), keys: `g ${room.dataset.letter}`, run: go(room.href) });
  }
  for (const room of rooms()) {
    if (room.dataset.new) {
      const keys = room.hasAttribute("aria-current") ? "c" : "";
      found.push({ group: "Create", label: room.dataset.newLabel, keys, run: go(room.dataset.new) });
    }
  }
  for (const link of document.querySelectorAll("#account a")) {
    found.push({ group: "Account", label: text(link), keys: "", run: go(link.href) });
  }
  for (const button of document.querySelectorAll("#account button[name=theme]")) {
    found.push({ group: "Account", label: `Theme: ${text(button)}`, keys: "", run: () => button.click() });
  }
  found.push({ group: "Account", label: "Keyboard shortcuts", keys: "?", run: () => help.open() });
  const out = document.querySelector("#account form[action='/logout'] button");
  if (out) found.push({ group: "Account", label: text(out), keys: "", run: () => out.click() });
  return found;
}

function fits(command, words) {
  const label = `${command.group} ${command.label}`.toLowerCase();
  return words.every((word) => label.includes(word));
}

// Work items come from their own list, which knows what the visitor may see.
async function items(words, signal) {
  const room = rooms().find((each) => each.dataset.letter === "i");
  if (!room || words.length < 2) return [];
  const answer = await fetch(`${room.href}?q=${encodeURIComponent(words)}`, { signal, headers: { Accept: "text/html" } });
  if (!answer.ok) return [];
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("tr[data-item]")].slice(0, 8).map((row) => {
    const link = row.querySelector("th a");
    return { group: "Work items", label: `${row.dataset.item}  ${text(link)}`, keys: "", run: go(link.getAttribute("href")) };
  });
}

// ---------------------------------------------------------------------- palette

class Palette {
  constructor() {
    this.input = make("input", {
      type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
      "aria-label": "Search, or what to do", placeholder: "Search work items, or type what to do", autocomplete: "off", spellcheck: "false",
    });
    this.list = make("div", { id: "palette-list", role: "listbox", "aria-label": "Found" });
    this.said = make("p", { role: "status", class: "out-of-sight" });
    const close = make("button", { type: "button", class: "quiet small" }, "Close");
    this.dialog = make("dialog", { class: "palette", "aria-label": "Palette" }, make("div", { class: "row" }, this.input, close), this.list, this.said);
    close.addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
    document.body.append(this.dialog);
  }

  open() {
    document.querySelector("#account:popover-open")?.hidePopover();
    this.input.value = "";
    this.dialog.showModal();
    this.search();
  }

  async search() {
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    const words = this.input.value.trim();
    const known = commands().filter((each) => fits(each, words.toLowerCase().split(/\s+/)));
    this.show(known);
    try {
      await new Promise((resolve) => { setTimeout(resolve, 120); });
      if (asked.signal.aborted) return;
      const found = await items(words, asked.signal);
      if (!asked.signal.aborted) this.show([...found, ...known]);
    } catch (error) {
      if (error.name !== "AbortError") this.said.textContent = "The server could not be reached.";
    }
  }

  show(found) {
    this.found = found;
    this.list.replaceChildren();
    let group;
    found.forEach((each, index) => {
      if (group?.dataset.name !== each.group) {
        const title = make("p", { id: `palette-group-${index}`, class: "group" }, each.group);
        group = make("div", { role: "group", "aria-labelledby": title.id, "data-name": each.group }, title);
        this.list.append(group);
      }
      const option = make("div", { id: `palette-${index}`, role: "option", "aria-selected": "false" }, make("span", {}, each.label));
      if (each.keys && letters) option.append(" ", make("kbd", {}, each.keys));
      option.addEventListener("click", () => this.run(index));
      group.append(option);
    });
    this.select(found.length ? 0 : -1);
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.said.textContent = found.length ? `${found.length} found` : "Nothing found";
    this.dialog.classList.toggle("empty", !found.length);
  }

  select(index) {
    this.list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    this.at = index;
    const option = document.getElementById(`palette-${index}`);
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  key(event) {
    const count = this.found.length;
    if (event.isComposing || !count) return;
    if (event.key === "ArrowDown") this.select((this.at + 1) % count);
    else if (event.key === "ArrowUp") this.select((this.at + count - 1) % count);
    else if (event.key === "Enter") this.run(this.at);
    else return;
    event.preventDefault();
  }

  run(index) {
    const chosen = this.found[index];
    this.dialog.close();
    chosen?.run();
  }
}

// ---------------------------------------------------------------------- help

class Help {
  open() {
    this.dialog ??= this.build();
    document.querySelector("#account:popover-open")?.hidePopover();
    this.dialog.showModal();
  }

  build() {
    const rows = [
      [OPEN_KEYS, "Open the palette"],
      ["/", "Search"],
      ["c", "Create"],
      ["e", "Edit what the page shows"],
      ["j", "Next item"],
      ["k", "Previous item"],
      ...rooms().map((room) => [`g ${room.dataset.letter}`, `Go to ${text(room)}`]),
      ["?", "Show this help"],
    ];
    const list = make("dl", { class: "shortcuts" });
    for (const [keys, label] of rows) {
      if (letters || keys === OPEN_KEYS) {
        const pressed = keys.split(" ").map((each) => make("kbd", {}, each));
        list.append(make("div", {}, make("dt", {}, ...pressed), make("dd", {}, label)));
      }
    }
    const state = letters ? "Single letters can be turned off in " : "Single letters are turned off. Turn them on in ";
    const close = make("button", { type: "button", autofocus: "" }, "Close");
    const dialog = make("dialog", { "aria-labelledby": "help-title" }, make("h2", { id: "help-title" }, "Keyboard shortcuts"), list,
      make("p", { class: "hint" }, state, make("a", { href: "/settings/appearance" }, "Appearance"), "."), make("p", {}, close));
    close.addEventListener("click", () => dialog.close());
    document.body.append(dialog);
    return dialog;
  }
}

const palette = new Palette();
const help = new Help();

// ---------------------------------------------------------------------- keys

function typing(element) {
  return element?.isContentEditable || element?.matches("input:not([type=checkbox], [type=radio]), textarea, select");
}

let waiting = 0;

function letter(key) {
  const after = waiting && performance.now() - waiting < PATIENCE;
  waiting = key === "g" && !after ? performance.now() : 0;
  if (after) return rooms().find((room) => room.dataset.letter === key)?.click() ?? null;
  switch (key) {
    case "c": return create() ? go(create())() : null;
    case "e": return action("edit")?.click();
    case "j": return action("next")?.click();
    case "k": return action("previous")?.click();
    case "?": return help.open();
    case "/": return search();
    default: return null;
  }
}

function search() {
  const field = document.querySelector("main input[type=search]");
  if (!field) return palette.open();
  field.focus();
  return field.select();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (APPLE ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    if (palette.dialog.open) palette.dialog.close();
    else if (!document.querySelector("dialog:modal")) palette.open();
    return;
  }
  if (!letters || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog:modal") || document.querySelector(":popover-open")) return;
  if ("cejkg/?".includes(event.key) || waiting) {
    if (event.key === "/") event.preventDefault();
    letter(event.key);
  }
});

for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false;
  button.addEventListener("click", () => (button.dataset.opens === "help" ? help : palette).open());
}
for (const place of document.querySelectorAll("[data-opens] kbd")) place.textContent = OPEN_KEYS;
