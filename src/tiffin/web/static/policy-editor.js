// The editor of a policy's table: every edit is proven and set against past cases, and nothing that was written is lost.
(() => {
  "use strict";
  const { Grid } = window.TiffinPolicy;
  const root = document.getElementById("policy-editor");
  if (!root) return;
  const PAUSE_MS = 150;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const words = JSON.parse(root.dataset.words);
  const given = JSON.parse(root.dataset.table);
  const said = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const digits = [...root.dataset.digits];
  const number = (value) => String(value).replace(/\d/g, (digit) => digits[Number(digit)]);
  const key = `tiffin-policy-${root.dataset.draft}-${root.dataset.place}`;
  const state = { head: given.head, saved: null, timer: 0, asking: null };

  const node = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };

  let grid = null;
  grid = new Grid(part("table"), {
    columns: given.columns,
    rows: given.rows,
    words,
    locked: root.dataset.locked === "true",
    changed: () => onChange(),
    moved: (row, column) => tellCell(row, column),
  });
  state.saved = grid.model.rows;

  const isDirty = () => grid.model.rows !== state.saved;

  function tellCell(row, column) {
    const one = given.columns[column];
    const fault = grid?.faultAt(row, column);
    const here = part("here");
    if (!one || !grid) return;
    here.replaceChildren(
      node("b", "", one.label),
      document.createTextNode(` · ${one.hint ?? ""}`),
      ...(fault ? [node("span", "cell-fault", fault)] : []),
    );
  }

  function onChange() {
    tellState();
    root.setAttribute("aria-busy", "true");
    clearTimeout(state.timer);
    state.timer = setTimeout(check, PAUSE_MS);
    try {
      if (isDirty()) localStorage.setItem(key, JSON.stringify({ head: state.head, rows: grid.model.rows }));
      else localStorage.removeItem(key);
    } catch {
      // a browser that keeps nothing still saves by the button
    }
  }

  function tellState() {
    part("state").textContent = isDirty() ? words.unsaved : words.saved;
    part("state").classList.toggle("warn", isDirty());
    part("undo").disabled = !grid.model.past.length;
    part("redo").disabled = !grid.model.future.length;
    part("save").disabled = !isDirty();
    part("count").textContent = said(words.rows, { count: number(grid.model.count) });
  }

  const post = async (act, body, signal) => {
    const response = await fetch(`${root.dataset.address}/${act}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.detail ?? answer.title ?? words.failed), { answer });
    return answer;
  };

  const body = () => ({ place: root.dataset.place, rows: grid.model.rows, follows: state.head });

  async function check() {
    state.asking?.abort();
    const asking = new AbortController();
    state.asking = asking;
    const asked = grid.model.rows;
    const started = performance.now();
    root.setAttribute("aria-busy", "true");
    part("checking").textContent = words.checking;
    try {
      const found = await post("check", body(), asking.signal);
      if (asked !== grid.model.rows) return;
      show(found);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      part("checking").textContent = said(words.checked, { seconds: number(seconds) });
      root.setAttribute("aria-busy", "false");
    } catch (error) {
      if (error.name === "AbortError") return;
      part("checking").textContent = error.message;
      root.setAttribute("aria-busy", "false");
    }
  }

  const columnOf = (fault) => given.columns.findIndex((one) => one.key === fault.column);
  const nameOf = (fault) => `${grid.model.rows[fault.row]?.id ?? fault.row + 1} · ${given.columns[columnOf(fault)]?.label}`;

  function told(tone, heading, text, links) {
    const item = node("li", tone, node("b", "", heading), " ", node("span", "", text));
    for (const [name, go] of links) {
      const link = node("button", "link row-link", name);
      link.type = "button";
      link.dir = "auto";
      link.addEventListener("click", go);
      item.append(" ", link);
    }
    return item;
  }

  // A finding leads to the rows that it is about; those are marked in the table.
  function show(found) {
    grid.showFaults(found.cells, found.findings.flatMap((one) => one.rows));
    const list = [
      ...found.cells.map((one) => told("bad", "", one.said, [[nameOf(one), () => grid.select(one.row, columnOf(one))]])),
      ...found.findings.map((one) => told(one.tone, one.heading, `${one.said} ${one.example}`, one.rows.map((id) => [id, () => grid.find(id)]))),
    ];
    part("findings").replaceChildren(...list);
    part("sound").hidden = list.length > 0 || !found.proven;
    part("unproven").hidden = found.proven;
    part("proof-count").textContent = list.length ? number(list.length) : "";
    showImpact(found.impact, found.unknown);
  }

  function showImpact(impact, unknown) {
    part("no-impact").hidden = impact != null;
    part("no-impact").textContent = unknown;
    part("impact").hidden = impact == null;
    if (!impact) return;
    part("impact-lead").textContent = impact.lead;
    const tiles = impact.tiles.map((one) =>
      node("div", "tile", node("div", "name", one.name), node("div", "figure", one.figure)),
    );
    part("tiles").replaceChildren(...tiles);
    const rows = impact.changes.map((one) => {
      const row = node("tr", "");
      const [was, is, share] = [node("td", "", node("bdi", "", one.before)), node("td", "", node("bdi", "", one.after)), node("td", "num", one.cases)];
      row.append(was, is, share);
      return row;
    });
    part("changes").replaceChildren(...rows);
    part("changes").closest("table").hidden = !rows.length;
  }

  async function save() {
    if (!isDirty()) return;
    const rows = grid.model.rows;
    part("state").textContent = words.saving;
    try {
      const answer = await post("save", body());
      state.head = answer.head;
      state.saved = rows;
      part("refused").hidden = true;
      if (!isDirty()) localStorage.removeItem(key);
    } catch (error) {
      part("refused").textContent = error.message;
      part("refused").hidden = false;
    }
    tellState();
  }

  // What was written and never saved, because the browser or the machine went away, is offered again.
  function offerUnsaved() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return;
    }
    if (!kept || grid.locked || JSON.stringify(kept.rows) === JSON.stringify(given.rows)) return;
    part("unsaved").hidden = false;
    part("restore").addEventListener("click", () => {
      grid.change(() => grid.model.become(kept.rows));
      part("unsaved").hidden = true;
      onChange();
    });
    part("forget").addEventListener("click", () => {
      localStorage.removeItem(key);
      part("unsaved").hidden = true;
    });
  }

  const acts = {
    undo: () => grid.undo(),
    redo: () => grid.redo(),
    save,
    add: () => grid.addRow(),
    copy: () => grid.copyRow(),
    remove: () => grid.removeRows(),
    up: () => grid.moveRows(-1),
    down: () => grid.moveRows(1),
  };
  for (const [name, act] of Object.entries(acts)) part(name)?.addEventListener("click", act);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (grid.box.isOpen) grid.box.end(0, 0);
      save();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty()) event.preventDefault();
  });

  root.hidden = false;
  tellState();
  tellCell(0, 0);
  offerUnsaved();
  check();
})();
