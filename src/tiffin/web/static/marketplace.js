// Moves the state of the marketplace through the day: slider, play, keys and the board's rows. The page works without it.
(() => {
  "use strict";
  const root = document.getElementById("state");
  if (!root) return;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  let { clock, frames } = JSON.parse(part("frames").textContent);
  const words = JSON.parse(root.dataset.words);
  const slider = part("slider");
  const play = part("play");
  const map = part("map");
  const board = () => document.querySelector('[data-part="board"]');
  const isMirrored = document.documentElement.dir === "rtl";
  const STEP_MS = 900;
  let ticking = null;

  const onMap = (selector) => [...(map?.querySelectorAll(selector) ?? [])];
  const shapes = onMap("svg path.zone");
  const names = onMap("svg .zone-name");
  const figures = onMap("table tbody tr");
  const places = shapes.map((shape) => shape.querySelector("title").textContent.split("\n")[0]);

  const show = (at) => {
    const frame = frames[at];
    slider.value = at;
    slider.setAttribute("aria-valuetext", clock[at]);
    part("clock").textContent = clock[at];
    shapes.forEach((shape, k) => {
      shape.setAttribute("class", `zone ${frame.shades[k]}`);
      shape.querySelector("title").textContent = `${places[k]}\n${frame.texts[k]}`;
      names[k]?.setAttribute("class", `zone-name on-${frame.shades[k]}`);
      const cell = figures[k]?.querySelector("td bdi");
      if (cell) cell.textContent = frame.texts[k];
    });
    [...part("rows").tBodies[0].rows].forEach((row, k) => {
      row.querySelectorAll("td bdi").forEach((cell, column) => {
        cell.textContent = frame.rows[k][column];
      });
    });
    for (const row of board()?.tBodies[0].rows ?? []) row.setAttribute("aria-current", String(Number(row.dataset.slot) === at));
    const address = new URL(location.href);
    address.searchParams.set("slot", at);
    history.replaceState(null, "", address);
  };

  const stop = () => {
    clearInterval(ticking);
    ticking = null;
    play.setAttribute("aria-pressed", "false");
    play.textContent = words.play;
  };

  const step = (by) => show(Math.min(frames.length - 1, Math.max(0, Number(slider.value) + by)));

  const start = () => {
    if (Number(slider.value) >= frames.length - 1) show(0);
    play.setAttribute("aria-pressed", "true");
    play.textContent = words.pause;
    ticking = setInterval(() => {
      step(1);
      if (Number(slider.value) >= frames.length - 1) stop();
    }, STEP_MS);
  };

  const toggle = () => (ticking === null ? start() : stop());

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("a, button, select, textarea, summary, .table-scroll, .chart-scroll, dialog, details.pop")) return;
    const isSlider = event.target === slider;
    if (!isSlider && event.target.closest("input")) return;
    if (event.key === " ") toggle();
    else if (!isSlider && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      stop();
      step((event.key === "ArrowRight") === isMirrored ? -1 : 1);
    } else return;
    event.preventDefault();
  };

  play.hidden = false;
  play.addEventListener("click", toggle);
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const row = event.target.closest('[data-part="board"] tbody tr');
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    stop();
    show(Number(row.dataset.slot));
    root.scrollIntoView({ block: "start" });
  });
  // What has changed takes the place of what stood there; the slot, the sort and the reader's place stay.
  const take = (fresh) => {
    const found = fresh.getElementById("state");
    if (!found) return;
    ({ clock, frames } = JSON.parse(found.querySelector('[data-part="frames"]').textContent));
    for (const id of ["headline", "worst", "made"]) {
      const there = document.getElementById(id);
      const here = fresh.getElementById(id);
      if (there && here) there.replaceWith(document.adoptNode(here));
    }
    slider.max = frames.length - 1;
    show(Math.min(Number(slider.value), frames.length - 1));
  };

  let tag = null;
  const refresh = async () => {
    if (document.hidden) return;
    // Every slot is in the answer: asked without one, it is the same answer wherever the reader stands.
    const address = new URL(location.href);
    address.searchParams.delete("slot");
    try {
      const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      root.dataset.asked = answer.status;
      if (!answer.ok) return;
      tag = answer.headers.get("ETag");
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      root.dataset.asked = "none";
    }
  };

  setInterval(refresh, Number(root.dataset.every) * 1000);
  root.addEventListener("refresh", refresh);
  show(Number(slider.value));
})();
