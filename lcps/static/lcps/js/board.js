// Keys of the transfer board besides those of every page: t too late, m my move, v board or list.
// They follow the links on the page, and are off when shortcuts are switched off (WCAG 2.1.4).
const KEYS = { t: "[data-filter=late]", m: "[data-filter=mine]", v: "[data-other-view]" };

const isOn = () => {
  try { return localStorage.getItem("lcps-keys") !== "off"; } catch { return true; }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !isOn()) return;
  if (event.target.closest("input, textarea, select, [contenteditable], [popover]")) return;
  const link = KEYS[event.key] && document.querySelector(KEYS[event.key]);
  if (!link) return;
  event.preventDefault();
  link.click();
});
