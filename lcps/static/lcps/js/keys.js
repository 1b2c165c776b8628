// Shortcuts: "?" shows them, "/" goes to the search field, j k h l walk over a board, Enter opens the card.
// They act on plain keys, so they can be switched off (WCAG 2.1.4); the choice is kept on this device.
const NAME = "lcps-keys";
const dialog = document.getElementById("sneltoetsen");

const isOn = () => {
  try { return localStorage.getItem(NAME) !== "off"; } catch { return true; }
};

const choice = dialog?.querySelector("[data-keys-switch]");
if (choice) {
  const box = choice.querySelector("input");
  choice.hidden = false;
  box.checked = isOn();
  box.addEventListener("change", () => {
    try { localStorage.setItem(NAME, box.checked ? "on" : "off"); } catch { /* a private window forgets */ }
  });
}

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");

function cards(column) {
  return [...column.querySelectorAll("[data-card]")];
}

// Columns are marked data-board-column inside data-board; a list of rows is a board of one column.
function walk(key) {
  const columns = [...document.querySelectorAll("[data-board] [data-board-column]")].filter((c) => cards(c).length);
  if (!columns.length) return false;
  const here = document.activeElement.closest?.("[data-board-column]");
  const x = columns.indexOf(here);
  if (x < 0) {
    cards(columns[0])[0].focus();
    return true;
  }
  const column = cards(columns[x]);
  const y = column.findIndex((card) => card === document.activeElement || card.parentElement.contains(document.activeElement));
  if (key === "j") column[Math.min(y + 1, column.length - 1)].focus();
  else if (key === "k") column[Math.max(y - 1, 0)].focus();
  else {
    const side = columns[x + (key === "l" ? 1 : -1)];
    if (side) cards(side)[Math.min(y, cards(side).length - 1)].focus();
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || !isOn()) return;
  if (event.key === "?") dialog?.togglePopover();
  else if (event.key === "/") document.querySelector("[role=search] input[type=search]")?.focus();
  else if ("jkhl".includes(event.key) && event.key.length === 1 && walk(event.key)) { /* moved */ }
  else return;
  event.preventDefault();
});

