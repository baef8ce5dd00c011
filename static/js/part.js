// A part of a page, fetched anew and put in place of the old one. Focus, what is unfolded and the place in the page stay.

const PATIENCE = 6000;
const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

// {part: an element}, {go: an address}, or {} when there is nothing any more. Throws when nobody answers.
export async function fetchPart(address, id) {
  const asked = { headers: { "X-Part": "1" }, redirect: "manual", cache: "no-store" };
  const answer = await fetch(address, { ...asked, signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 204) return { go: answer.headers.get("X-Go") ?? undefined };
  if (answer.status === 404 || answer.type === "opaqueredirect") return {};
  if (!answer.ok) throw new Error("no part");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { part: page.getElementById(id) ?? undefined };
}

export function put(fresh, old) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const unfolded = new Set([...old.querySelectorAll("details[open]")].map(nameOf));
  const where = held && { name: nameOf(held), index: [...old.querySelectorAll(FOCUSABLE)].indexOf(held) };
  const { scrollX, scrollY } = window;
  const typed = held && "value" in held && held.tagName !== "BUTTON" ? held.value : null;

  fresh = document.adoptNode(fresh);
  old.replaceWith(fresh);
  for (const fold of fresh.querySelectorAll("details")) fold.open ||= unfolded.has(nameOf(fold));
  if (where) focusAgain(fresh, where, typed);
  window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  return fresh;
}

function focusAgain(fresh, { name, index }, typed) {
  const all = [...fresh.querySelectorAll(FOCUSABLE)];
  const same = all.find((one) => nameOf(one) === name);
  if (same && typed !== null) same.value = typed;
  (same ?? all[index] ?? fresh.closest("main"))?.focus({ preventScroll: true });
}

// What an element is for, so that it is known again in a page made anew: a button by its form and what that sends.
function nameOf(element) {
  if (element.id) return `#${element.id}`;
  if (element.tagName === "DETAILS") return `fold ${element.querySelector("summary")?.textContent.trim()}`;
  if (element.tagName === "SUMMARY") return `summary ${element.textContent.trim()}`;
  if (!element.form) return `${element.tagName} ${element.getAttribute("href") ?? element.textContent.trim()}`;
  const sent = [...element.form.querySelectorAll("input[type=hidden]")].filter((one) => one.name !== "csrfmiddlewaretoken");
  const value = element.tagName === "BUTTON" ? element.value : "";
  return [element.form.getAttribute("action"), ...sent.map((one) => one.value), element.name, value].join(" ");
}
