// Live refresh. The stream says which topic changed ("all" when it does not know); every fragment marked
// <section id="…" data-live="capacity transfers"> that listens to it is fetched again and merged in place.
// One with data-live-at-once is asked for as soon as the page stands. Merging keeps focus, scroll, open folds and typed text; cells whose text changed get a soft mark.
const stream = document.body.dataset.liveUrl;
const said = document.querySelector("[data-live-said]");
const lost = document.querySelector("[data-live-lost]");
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
const SILENCE = 30_000;
const PAUSE = 3_000;

let source = null;
let wait = FIRST_WAIT;
let brokenSince = null;
let timer = null;
const due = new Set();
const asked = new Map();

const clock = () => document.querySelector("[data-clock]")?.textContent || "";
const jitter = (milliseconds) => milliseconds * (0.5 + Math.random());

function connect() {
  clearTimeout(timer);
  if (source || document.hidden) return;
  source = new EventSource(stream);
  source.onopen = () => {
    // What happened while the stream was away is not told again: look at everything once.
    if (brokenSince) refresh(document.querySelectorAll("[data-live]"));
    brokenSince = null;
    wait = FIRST_WAIT;
    lost.hidden = true;
  };
  source.addEventListener("change", ({ data: topic }) => {
    const fragments = [...document.querySelectorAll("[data-live]")];
    refresh(fragments.filter((one) => topic === "all" || one.dataset.live.split(/\s+/).includes(topic)));
  });
  source.onerror = () => {
    disconnect();
    brokenSince ??= { at: Date.now(), clock: clock() };
    timer = setTimeout(connect, jitter(wait));
    wait = Math.min(wait * 2, LONGEST_WAIT);
    setTimeout(sayLost, SILENCE);
  };
}

function disconnect() {
  source?.close();
  source = null;
}

function sayLost() {
  if (!brokenSince || Date.now() - brokenSince.at < SILENCE) return;
  lost.querySelector("[data-live-since]").textContent = brokenSince.clock;
  lost.hidden = false;
}

// Many pages hear the same event: spread their questions, ask once for several events, and in the minutes
// in which a whole country reports, ask again only after a pause.
function refresh(fragments) {
  for (const { id } of fragments) {
    if (due.has(id)) continue;
    due.add(id);
    const pause = (asked.get(id) ?? -PAUSE) + PAUSE - performance.now();
    setTimeout(() => {
      due.delete(id);
      asked.set(id, performance.now());
      load(id);
    }, Math.max(pause, 0) + jitter(300));
  }
}

async function load(id) {
  const fragment = document.getElementById(id);
  if (!fragment) return;
  const address = fragment.dataset.liveUrl || location.pathname + location.search;
  // Nobody needs to be there for this: it does not count as a sign of life (lcps/presence.py).
  const headers = { "HX-Request": "true", "HX-Target": id, "X-Background": "refresh" };
  const response = await fetch(address, { headers, credentials: "same-origin" }).catch(() => null);
  // Signed out or refused: leave what is shown; the next click tells why.
  if (!response?.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(id);
  if (!fresh) return;
  for (const marked of fragment.querySelectorAll(".is-changed")) marked.classList.remove("is-changed");
  const changed = new Set();
  const focused = document.activeElement;
  merge(fragment, fresh, changed);
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  for (const cell of changed) cell.classList.add("is-changed");
  if (changed.size && said) said.textContent = said.dataset.text.replace("{}", clock());
  window.htmx?.process(fragment);
  document.dispatchEvent(new CustomEvent("lcps:refreshed", { detail: { id, changed: changed.size } }));
}

// Merging: keep every element that is still there, touch only what differs
const CELLS = "td, [data-mark], .lcps-card";

function merge(old, fresh, changed) {
  attributes(old, fresh);
  const keyed = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let place = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const known = next.id && keyed.get(next.id);
    if (known && known !== place) {
      old.insertBefore(known, place);
      place = known;
    }
    if (place && alike(place, next)) {
      if (next.nodeType === Node.ELEMENT_NODE) merge(place, next, changed);
      else if (place.data !== next.data) { place.data = next.data; mark(place, changed); }
      place = place.nextSibling;
    } else {
      const added = document.importNode(next, true);
      old.insertBefore(added, place);
      if (added.textContent.trim()) mark(added, changed);
    }
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    // Somebody stands on it: it goes when they leave.
    if (gone.nodeType === Node.ELEMENT_NODE && gone.contains(document.activeElement)) {
      gone.classList.add("is-gone");
      gone.addEventListener("focusout", () => gone.remove(), { once: true });
    } else gone.remove();
  }
}

function alike(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && (old.id || "") === (fresh.id || "");
}

function attributes(old, fresh) {
  const kept = old.nodeName === "DETAILS" || old.nodeName === "DIALOG" ? ["open"] : [];
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value && !kept.includes(name)) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
  }
}

// A clock counts down by itself: that is no news.
function mark(node, changed) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  if (!element || element.closest("[data-until], time") || (node.data !== undefined && !node.data.trim())) return;
  const cell = element.closest(CELLS);
  if (cell) changed.add(cell);
}

if (stream && document.querySelector("[data-live]")) {
  connect();
  for (const { id } of document.querySelectorAll("[data-live-at-once]")) load(id);
  // A browser opens few streams to one place: a page out of sight lets go of its own.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      clearTimeout(timer);
      disconnect();
      brokenSince ??= { at: Date.now(), clock: clock() };
    } else {
      connect();
    }
  });
  addEventListener("pagehide", disconnect);
}
