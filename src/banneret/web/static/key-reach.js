// Says beside the form what a key with the ticked limits will reach. The server decides anew at each request.

const form = document.querySelector(".key-form");
const preview = document.getElementById("preview");
const boxes = (name) => [...form.querySelectorAll(`input[name="${name}"]`)];
const many = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

function projects() {
  const all = boxes("Projects").filter((box) => box.dataset.writes !== undefined);
  const ticked = new Set(all.filter((box) => box.checked).map((box) => box.value));
  if (ticked.size === 0) return all;
  const down = form.elements.ProjectScopeDown.checked;
  return all.filter((box) => ticked.has(box.value) || (down && box.dataset.above.split(" ").some((oid) => ticked.has(oid))));
}

function say() {
  const reached = projects();
  const full = form.elements.FullAccess;
  const writes = reached.filter((box) => box.dataset.writes === "1").length;
  const parts = [`reads ${many(reached.length, "project")}`];
  if (!full) parts.push(`the writing key writes ${writes}`);
  else parts.push(full.checked ? `writes ${writes}` : "writes nothing");
  const types = boxes("Types").filter((box) => box.checked).map((box) => box.parentElement.textContent.trim());
  if (types.length) parts.push(`only ${types.join(", ").toLowerCase()}`);
  const addresses = form.elements.Addresses.value.split(/[,\n]/).filter((entry) => entry.trim());
  if (addresses.length) parts.push(`only from ${addresses.join(", ")}`);
  const end = form.elements.Expires;
  if (end.value) parts.push(end.value === "day" ? `until ${form.elements.ExpirationDate.value || "a day still to choose"}` : `ends: ${end.selectedOptions[0].text.toLowerCase()}`);
  preview.textContent = `As it stands: ${parts.join("; ")}.`;
}

if (form && preview) {
  preview.hidden = false;
  form.addEventListener("input", say);
  say();
}
