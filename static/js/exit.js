// Quick exit: the link at the top, or Shift pressed three times on its own. Each press restarts a five-second timer.
// The page is covered before the browser leaves it, and its place in the history is taken by where we go.

const PRESSES = 3;
const PAUSE = 5000;

const link = document.querySelector("[data-exit]");
const status = document.querySelector("[data-exit-status]");

let presses = 0;
let timer = 0;
let shiftWasHeld = false;

function say(words) {
  status.textContent = words ?? "";
}

function forget() {
  window.clearTimeout(timer);
  presses = 0;
  say("");
}

function cover() {
  const sheet = document.createElement("div");
  sheet.className = "leave-cover";
  sheet.setAttribute("role", "alert");
  document.body.append(sheet);
  document.documentElement.classList.add("leaving");
  sheet.textContent = status.dataset.leaving;
}

function uncover() {
  document.documentElement.classList.remove("leaving");
  document.querySelectorAll(".leave-cover").forEach((sheet) => sheet.remove());
  forget();
}

function leave() {
  forget();
  cover();
  window.location.replace(link.href);
}

function countPress() {
  presses += 1;
  window.clearTimeout(timer);
  if (presses >= PRESSES) {
    leave();
    return;
  }
  say(presses === 1 ? status.dataset.two : status.dataset.one);
  timer = window.setTimeout(() => {
    forget();
    say(status.dataset.over);
  }, PAUSE);
}

// On key up: a Shift that was held for a capital letter must not count, and any other key starts again.
function onKeyUp(event) {
  if (event.key === "Shift" && !shiftWasHeld) {
    countPress();
  } else if (presses > 0) {
    forget();
  }
  shiftWasHeld = event.shiftKey;
}

if (link && status) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keyup", onKeyUp, true);
  window.addEventListener("pageshow", uncover);
}
