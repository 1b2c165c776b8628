// The capacity form: counts free beds while typing, takes over yesterday's figures, moves with Enter.
// Nothing here decides: the server computes the same again, and the form works without this file.
const form = document.querySelector("[data-capacity-form]");

const isOn = () => {
  try { return localStorage.getItem("lcps-keys") !== "off"; } catch { return true; }
};
const whole = (text) => (/^\s*\d+\s*$/.test(text) ? Number(text) : null);

function row(input) {
  return input.closest("[data-fill]");
}

// ---- one field: empty, equal to yesterday, or different
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
  place.classList.toggle("is-empty", value === "" && input.dataset.quiet === undefined);
}

function take(input) {
  if (input.dataset.before === undefined) return false;
  input.value = input.dataset.before;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

// ---- free beds: <output data-free data-open="id id" data-occupied="…" data-reserve="…">
function count(output) {
  const sum = (ids) => {
    let total = 0;
    for (const id of (ids || "").split(/\s+/).filter(Boolean)) {
      const input = document.getElementById(id);
      if (!input) continue;
      const value = whole(input.value);
      if (value === null && input.dataset.quiet === undefined) return null;
      total += value ?? 0;
    }
    return total;
  };
  const opened = sum(output.dataset.open);
  const occupied = sum(output.dataset.occupied);
  const reserve = sum(output.dataset.reserve);
  const known = opened !== null && occupied !== null && reserve !== null;
  const free = known ? opened - occupied - reserve : null;
  const write = (name, value) => {
    const place = output.querySelector(`[data-free-${name}]`);
    if (place) place.textContent = value ?? "?";
  };
  write("value", free === null ? null : Math.max(free, 0));
  write("open", opened);
  write("occupied", occupied);
  write("reserve", reserve);
  output.classList.toggle("is-overfull", free !== null && free < 0);
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
}

function start() {
  const inputs = [...form.querySelectorAll("[data-fill] input[inputmode=numeric]")];
  const outputs = [...form.querySelectorAll("[data-free]")];
  const progress = document.querySelector("[data-progress]");

  const refresh = () => {
    outputs.forEach(count);
    if (!progress) return;
    const asked = inputs.filter((input) => input.dataset.quiet === undefined);
    const filled = asked.filter((input) => input.value.trim() !== "").length;
    const text = progress.querySelector("[data-progress-text]");
    if (text) text.textContent = text.dataset.text.replace("{n}", filled).replace("{m}", asked.length);
    const bar = progress.querySelector(".lcps-progress__done");
    if (bar) bar.setAttribute("width", (bar.ownerSVGElement.viewBox.baseVal.width * filled / Math.max(asked.length, 1)).toFixed(1));
  };
  const move = (input, step) => {
    const visible = inputs.filter((one) => one.offsetParent !== null);
    const next = visible[visible.indexOf(input) + step];
    if (next) { next.focus(); next.select(); }
  };

  inputs.forEach(show);
  refresh();
  form.addEventListener("input", (event) => {
    if (inputs.includes(event.target)) show(event.target);
    refresh();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-take]");
    if (!button) return;
    const input = row(button).querySelector("input[inputmode=numeric]");
    take(input);
    input.focus();
  });
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-submit]") || document.querySelector("[data-submit]"));
      return;
    }
    if (!inputs.includes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
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
