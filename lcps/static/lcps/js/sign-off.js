// While a coordinator fills in the region's picture, "Zo leest LCPS het" says what was chosen.
const form = document.querySelector("[data-sign-off]");
const pressure = form.querySelector("[data-say-pressure]");
const sentence = form.querySelector("[data-say-sentence]");

form.addEventListener("input", () => {
  const chosen = form.querySelector("[name=pressure]:checked");
  if (chosen) {
    pressure.className = `lcps-level lcps-level--${chosen.value}`;
    pressure.firstElementChild.textContent = chosen.dataset.label;
  }
  sentence.textContent = form.elements.sentence.value;
});
