// Fills in what is live, sends a stop twice, and says when nothing is heard. Everything works without it.

const PERIOD_MS = 500;
// A page that hears nothing for so long says so.
const SILENT_MS = 2000;
// So long a stop may take before the form is sent as if there were no script.
const STOP_MS = 1500;
// While the server is away, as it is for a moment when it restarts, a stop is sent again and again.
const AGAIN_MS = 400;
const MOST_TIMES = 20;
// A page that was just drawn is not drawn anew at once, whatever a frame says.
const YOUNG_MS = 800;
// A page that is on its way is waited for so long: begun anew at each frame, a slow one would never come.
const DRAWN_MS = 10000;

const { session, view, signal, asks, running, asked } = document.body.dataset;
const warning = document.getElementById("not-live");
const stop = document.getElementById("stop");
const live = new Map();
for (const element of document.querySelectorAll("[data-live]")) {
  live.set(element, element.dataset.live);
}
const buttons = document.querySelectorAll("[data-off]");
const bars = document.querySelectorAll("[data-width]");
const marks = new Map();
for (const part of document.querySelectorAll("[data-mark]")) {
  marks.set(part.dataset.mark, part);
}

let socket = null;
let heard = performance.now();
let wait = 250;
// A stop is on its way, and what it leads to is shown next.
let stopping = false;
// It found nobody.
let lost = false;
// A form was sent, and the next page comes: what it answered is no news any more.
let leaving = false;
// Until then a new page is on its way.
let drawn = 0;

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/api/v1/live`);
  socket.addEventListener("message", (event) => {
    heard = performance.now();
    wait = 250;
    const frame = JSON.parse(event.data);
    if (session && frame.sessions) {
      show(frame.sessions.find((one) => one.number === Number(session)));
    }
    if (running !== undefined && frame.sessions) {
      showAll(frame.sessions.filter((one) => !one.over));
    }
    if (asked !== undefined && frame.requests) {
      showAsked(frame.requests);
    }
  });
  socket.addEventListener("close", () => {
    setTimeout(connect, wait);
    wait = Math.min(2 * wait, 2000);
  });
}

// Drawn anew only while the server answers: a browser's own error page has no STOP.
async function redraw() {
  if (performance.now() < drawn) {
    return;
  }
  drawn = performance.now() + DRAWN_MS;
  try {
    const { ok } = await fetch("/stop", { cache: "no-store" });
    if (ok && !stopping && !leaving) {
      location.reload();
      return;
    }
  } catch {
    // It is away; the first frame after it is back asks again.
  }
  drawn = 0;
}

// The view of all of them: drawn anew as soon as another one runs, or one less.
function showAll(sessions) {
  if (sessions.map((one) => `${one.number} `).join("") !== running) {
    if (!stopping && performance.now() > YOUNG_MS) {
      redraw();
    }
    return;
  }
  for (const { number, alarm, screen } of sessions) {
    const told = { ...screen, alarm: alarm ?? "" };
    for (const element of document.querySelectorAll(`[data-of="${number}"] [data-live]`)) {
      fill(element, told[element.dataset.live]);
    }
  }
}

// What is asked for from elsewhere: drawn anew as soon as it is something else.
function showAsked(requests) {
  const told = requests.map((one) => `${one.person}, ${one.device}, ${one.program}; `).join("");
  if (told !== asked && !stopping && !leaving && performance.now() > YOUNG_MS) {
    redraw();
  }
}

// An unchanged text is left alone, or a screen reader would say it again.
function fill(element, text) {
  if (text !== undefined && element.textContent !== text) {
    element.textContent = text;
  }
}

function show(one) {
  if (!one || one.screen.view !== view) {
    if (!stopping && performance.now() > YOUNG_MS) {
      redraw();
    }
    return;
  }
  const { screen } = one;
  for (const [element, key] of live) {
    fill(element, screen[key]);
  }
  for (const button of buttons) {
    button.disabled = !screen[button.dataset.off];
  }
  for (const rectangle of bars) {
    put(rectangle, "width", String(screen.bar[rectangle.dataset.width]));
  }
  for (const mark of screen.marks) {
    const part = marks.get(mark.name);
    if (part) {
      put(part, "transform", `translate(${mark.x} ${mark.y})`);
      put(part, "data-presses", String(mark.presses));
    }
  }
}

// What stays as it is needs no new drawing.
function put(element, name, value) {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

function tell(text) {
  warning.hidden = text === "";
  if (warning.textContent !== text) {
    warning.textContent = text;
  }
}

function listen() {
  const silent = performance.now() - heard;
  if (!lost) {
    // The moment, and not how long ago: a screen reader says it once.
    const since = new Date(Date.now() - silent).toLocaleTimeString();
    tell(silent > SILENT_MS ? warning.dataset.text.replace("{time}", since) : "");
  }
}

async function post(form, accept) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: accept },
    keepalive: true,
    signal: AbortSignal.timeout(STOP_MS),
  });
  await answer.text();
  if (!answer.ok) {
    throw new Error(answer.statusText);
  }
}

stop.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = stop.querySelector("button");
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-busy", "true");
  stopping = true;
  if (socket?.readyState === WebSocket.OPEN) {
    socket.send('{"stop": true}');
  }
  for (let time = 0; time < MOST_TIMES; time += 1) {
    try {
      await post(stop, "application/json");
      location.assign("/stop");
      return;
    } catch (error) {
      if (!(error instanceof TypeError)) {
        break;
      }
      // Nobody is there to take it.
      lost = true;
      tell(warning.dataset.lost);
      await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }
  // Too slow, or not confirmed: the browser sends the form, waits, and shows the answer.
  stop.submit();
});

for (const form of document.querySelectorAll("form[data-quick]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    try {
      await post(form, "application/json");
    } catch {
      form.submit();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

addEventListener("submit", (event) => {
  leaving ||= !event.defaultPrevented;
});
// The way back may lead to this very page.
addEventListener("pageshow", () => {
  leaving = false;
  drawn = 0;
});

function call() {
  navigator.vibrate?.([400, 200, 400]);
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    gain.gain.value = 0.2;
    tone.frequency.value = 660;
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.4);
  } catch {
    // A browser without sound shows the question all the same.
  }
}

if (asks !== undefined) {
  document.getElementById("question")?.focus({ preventScroll: true });
  if (signal === "sound") {
    call();
  }
}
connect();
setInterval(listen, PERIOD_MS);
