// The capacity form: counts free beds while typing, takes over yesterday's figures, moves with Enter, and keeps
// what is typed on the server. Nothing here decides: the server computes the same again, and says what is wrong;
// its answer to a saved draft is laid over the page. The form works without this file.
const form = document.querySelector("[data-capacity-form]");

const isOn = () => {
  try { return localStorage.getItem("lcps-keys") !== "off"; } catch { return true; }
};
const whole = (text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : null);
const signed = (value) => (value === null ? "?" : String(value).replace("-", "−"));
const BOXES = "[data-fill] input[inputmode]";

function row(input) {
  return input.closest("[data-fill]");
}

// One field: empty, equal to yesterday, or different
function show(input) {
  const place = row(input);
  const before = input.dataset.before;
  const value = input.value.trim();
  const same = before !== undefined && value === before;
  const toggle = (name, on) => {
    const part = place.querySelector(name);
    if (part) part.hidden = !on;
  };
  toggle("[data-fill-same]", same);
  toggle("[data-fill-take]", before !== undefined && !same);
  toggle("[data-fill-empty]", value === "");
  const isMarked = place.classList.contains("is-wrong") || place.classList.contains("is-asking");
  place.classList.toggle("is-empty", value === "" && input.dataset.quiet === undefined && !isMarked);
}

