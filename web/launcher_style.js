/** What the button in the corner looks like; the style sheet of all the rest is loaded later. */

const SVG = "http://www.w3.org/2000/svg";
// The mark, as in icon.svg.
const HAND = "M8 13V6.5a1.5 1.5 0 0 1 3 0V11 4.5a1.5 1.5 0 0 1 3 0V11 6a1.5 1.5 0 0 1 3 0v7.5C17 18 15 20.5 11.8 20.5c-2.6 0-3.8-1.3-5.2-3.7L4.3 13a1.4 1.4 0 0 1 2.3-1.5z";

// Nothing of the page is inherited: lengths are in pixels, and `all` stands before everything else.
const STYLE = `
:host { display: block; height: 100%; direction: ltr; color-scheme: light dark; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([launcher]) { display: contents; }
.launcher {
  all: initial;
  box-sizing: border-box;
  position: fixed;
  z-index: 2147483000;
  inset: auto max(16px, env(safe-area-inset-right)) max(16px, env(safe-area-inset-bottom)) auto;
  display: none;
  align-items: center;
  gap: 8px;
  max-width: calc(100vw - 32px);
  min-height: 56px;
  padding: 8px 24px 8px 16px;
  border-radius: 32px;
  color-scheme: inherit;
  direction: ltr;
  background: var(--accent, light-dark(#2c6a5c, #8fd3bd));
  color: var(--on-accent, light-dark(#fff, #0d1f1a));
  font: 600 16px / 1.4 var(--font, system-ui, sans-serif);
  box-shadow: 0 8px 40px rgb(0 0 0 / 28%);
  cursor: pointer;
}
.launcher:popover-open { display: flex; }
.launcher:focus-visible { outline: 3px solid var(--accent, light-dark(#2c6a5c, #8fd3bd)); outline-offset: 2px; }
.launcher svg { flex: none; width: 24px; height: 24px; fill: none; stroke: currentcolor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
:host([position*="left"]) .launcher { right: auto; left: max(16px, env(safe-area-inset-left)); }
:host([position*="top"]) .launcher { bottom: auto; top: max(16px, env(safe-area-inset-top)); }
@media (forced-colors: active) { .launcher { border: 2px solid ButtonText; } }
`;

export function launcherSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  return sheet;
}

export function hand() {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.ariaHidden = "true";
  path.setAttribute("d", HAND);
  svg.append(path);
  return svg;
}
