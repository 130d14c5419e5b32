/** The coach's own page: its examples can be tapped, and once a massage has begun it works without a network, too. */

const WORKER = "/coach/service_worker.js";

const keep = () => navigator.serviceWorker?.register(WORKER, { scope: "/" }).catch(() => null);

// The things to say can be said by a tap.
for (const line of document.querySelectorAll(".said li")) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: line.textContent, onclick: () => document.querySelector("palmwise-coach").say(line.textContent) });
  line.replaceChildren(button);
}

// Only where the page is the whole site: another site's pages are its own.
if (location.pathname === "/") document.addEventListener("palmwise:step", keep, { once: true });