function take(input) {
  if (input.dataset.before === undefined) return false;
  input.value = input.dataset.before;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

// Free beds: <output data-free data-open="id id" data-occupied="…" data-reserve="…" data-cohort="open occupied">
function sum(ids) {
  let total = 0;
  for (const id of (ids || "").split(/\s+/).filter(Boolean)) {
    const input = document.getElementById(id);
    const value = whole(input.value);
    if (value === null && (input.dataset.quiet === undefined || input.value.trim() !== "")) return null;
    total += value ?? 0;
  }
  return total;
}

function count(output) {
  const opened = sum(output.dataset.open);
  const occupied = sum(output.dataset.occupied);
  const reserve = sum(output.dataset.reserve);
  const known = opened !== null && occupied !== null && reserve !== null;
  const free = known ? opened - occupied - reserve : null;
  const write = (name, value) => {
    const place = output.querySelector(`[data-free-${name}]`);
    const text = signed(value);
    // Writing the same again would make a screen reader say it again.
    if (place && place.textContent !== text) place.textContent = text;
  };
  write("value", free);
  write("open", opened);
  write("occupied", occupied);
  write("reserve", reserve);
  if (output.dataset.cohort) {
    const [openId, occupiedId] = output.dataset.cohort.split(/\s+/);
    const open = sum(openId);
    const lying = sum(occupiedId);
    const cohort = open === null || lying === null ? null : open - lying;
    write("cohort", cohort);
    write("other", cohort === null || free === null ? null : free - cohort);
  }
  const over = free !== null && free < 0;
  output.classList.toggle("is-overfull", over);
  const words = { fits: !over, over };
  for (const [name, on] of Object.entries(words)) {
    const place = output.querySelector(`[data-free-${name}]`);
    if (place) place.hidden = !on;
  }
  const bar = output.querySelector("[data-beds]");
  if (bar && known) draw(bar, opened, occupied, reserve);
}

// The same layout as the server's: open beds as occupied, reserve and free.
function draw(bar, opened, occupied, reserve) {
  const width = bar.viewBox.baseVal.width;
  const unit = (width - 1) / Math.max(opened, occupied + reserve, 1);
  const inside = Math.min(occupied, opened);
  const kept = Math.max(0, Math.min(reserve, opened - inside));
  const set = (name, x, length) => {
    const part = bar.querySelector(`.lcps-beds__${name}`);
    if (!part) return;
    part.setAttribute("x", x.toFixed(1));
    part.setAttribute("width", Math.max(length, 0).toFixed(1));
  };
  set("open", 0.5, unit * opened);
  set("occupied", 0.5, unit * inside);
  set("held", 0.5 + unit * inside, 0);
  set("reserve", 0.5 + unit * inside, unit * kept);
  set("over", 1.5 + unit * opened, unit * (occupied + reserve - opened) - 1);
}

// Drafts: saved when a box is left; the answer is the page as the server sees it now
const WAIT = 10_000;
let saving = Promise.resolve("saved");
let isDirty = false;
let isFiling = false;
let retry = null;

function say(text) {
  const place = document.getElementById("part-saved");
  if (!place) return;
  const chip = document.createElement("span");
  chip.className = "lcps-chip lcps-chip--plain is-late";
  chip.textContent = text;
  place.replaceChildren(chip);
}

function save() {
  saving = saving.then(send);
  return saving;
}

async function ask(address, options) {
  try { return await fetch(address, { credentials: "same-origin", ...options }); } catch { return null; }
}

const isRefused = (response) =>
  response !== null && (response.redirected || response.headers.has("HX-Redirect") || response.status === 403);

// Who signed in again in another tab has a new token; without it the server refuses what is sent from here.
async function renew() {
  const response = await ask(form.action);
  if (!response?.ok || response.redirected) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("[data-capacity-form] [name=csrfmiddlewaretoken]");
  if (token) form.querySelector("[name=csrfmiddlewaretoken]").value = token.value;
  return token !== null;
}

async function send() {
  if (!isDirty) return "saved";
  isDirty = false;
  clearTimeout(retry);
  const post = () => ask(form.dataset.draftUrl, {
    method: "POST",
    body: new FormData(form),
    headers: { "HX-Request": "true" },
  });
  let response = await post();
  if (isRefused(response) && (await renew())) response = await post();
  const isOut = isRefused(response);
  if (response?.ok && !isOut) {
    const page = await response.text();
    // What was typed or chosen since is not in this answer: laying it over the page would undo it. The next one has it.
    if (!isDirty) lay(new DOMParser().parseFromString(page, "text/html"));
    return "saved";
  }
  isDirty = true;
  say(isOut ? form.dataset.signedOut : form.dataset.notSaved);
  retry = setTimeout(save, WAIT);
  return isOut ? "signed out" : "failed";
}

// Lay the server's parts over the page. Boxes keep what is typed, and whatever has the focus stays as it is.
function lay(fresh) {
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    if (!old || old.contains(document.activeElement) || old.isEqualNode(part)) continue;
    old.replaceChildren(...[...part.childNodes].map((node) => document.importNode(node, true)));
  }
  for (const place of fresh.querySelectorAll("[data-row]")) {
    const old = document.getElementById(place.id);
    if (!old) continue;
    old.className = place.className;
    for (const input of place.querySelectorAll("input[id]")) {
      const own = document.getElementById(input.id);
      for (const name of ["aria-invalid", "aria-describedby"]) {
        if (input.hasAttribute(name)) own.setAttribute(name, input.getAttribute(name));
        else own.removeAttribute(name);
      }
    }
  }
  boxes().forEach(show);
  progress();
}

const boxes = () => [...form.querySelectorAll(BOXES)];

function progress() {
  const bar = document.querySelector("[data-progress] .lcps-progress__done");
  if (!bar) return;
  const asked = [...boxes(), ...form.querySelectorAll("[data-asked]")].filter((input) => input.dataset.quiet === undefined);
  const filled = asked.filter((input) => input.value.trim() !== "" && !input.hasAttribute("aria-invalid")).length;
  const width = bar.ownerSVGElement.viewBox.baseVal.width;
  bar.setAttribute("width", ((width * filled) / Math.max(asked.length, 1)).toFixed(1));
}

