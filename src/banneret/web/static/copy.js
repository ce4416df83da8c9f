// Gives every `.sample` a button that copies its text, and says so to those who do not see it.

const spoken = document.createElement("p");
spoken.className = "out-of-sight";
spoken.setAttribute("role", "status");
document.body.append(spoken);

function addButton(sample) {
  const text = sample.querySelector("pre");
  if (!text || sample.querySelector(".copy")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      spoken.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
      spoken.textContent = "Selected; copy it with your keyboard";
    }
    button.textContent = spoken.textContent.split(";")[0];
    setTimeout(() => { button.textContent = "Copy"; spoken.textContent = ""; }, 2000);
  });
  sample.append(button);
}

export function addCopyButtons(root = document) {
  if (navigator.clipboard) root.querySelectorAll(".sample").forEach(addButton);
}

addCopyButtons();
