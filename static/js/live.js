// The beat of a session: asks every moment how it stands, one question at a time, slower while nobody answers.
// It only says that something changed, and where somebody points: what a page shows comes from the page's address.

const BEAT = "/live/";
const PATIENCE = 4000; // milliseconds for one answer
const FIRST_WAIT = 600;
const LONGEST_WAIT = 5000;
const SLOWER_WHEN_HIDDEN = 5;

const spread = (milliseconds) => milliseconds * (0.9 + Math.random() / 5);

// page: {ticket, renew (an address), hear(said) → whether it is over, silent(ms, misses), go(address)}.
// Returns a function that asks at once.
export function follow(page) {
  let timer = 0;
  let asking = false;
  let hurry = false;
  let over = false;
  let misses = 0;
  let renewed = false;
  let heard = Date.now();

  const get = (address, headers, more = {}) =>
    fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...more });

  async function hear(said) {
    over = await page.hear(said);
    return said.again ?? FIRST_WAIT;
  }

  async function renew() {
    if (renewed) throw new Error("the new ticket is refused too");
    const answer = await get(page.renew, { "X-Part": "1" }, { redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 204) {
      over = true;
      page.go(answer.headers.get("X-Go"));
      return 0;
    }
    if (!answer.ok) throw new Error("no new ticket");
    const said = await answer.json();
    if (!said.ticket) return hear({ s: "ended" });
    page.ticket = said.ticket;
    renewed = true;
    return 0;
  }

  async function ask() {
    const answer = await get(BEAT, { "X-Ticket": page.ticket }, { credentials: "omit" });
    if (answer.status === 401) return renew();
    if (!answer.ok) throw new Error("no answer");
    const said = await answer.json();
    renewed = false;
    return "s" in said ? hear(said) : said.again;
  }

  async function turn() {
    if (over) return;
    hurry = asking;
    if (asking) return;
    asking = true;
    window.clearTimeout(timer);
    let wait;
    try {
      wait = await ask();
      misses = 0;
      heard = Date.now();
      page.silent(0, 0);
    } catch {
      misses += 1;
      wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** misses);
    }
    asking = false;
    if (over) return;
    if (document.hidden) wait = Math.max(wait, Math.min(LONGEST_WAIT, wait * SLOWER_WHEN_HIDDEN));
    timer = window.setTimeout(turn, hurry ? 0 : spread(wait));
    hurry = false;
  }

  window.setInterval(() => over || page.silent(Date.now() - heard, misses), 1000);
  window.addEventListener("online", turn);
  window.addEventListener("pageshow", (event) => event.persisted && turn());
  document.addEventListener("visibilitychange", () => document.hidden || turn());
  turn();
  return turn;
}

// A line for screen readers, said once. It must stand before words come into it.
const line = document.createElement("p");
line.className = "vh";
line.setAttribute("role", "status");
document.body.append(line);

export function speak(words) {
  line.textContent = words ?? "";
}
