// The business clock on screen. The server gives the moment at which it made the page; from there the clock
// runs on, and every countdown is written again from its instant: <span data-until="…"><span data-left>.
const words = document.body.dataset;
const SOON = 20 * 60_000;
const offset = words.now ? Date.parse(words.now) - Date.now() : 0;

const wall = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" });

function duration(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return words.wordMinutes.replace("{m}", rest);
  return words.wordHours.replace("{h}", hours).replace("{m}", String(rest).padStart(2, "0"));
}

function left(milliseconds) {
  if (milliseconds > 0) return words.wordLeft.replace("{}", duration(Math.ceil(milliseconds / 60_000)));
  if (milliseconds > -60_000) return words.wordNow;
  return words.wordLate.replace("{}", duration(Math.floor(-milliseconds / 60_000)));
}

function tick() {
  const now = Date.now() + offset;
  for (const clock of document.querySelectorAll("[data-clock]")) {
    clock.textContent = wall.format(now);
    clock.dateTime = new Date(now).toISOString();
  }
  for (const clock of document.querySelectorAll("[data-until]")) {
    const remaining = Date.parse(clock.dataset.until) - now;
    const soon = clock.dataset.soon ? now >= Date.parse(clock.dataset.soon) : remaining <= SOON;
    const state = remaining <= 0 ? "is-over" : soon ? "is-soon" : "is-ok";
    const text = left(remaining);
    const place = clock.querySelector("[data-left]");
    if (place && place.textContent !== text) place.textContent = text;
    for (const shown of [clock, clock.closest("[data-clock-owner]")]) {
      shown?.classList.remove("is-ok", "is-soon", "is-over");
      shown?.classList.add(state);
    }
  }
}

if (words.now) {
  tick();
  setInterval(tick, 15_000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  document.addEventListener("lcps:refreshed", tick);
}

// The morning is played before the page comes back: say that it is being done, and do not start it twice.
document.querySelector(".lcps-demo__clock")?.addEventListener("submit", (event) => {
  const form = event.currentTarget;
  if (form.ariaBusy === "true") return event.preventDefault();
  form.ariaBusy = "true";
  event.submitter.textContent = form.dataset.busy;
});
