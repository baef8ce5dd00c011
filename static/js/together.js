// The Person's pages while a helper looks along: lights up what the helper points at, and keeps the bar of the session
// fresh. Nothing else of the page is touched: somebody may be typing.

import { follow, speak } from "./live.js";
import { fetchPart, put } from "./part.js";

const SAID_AFTER = 5000; // milliseconds of silence
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");

let bar = document.querySelector("#session[data-live]");
let lit = null;
let stale = false;

const said = document.createElement("p");
said.className = "live-lost";
said.setAttribute("role", "status");

function cardAt(place) {
  return place ? document.querySelector(`[data-place="${CSS.escape(place)}"]`) : null;
}

function stepOf(card, step) {
  return step === null ? null : card.querySelector(`.step[data-number="${Number(step)}"]`);
}

function putOut() {
  document.querySelectorAll(".pointed").forEach((one) => one.remove());
  for (const one of document.querySelectorAll(".step--pointed")) {
    one.classList.remove("step--pointed");
    one.removeAttribute("aria-current");
  }
}

// Says whether the place is on this page.
function light(place, step) {
  const wanted = `${place} ${step}`;
  const card = cardAt(place);
  if (wanted === lit) return card !== null;
  const isFirst = lit === null;
  lit = wanted;
  const target = card && (stepOf(card, step) ?? card);
  if (isFirst && (target ? target.querySelector(".pointed") : !document.querySelector(".pointed"))) {
    return card !== null; // the page came so
  }
  putOut();
  if (target) show(target, target === card ? "" : (target.dataset.shown ?? step));
  return card !== null;
}

function show(target, number) {
  const line = document.importNode(bar.querySelector("template").content.firstElementChild, true);
  if (number === "") {
    (target.querySelector(".shown__line") ?? target.querySelector("h1") ?? target.firstElementChild).before(line);
  } else {
    target.prepend(line);
    target.classList.add("step--pointed");
    target.setAttribute("aria-current", "step");
  }
  for (let fold = line.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  speak(number === "" ? line.textContent.trim() : bar.dataset.step.replace("[n]", number));
  if (!isTyping()) line.scrollIntoView({ block: "nearest", behavior: CALM.matches ? "instant" : "smooth" });
}

function isTyping() {
  return document.activeElement.matches("input:not([type=radio], [type=checkbox]), textarea, select");
}

// Says whether the session is over.
async function showBarAnew(isHere) {
  const before = pointedElsewhere();
  try {
    const { part } = await fetchPart(bar.dataset.part, bar.id);
    stale = false;
    if (!part) return end();
    bar = put(part, bar);
    bar.firstElementChild.append(said);
    page.ticket = bar.dataset.ticket ?? page.ticket;
    const isOver = !("live" in bar.dataset);
    if (isOver) speak(bar.querySelector("p").textContent.trim());
    else if (!isHere && pointedElsewhere() !== before) speak(pointedElsewhere());
    return isOver;
  } catch {
    stale = true;
    return false;
  }
}

function pointedElsewhere() {
  return bar.querySelector(".session__point")?.textContent.trim() ?? "";
}

function end() {
  putOut();
  bar.remove();
  return true;
}

const page = {
  ticket: bar?.dataset.ticket,
  renew: "/help/ticket/",
  go: end, // no longer signed in: the page stays as it is, and nobody looks along
  hear(told) {
    const isHere = light(told.p ?? "", told.n ?? null);
    const hasChanged = stale || told.s === "ended" || told.v > Number(bar.dataset.version);
    return hasChanged ? showBarAnew(isHere) : false;
  },
  silent(milliseconds, misses) {
    said.textContent = milliseconds > SAID_AFTER && misses > 0 ? (bar.dataset.lost ?? "") : "";
  },
};

if (bar) {
  bar.firstElementChild.append(said);
  follow(page);
}
