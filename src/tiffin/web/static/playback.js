// Plays a simulated day back: fetches it, draws each policy's map in step, and follows slider, buttons and keys.
(() => {
  "use strict";
  const { Day, DayMap, TimeLine, NEVER, STATUS, STATE } = window.TiffinPlayback;
  const root = document.getElementById("playback");
  if (!root) return;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const words = JSON.parse(root.dataset.words);
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)");
  const isMirrored = document.documentElement.dir === "rtl";
  const digits = [...root.dataset.digits];
  words.number = (value) => String(value).replace(/\d/g, (digit) => digits[Number(digit)]);
  const state = { at: 0, isPlaying: false, last: 0, chosen: null };

  const clock = (at) => {
    const minutes = Math.floor(at / 60) + Number(root.dataset.cutoff);
    const two = (value) => String(value).padStart(2, "0");
    return words.number(`${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`);
  };
  const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const minutesOf = (seconds) => words.number(Math.round(seconds / 60));

  let maps = [];
  let line = null;
  let data = null;

  const draw = () => {
    for (const one of maps) one.draw(state.at);
    line.draw(state.at);
    tell();
  };

  const tell = () => {
    const now = clock(state.at);
    const slider = part("slider");
    slider.value = state.at;
    slider.setAttribute("aria-valuetext", now);
    part("clock").textContent = now;
    for (const { day, counts } of maps) {
      const told = day.countAt(state.at);
      told.idle = day.curves.idle[Math.floor((state.at - data.from_s) / 60)] ?? 0;
      for (const [name, node] of Object.entries(counts)) node.textContent = words.number(told[name]);
    }
    const struck = data.planted.filter((one) => one.start <= state.at && state.at < one.end).map((one) => one.name);
    part("planted").textContent = struck.join(" · ");
  };

  const goTo = (at) => {
    state.at = Math.min(data.to_s, Math.max(data.from_s, Math.round(at)));
    draw();
  };

  const frame = (now) => {
    if (!state.isPlaying) return;
    const pace = isStill.matches ? 1000 : 0;
    if (now - state.last >= pace) {
      const passed = Math.min(now - state.last, 1000) / 1000;
      state.last = now;
      const next = state.at + passed * Number(part("speed").value);
      state.at = Math.min(next, data.to_s);
      draw();
      if (state.at >= data.to_s) {
        play(false);
        return;
      }
    }
    requestAnimationFrame(frame);
  };

  const play = (isPlaying) => {
    if (isPlaying && state.at >= data.to_s) state.at = data.from_s;
    state.isPlaying = isPlaying;
    state.last = performance.now();
    part("play").setAttribute("aria-pressed", String(isPlaying));
    part("play-word").textContent = isPlaying ? words.pause : words.play;
    root.dataset.playing = String(isPlaying);
    if (isPlaying) requestAnimationFrame(frame);
  };

  // The story of what was chosen: what happened to it and when; what is still to come stands muted.
  const storyOf = (day, { kind, number }) => (kind === "order" ? orderStory(day, number) : riderStory(day, number));

  const orderStory = (day, order) => {
    const of = day.orders;
    const lines = [
      [of.placed[order], words.placed],
      [of.promised[order], words.promised],
      [of.ready[order], words.ready],
      [of.assigned[order], said(words.assigned, { rider: words.number(of.session[order] + 1) })],
      [of.arrived[order], words.arrived],
      [of.picked[order], words.picked],
    ].filter(([at]) => at !== NEVER);
    const ended = of.ended[order];
    if (ended !== NEVER) lines.push([ended, orderEnd(of, order, ended)]);
    lines.sort(([one], [other]) => one - other);
    return { title: said(words.order, { number: words.number(order + 1) }), lines };
  };

  const orderEnd = (of, order, ended) => {
    if (of.status[order] !== STATUS.delivered) return words.ends[of.status[order]] ?? words.ends[STATUS.customer];
    const late = ended - of.promised[order];
    const took = said(words.delivered, { minutes: minutesOf(ended - of.placed[order]) });
    return `${took} ${late > 0 ? said(words.late, { minutes: minutesOf(late) }) : words.intime}`;
  };

  const riderStory = (day, rider) => {
    const of = day.orders;
    const lines = [
      [day.riders.on[rider], words.on],
      [day.riders.off[rider], words.off],
    ];
    for (let order = 0; order < of.session.length; order += 1) {
      if (of.session[order] !== rider || of.picked[order] === NEVER) continue;
      lines.push([of.picked[order], said(words.carries, { number: words.number(order + 1) })]);
    }
    lines.sort(([one], [other]) => one - other);
    return { title: said(words.rider, { number: words.number(rider + 1) }), lines };
  };

  const choose = (which, map) => {
    state.chosen = which && { ...which, map };
    for (const one of maps) one.chosen = null;
    const box = part("story");
    box.replaceChildren();
    if (!which) {
      box.textContent = words.nothing;
      draw();
      return;
    }
    for (const one of maps) {
      one.chosen = one === map ? which : sameIn(one.day, map.day, which);
      if (one.chosen) box.append(...told(one.day, storyOf(one.day, one.chosen)));
    }
    draw();
  };

  // The same order under the other policy; its number there may be another. Riders are not the same people there.
  const sameIn = (day, other, { kind, number }) => {
    if (kind !== "order") return null;
    const of = other.orders;
    const isSame = (one) => ["counter", "placed", "merchant"].every((name) => day.orders[name][one] === of[name][number]);
    const found = day.orders.placed.findIndex((placed, one) => placed === of.placed[number] && isSame(one));
    return found === NEVER ? null : { kind, number: found };
  };

  const told = (day, { title, lines }) => {
    const heading = document.createElement("h3");
    heading.textContent = maps.length > 1 ? `${day.key.toUpperCase()}: ${title}` : title;
    const list = document.createElement("ol");
    for (const [at, text] of lines) {
      const item = document.createElement("li");
      const time = document.createElement("button");
      time.type = "button";
      time.className = "link";
      time.textContent = clock(at);
      time.addEventListener("click", () => goTo(at));
      item.append(time, ` ${text}`);
      list.append(item);
    }
    return [heading, list];
  };

  // The next order or rider that can be seen at the moment, by its number; late orders come first.
  const chooseNext = (kind) => {
    const map = state.chosen?.map ?? maps[0];
    const { day } = map;
    const found = map.placed.filter(([one]) => one === kind).map(([, number]) => number);
    const rank = (number) => {
      const isLate = kind === "order" && day.stateOf(number, state.at) < STATE.done && day.isLate(number, state.at);
      return (isLate ? 0 : 1e6) + number;
    };
    found.sort((one, other) => rank(one) - rank(other));
    if (!found.length) return;
    const at = state.chosen?.kind === kind ? found.indexOf(state.chosen.number) : NEVER;
    choose({ kind, number: found[(at + 1) % found.length] }, map);
  };

  const step = (minutes) => {
    play(false);
    goTo(state.at + minutes * 60);
  };

  const faster = (by) => {
    const speed = part("speed");
    speed.selectedIndex = Math.min(speed.options.length - 1, Math.max(0, speed.selectedIndex + by));
  };

  const KEYS = {
    " ": () => play(!state.isPlaying),
    ArrowRight: (event) => step((isMirrored ? -1 : 1) * (event.shiftKey ? 15 : 1)),
    ArrowLeft: (event) => step((isMirrored ? 1 : -1) * (event.shiftKey ? 15 : 1)),
    Home: () => goTo(data.from_s),
    End: () => goTo(data.to_s),
    "+": () => faster(1),
    "-": () => faster(-1),
    o: () => chooseNext("order"),
    r: () => chooseNext("rider"),
    Escape: () => choose(null),
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("keys")?.open) return;
    const isSlider = event.target === part("slider");
    const isOther = event.target.closest("select, textarea, input, summary, a, [contenteditable]") && !isSlider;
    const isPressed = event.key === " " && event.target.closest("button");
    if (isOther || isPressed || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key](event);
  };

  const listen = () => {
    document.addEventListener("keydown", onKey);
    part("play").addEventListener("click", () => play(!state.isPlaying));
    part("back").addEventListener("click", () => step(-1));
    part("forward").addEventListener("click", () => step(1));
    part("next-order").addEventListener("click", () => chooseNext("order"));
    part("next-rider").addEventListener("click", () => chooseNext("rider"));
    part("slider").addEventListener("input", (event) => goTo(Number(event.target.value)));
    const curve = part("curve");
    const scrub = (event) => goTo(line.atOf(event.clientX - curve.getBoundingClientRect().left));
    curve.addEventListener("pointerdown", (event) => {
      curve.setPointerCapture(event.pointerId);
      scrub(event);
    });
    curve.addEventListener("pointermove", (event) => event.buttons && scrub(event));
    for (const map of maps) {
      map.canvas.addEventListener("click", (event) => {
        const box = map.canvas.getBoundingClientRect();
        choose(map.nearest(event.clientX - box.left, event.clientY - box.top), map);
      });
    }
    const again = () => {
      for (const one of [...maps, line]) one.reset();
      draw();
    };
    new ResizeObserver(again).observe(root);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  };

  const begin = (found) => {
    data = found;
    const days = data.arms.map((arm) => new Day(data, arm));
    maps = days.map((day) => {
      const box = root.querySelector(`[data-arm="${day.key}"]`);
      const map = new DayMap(box.querySelector("canvas"), day, data);
      map.counts = Object.fromEntries([...box.querySelectorAll("[data-count]")].map((node) => [node.dataset.count, node]));
      return map;
    });
    line = new TimeLine(part("curve"), days, data, words, clock);
    const slider = part("slider");
    [slider.min, slider.max, slider.step] = [data.from_s, data.to_s, 1];
    const busiest = days[0].curves.waiting.indexOf(Math.max(...days[0].curves.waiting));
    state.at = Math.max(data.from_s, data.from_s + busiest * 60 - 1800);
    if (!data.is_as_kept) part("changed").hidden = false;
    part("loading").hidden = true;
    part("stage").hidden = false;
    for (const one of [...maps, line]) one.reset();
    listen();
    draw();
    root.dataset.ready = "true";
  };

  fetch(root.dataset.source, { credentials: "same-origin", headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then(begin)
    .catch(() => {
      part("loading").textContent = words.failed;
      part("loading").classList.add("refused");
    });
})();
