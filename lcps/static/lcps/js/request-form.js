// The request form keeps what was typed when the session has ended: it says so, and waits until somebody has
// signed in again in another tab. Without this file the form is sent as any other.
const form = document.querySelector("[data-request-form]");
const lost = document.querySelector("[data-session-lost]");
let isSure = false;

// Signing in again gives a new token: the form takes the one that counts now.
function token() {
  return document.cookie.match(/(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/)?.[1];
}

function say(isLost) {
  lost.hidden = !isLost;
  if (isLost) lost.focus();
}

async function isSignedIn() {
  const answer = await fetch(form.dataset.session, { method: "HEAD", redirect: "manual", credentials: "same-origin" });
  return answer.type !== "opaqueredirect";
}

form?.addEventListener("submit", async (event) => {
  if (isSure) return;
  event.preventDefault();
  const button = event.submitter;
  // A network that fails is for the browser to say, as with any form.
  const isIn = await isSignedIn().catch(() => true);
  say(!isIn);
  if (!isIn) return;
  const field = form.querySelector("[name=csrfmiddlewaretoken]");
  field.value = token() ?? field.value;
  isSure = true;
  form.requestSubmit(button);
  isSure = false;
});

// The advice beside the form is asked for while typing; an ended session must not lead away from the form.
document.addEventListener("htmx:configRequest", (event) => {
  const now = token();
  if (now) event.detail.headers["X-CSRFToken"] = now;
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  event.preventDefault();
  say(true);
});
