// An order's file with a keyboard: decide, jump, play the rider's way back; and tell how long somebody worked on it.
(() => {
  "use strict";
  const IDLE_MS = 60_000; // after a minute without a key, a click or a movement nobody is taken to be at work
  const TELL_MS = 15_000;
  const file = document.querySelector(".order-file");

  // On the page where orders are looked for, the arrow leads from the search box to the first order found.
  document.querySelector("main [data-search]")?.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    document.querySelector("#results tbody a")?.focus();
    event.preventDefault();
  });
  if (!file) return;

  // How long: seconds in which the page was in sight and somebody did something within the last minute.
  let lastSign = performance.now();
  let untold = 0;
  let whole = 0;
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel", "scroll", "touchstart"]) {
    addEventListener(sign, () => { lastSign = performance.now(); }, { passive: true, capture: true });
  }
  setInterval(() => {
    if (document.visibilityState !== "visible" || performance.now() - lastSign >= IDLE_MS) return;
    untold += 1;
    whole += 1;
    for (const field of document.querySelectorAll("[data-panel] [data-seconds]")) field.value = String(whole);
  }, 1000);
  const tell = () => {
    if (!untold) return Promise.resolve();
    const body = new URLSearchParams({ active_s: String(untold) });
    untold = 0;
    return fetch(file.dataset.look, { method: "POST", body, keepalive: true }).catch(() => undefined);
  };
  setInterval(tell, TELL_MS);
  addEventListener("pagehide", tell);
  document.addEventListener("submit", tell, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.closest?.("[data-panel]") && event.detail.requestConfig?.verb === "post") { untold = Math.max(untold, 1); tell(); }
  });

  // The decision: a number chooses, Enter confirms.
  const panel = () => document.querySelector("[data-panel]");
  const options = () => [...(panel()?.querySelectorAll("input[type='radio'], [data-option]") ?? [])];
  const choose = (number) => {
    const found = options()[number - 1];
    if (!found || found.disabled) return false;
    found.focus();
    found.click();
    return true;
  };
  const confirm = () => {
    const chosen = options().find((one) => one.checked);
    if (!chosen?.form) return false;
    chosen.form.requestSubmit();
    return true;
  };
  const next = () => {
    const open = panel()?.dataset.case;
    location.assign(open ? `/liability/next?after=${open}` : "/liability/next");
  };
  const jump = (name) => {
    const part = document.getElementById(name);
    part?.scrollIntoView({ block: "start" });
    part?.focus({ preventScroll: true });
  };
  const PLACES = { d: "decision", e: "evidence", m: "map", s: "story" };
  const writing = (node) => node.closest("textarea, select, input:not([type='radio']), [contenteditable]") !== null;
  let wentAt = -Infinity; // after "g" the next key belongs to the console

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    if (document.getElementById("keys")?.open) return;
    const isGoing = event.timeStamp - wentAt < 1500;
    wentAt = event.key === "g" ? event.timeStamp : -Infinity;
    if (isGoing) return;
    let done = false;
    if (/^[1-9]$/.test(event.key)) done = choose(Number(event.key));
    else if (event.key === "Enter" && !event.target.closest("a, button, summary")) done = confirm();
    else if (event.key === "n") { next(); done = true; }
    else if (PLACES[event.key]) { jump(PLACES[event.key]); done = true; }
    if (done) event.preventDefault();
  });

  // The way: the slider moves the mark without asking the server.
  const slider = file.querySelector("[data-play]");
  slider?.addEventListener("input", () => {
    const at = Number(slider.value);
    const reports = [...file.querySelectorAll(".way-map [data-report]")];
    const points = reports.map((one) => `${one.getAttribute("cx")},${one.getAttribute("cy")}`);
    for (const [number, one] of reports.entries()) {
      const isNow = number === at;
      one.setAttribute("class", isNow ? "report now" : "report");
      one.setAttribute("r", isNow ? "6.5" : "2.5");
    }
    file.querySelector(".way-map .gone")?.setAttribute("points", points.slice(0, at + 1).join(" "));
    file.querySelector("[data-play-told]").textContent = reports[at]?.querySelector("title")?.textContent ?? "";
  });

  // The keys of this page stand in the console's own list of keys too.
  const own = file.querySelector("[data-own-keys]");
  document.querySelector("#keys .keys")?.append(...[...(own?.children ?? [])].map((one) => one.cloneNode(true)));
})();
