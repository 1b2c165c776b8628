// Says on the page that a security key did not work: allauth's script tells the console only.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const words = document.querySelector("[data-key-failed]");
  // Hidden for a moment, so that a second failure is read aloud too.
  words.hidden = true;
  requestAnimationFrame(() => { words.hidden = false; });
});
