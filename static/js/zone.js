// Tells our pages the browser's time zone, so that times read as on the person's own clock. Nothing else is kept.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes("zone=")) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${encodeURIComponent(zone)}; Path=/; SameSite=Strict${secure}`;
}