function start() {
  const outputs = [...form.querySelectorAll("[data-free]")];
  const keepsDrafts = form.dataset.draftUrl !== undefined;
  const refresh = () => { outputs.forEach(count); progress(); };
  const move = (input, step) => {
    const visible = boxes().filter((one) => one.checkVisibility());
    const next = visible[visible.indexOf(input) + step];
    if (next) { next.focus(); next.select(); }
  };
  const firstEmpty = () => boxes().find((one) => one.value.trim() === "" && one.dataset.quiet === undefined && one.checkVisibility());

  // Yesterday's stock in every box that is still empty; what flows is typed afresh.
  const fill = (inputs) => {
    for (const input of inputs) if (input.value.trim() === "") take(input);
    refresh();
    save();
  };

  boxes().forEach(show);
  refresh();
  document.querySelector("[data-errors]")?.focus();

  form.addEventListener("input", (event) => {
    isDirty = keepsDrafts;
    if (event.target.matches(BOXES)) show(event.target);
    refresh();
  });
  // The box is left: its change is kept. A choice (stop, reason) is kept at once.
  form.addEventListener("change", () => { if (keepsDrafts && !isFiling) save(); });

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-take]");
    if (button) {
      event.preventDefault();
      const input = row(button).querySelector(BOXES.split(" ")[1]);
      take(input);
      input.focus();
      if (keepsDrafts) save();
    }
    if (event.target.closest("[data-now-button]")) {
      event.preventDefault();
      const input = form.querySelector("[name=measured_at]");
      input.value = document.querySelector("[data-clock]").textContent.trim();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      save();
      input.focus();
    }
    if (event.target.closest("[data-take-extras]")) {
      event.preventDefault();
      fill(boxes().filter((input) => input.dataset.stock !== undefined && row(input).closest(".lcps-fold__grid")));
    }
  });

  document.querySelector("[data-confirm-unchanged]")?.addEventListener("click", (event) => {
    event.preventDefault();
    fill(boxes().filter((input) => input.dataset.stock !== undefined));
    firstEmpty()?.focus();
  });

  document.querySelector("[data-next-point]")?.addEventListener("click", (event) => {
    const link = document.querySelector("#part-todo a[href^='#']");
    if (!link) return;
    event.preventDefault();
    go(link);
  });
  // A point of the list leads into its box, also when that is folded away.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#part-todo a[href^='#']");
    if (!link) return;
    event.preventDefault();
    go(link);
  });
  const go = (link) => {
    const place = document.getElementById(link.hash.slice(1));
    if (!place) return;
    place.closest("details:not([open])")?.setAttribute("open", "");
    place.scrollIntoView({ block: "center" });
    const inner = place.matches("legend") ? place.parentElement.querySelector("input") : place;
    inner.focus();
  };

  // First what is being kept, then the filing: so that a signed-out person loses nothing, and no draft
  // of before comes in after the report.
  form.addEventListener("submit", async (event) => {
    if (!keepsDrafts || isFiling || event.submitter?.dataset.submit === undefined) return;
    event.preventDefault();
    isDirty = true;
    const outcome = await save();
    if (outcome === "signed out") return;
    isFiling = true;
    form.requestSubmit(event.submitter);
  });
  // Back from the next page: the form can be sent again, and the server says whether it was.
  window.addEventListener("pageshow", () => { isFiling = false; });

  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      const button = form.querySelector("[data-submit]") || document.querySelector("[data-submit]");
      if (button) form.requestSubmit(button);
      return;
    }
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox], [type=radio])") && !event.target.matches(BOXES)) {
      event.preventDefault();
      event.target.blur();
      event.target.focus();
      return;
    }
    if (!event.target.matches(BOXES) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === "ArrowDown") move(event.target, 1);
    else if (event.key === "ArrowUp") move(event.target, -1);
    else if (event.key === "=" && isOn() && take(event.target)) move(event.target, 1);
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.code !== "KeyB" || !isOn()) return;
    const confirm = document.querySelector("[data-confirm-unchanged]");
    if (!confirm) return;
    event.preventDefault();
    confirm.click();
  });
}

if (form) start();
