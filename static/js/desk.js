// The Helper's page of a session: follows how it stands, and shows the part anew when something changed. What must not
// be seen any more goes at once: paused, ended, not to be had anew, not heard of for long, or left behind in the history.

import { follow } from "./live.js";
import { fetchPart, put } from "./part.js";

const SAID_AFTER = 5000; // milliseconds of silence
const COVERED_AFTER = 20000;

let desk = document.querySelector("#desk[data-live]");
let state = "";
let stale = false;

const said = document.createElement("p");
said.className = "live-lost";
said.setAttribute("role", "status");

function cover() {
  desk.replaceChildren();
  stale = true;
}

function go(address) {
  cover();
  if (address) window.location.replace(address);
  else window.location.reload();
}

async function showAnew() {
  try {
    const { part, go: elsewhere } = await fetchPart(desk.dataset.part, desk.id);
    if (!part) {
      go(elsewhere);
      return true;
    }
    desk = put(part, desk);
    page.ticket = desk.dataset.ticket ?? page.ticket;
    stale = false;
    return true;
  } catch {
    cover();
    return false;
  }
}

const page = {
  ticket: desk?.dataset.ticket,
  renew: "/desk/ticket/",
  go,
  async hear(told) {
    const isOver = told.s === "paused" || told.s === "ended";
    const hasChanged = stale || (isOver && told.s !== state) || told.v > Number(desk.dataset.version);
    const goesOn = state === "paused" && told.s === "open";
    state = told.s;
    if (isOver && hasChanged) cover();
    const isShown = hasChanged || goesOn ? await showAnew() : true;
    return isShown && told.s === "ended";
  },
  silent(milliseconds, misses) {
    said.textContent = milliseconds > SAID_AFTER && misses > 0 ? desk.dataset.lost : "";
    if (milliseconds > COVERED_AFTER) cover();
  },
};

// Pointing and the like, without leaving the page. Whatever is not as it should be, the page itself says.
async function send(form, button) {
  const body = new FormData(form, button);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "1" }, redirect: "manual" });
  if (answer.status === 204 && answer.headers.has("X-Go")) go(answer.headers.get("X-Go"));
  else if (!answer.ok && answer.type !== "opaqueredirect") window.location.reload();
}

if (desk) {
  desk.before(said);
  const ask = follow(page);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#desk form[data-quiet]")) return;
    event.preventDefault();
    send(event.target, event.submitter).then(ask, ask);
  });
  window.addEventListener("pagehide", cover);
}
