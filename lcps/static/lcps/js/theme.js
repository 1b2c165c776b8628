// Light or dark: follows the system until somebody chooses; the choice is kept on this device.
// Runs before the page is painted, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const read = () => {
    try { return localStorage.getItem("lcps-theme"); } catch { return null; }
  };
  const chosen = new URLSearchParams(location.search).get("theme") || read();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) button.hidden = false;
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    try { localStorage.setItem("lcps-theme", root.dataset.theme); } catch { /* a private window forgets */ }
  });
})();
