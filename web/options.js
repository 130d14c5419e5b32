/** Shows what each option of the widget does. */

const EVENTS = ["opened", "closed", "step", "swap", "pain", "redflag", "finished"];
const METHODS = {
  "open()": (coach) => coach.open(),
  "close()": (coach) => coach.close(),
  'start("sore_hands")': (coach) => coach.start("sore_hands"),
  'say("How long?")': (coach) => coach.say("How long?"),
  "pause()": (coach) => coach.pause(),
  "resume()": (coach) => coach.resume(),
  "forget()": (coach) => coach.forget(),
};
const form = document.querySelector("#attributes");
const place = document.querySelector("#place");
const events = document.querySelector("#events");
let coach;

// Some attributes are read once: another element shows them.
function show() {
  const given = [...new FormData(form)].filter(([, value]) => value);
  const accent = given.find(([name]) => name === "--accent")[1];
  const colour = accent === form.elements["--accent"].defaultValue ? "" : accent;
  coach = document.createElement("palmwise-coach");
  const attributes = given.filter(([name]) => name !== "--accent").map(([name, value]) => [name, name === "launcher" ? "" : value]);
  for (const [name, value] of attributes) coach.setAttribute(name, value);
  if (colour) coach.style.setProperty("--accent", colour);
  place.replaceChildren(coach);
  const words = attributes.map(([name, value]) => (value ? ` ${name}="${value.replaceAll('"', "&quot;")}"` : ` ${name}`));
  const style = colour ? ` style="--accent: ${colour}"` : "";
  const src = new URL("/coach/widget.js", location.href).href;
  document.querySelector("#code").textContent = `<palmwise-coach${words.join("")}${style}></palmwise-coach>\n<script type="module" src="${src}"></script>`;
}

for (const [name, call] of Object.entries(METHODS)) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", textContent: name, onclick: () => call(coach) });
  document.querySelector("#methods").append(button);
}
for (const name of EVENTS) {
  document.addEventListener(`palmwise:${name}`, ({ type, detail }) => {
    const line = document.createElement("li");
    line.textContent = `${type} ${JSON.stringify(detail)}`;
    events.prepend(line);
  });
}
form.onchange = show;
await customElements.whenDefined("palmwise-coach");
show();
