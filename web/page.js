/** The coach's own page: once a massage has begun, it works without a network, too. */

const WORKER = "/coach/service_worker.js";

const keep = () => navigator.serviceWorker?.register(WORKER, { scope: "/" }).catch(() => null);

// Only where the page is the whole site: another site's pages are its own.
if (location.pathname === "/") document.addEventListener("palmwise:step", keep, { once: true });
