// The table of a policy as a grid for the keyboard: moving, marking, writing, copying, pasting, undoing.
(() => {
  "use strict";
  const { Rows, CellBox, asTable, fromTable, tidied } = window.TiffinPolicy;
  const isMirrored = document.documentElement.dir === "rtl";

  class Grid {
    // changed(): the rows are others now; moved(row, column): the cell that is looked at.
    constructor(table, { columns, rows, words, locked, changed, moved }) {
      Object.assign(this, { table, columns, words, locked, changed, moved });
      this.model = new Rows(columns, rows);
      this.body = table.tBodies[0];
      this.at = { row: 0, column: 0 };
      this.from = { row: 0, column: 0 };
      this.faults = new Map();
      this.marked = new Set();
      this.box = new CellBox(words, {
        take: (text, down, on) => this.taken(text, down, on),
        leave: () => {
          this.drawCell(this.at.row, this.at.column);
          this.focus();
        },
      });
      this.body.addEventListener("keydown", (event) => this.onKey(event));
      this.body.addEventListener("mousedown", (event) => this.onPress(event));
      this.body.addEventListener("dblclick", () => this.write());
      this.body.addEventListener("copy", (event) => this.onCopy(event));
      this.body.addEventListener("cut", (event) => this.onCopy(event));
      this.body.addEventListener("paste", (event) => this.onPaste(event));
      this.draw();
    }

    cell(row, column) {
      return this.body.rows[row]?.cells[column];
    }

    draw() {
      const rows = this.model.rows.map((_, number) => this.drawnRow(number));
      this.body.replaceChildren(...rows);
      this.table.setAttribute("aria-rowcount", String(this.model.count + 1));
      this.select(this.at.row, this.at.column, { keepFocus: true });
    }

    drawnRow(number) {
      const row = document.createElement("tr");
      row.setAttribute("aria-rowindex", String(number + 2));
      row.append(
        ...this.columns.map((column) => {
          const cell = document.createElement(column.side === "id" ? "th" : "td");
          if (column.side === "id") cell.scope = "row";
          cell.setAttribute("role", column.side === "id" ? "rowheader" : "gridcell");
          cell.className = column.side;
          cell.tabIndex = -1;
          return cell;
        }),
      );
      this.columns.forEach((_, column) => this.fill(row.cells[column], number, column));
      return row;
    }

    drawCell(row, column) {
      const cell = this.cell(row, column);
      if (cell) this.fill(cell, row, column);
    }

    fill(cell, row, column) {
      const { side } = this.columns[column];
      const text = this.model.text(row, column);
      const shown = document.createElement("span");
      shown.dir = side === "reason" ? "auto" : "ltr";
      shown.textContent = side === "when" && text === "" ? "-" : text;
      cell.replaceChildren(shown);
      cell.classList.toggle("any", side === "when" && (text === "" || text === "-"));
      const fault = this.faults.get(`${row}:${this.columns[column].key}`);
      if (fault) cell.setAttribute("aria-invalid", "true");
      else cell.removeAttribute("aria-invalid");
      cell.title = fault ?? "";
      cell.parentElement?.classList.toggle("found", this.marked.has(this.model.rows[row]?.id));
    }

    showFaults(faults, marked) {
      const before = [...this.faults.keys()];
      this.faults = new Map(faults.map((one) => [`${one.row}:${one.column}`, one.said]));
      for (const key of new Set([...before, ...this.faults.keys()])) {
        const cut = key.indexOf(":");
        const column = this.columns.findIndex((one) => one.key === key.slice(cut + 1));
        if (!(this.box.isOpen && this.at.row === Number(key.slice(0, cut)) && this.at.column === column)) {
          this.drawCell(Number(key.slice(0, cut)), column);
        }
      }
      this.marked = new Set(marked);
      [...this.body.rows].forEach((row, number) => row.classList.toggle("found", this.marked.has(this.model.rows[number]?.id)));
      this.moved(this.at.row, this.at.column);
    }

    faultAt(row, column) {
      return this.faults.get(`${row}:${this.columns[column]?.key}`);
    }

    // ---- what is looked at and marked
    get range() {
      const { at, from } = this;
      return {
        top: Math.min(at.row, from.row),
        bottom: Math.max(at.row, from.row),
        first: Math.min(at.column, from.column),
        last: Math.max(at.column, from.column),
      };
    }

    select(row, column, { extend = false, keepFocus = false } = {}) {
      const old = this.cell(this.at.row, this.at.column);
      if (old) old.tabIndex = -1;
      this.at = {
        row: Math.max(0, Math.min(this.model.count - 1, row)),
        column: Math.max(0, Math.min(this.columns.length - 1, column)),
      };
      if (!extend) this.from = { ...this.at };
      this.showRange();
      const cell = this.cell(this.at.row, this.at.column);
      if (cell) cell.tabIndex = 0;
      if (!keepFocus) this.focus();
      this.moved(this.at.row, this.at.column);
    }

    showRange() {
      for (const one of this.body.querySelectorAll("[aria-selected]")) one.removeAttribute("aria-selected");
      const { top, bottom, first, last } = this.range;
      for (let row = top; row <= bottom; row += 1) {
        for (let column = first; column <= last; column += 1) this.cell(row, column)?.setAttribute("aria-selected", "true");
      }
    }

    focus() {
      this.cell(this.at.row, this.at.column)?.focus();
    }

    find(id) {
      const row = this.model.rows.findIndex((one) => one.id === id);
      if (row >= 0) this.select(row, 0);
    }

    onPress(event) {
      const cell = event.target.closest("th, td");
      if (!cell || event.button !== 0 || (this.box.isOpen && cell.contains(this.box.input))) return;
      if (this.box.isOpen) this.box.end(0, 0);
      event.preventDefault();
      this.select(cell.parentElement.rowIndex - this.table.tHead.rows.length, cell.cellIndex, { extend: event.shiftKey });
      const over = (moving) => {
        const other = moving.target.closest?.("th, td");
        if (other && this.body.contains(other)) {
          this.select(other.parentElement.rowIndex - this.table.tHead.rows.length, other.cellIndex, { extend: true });
        }
      };
      const stop = () => {
        document.removeEventListener("mousemove", over);
        document.removeEventListener("mouseup", stop);
      };
      document.addEventListener("mousemove", over);
      document.addEventListener("mouseup", stop);
    }

    // ---- writing
    options(column) {
      const fixed = this.columns[column].options ?? [];
      const used = new Set(this.model.rows.map((_, row) => this.model.text(row, column)));
      return [...new Set([...fixed, ...[...used].filter((text) => text && text !== "-").sort()])];
    }

    write(text) {
      if (this.locked || !this.model.count) return;
      const { row, column } = this.at;
      this.box.open(this.cell(row, column), this.columns[column], text ?? this.model.text(row, column), this.options(column));
    }

    taken(text, down, on) {
      const { row, column } = this.at;
      const did = this.model.write([[row, column, tidied(this.columns[column], text)]]);
      this.drawCell(row, column);
      if (did) this.changed();
      if (down || on) this.step(down, on);
    }

    step(down, on) {
      const wide = this.columns.length;
      const place = this.at.row * wide + this.at.column + on + down * wide;
      if (place >= 0 && place < wide * this.model.count) this.select(Math.floor(place / wide), place % wide);
      else this.focus();
    }

    overwrite(changes) {
      if (this.locked) return;
      const before = this.model.count;
      if (!this.model.write(changes)) return;
      if (this.model.count !== before) this.draw();
      else for (const [row, column] of changes) this.drawCell(row, column);
      this.changed();
    }

    clear() {
      const { top, bottom, first, last } = this.range;
      const changes = [];
      for (let row = top; row <= bottom; row += 1) {
        for (let column = first; column <= last; column += 1) {
          const { side } = this.columns[column];
          if (side !== "id") changes.push([row, column, side === "when" ? "-" : ""]);
        }
      }
      this.overwrite(changes);
    }

    onCopy(event) {
      if (this.box.isOpen) return;
      event.preventDefault();
      const { top, bottom, first, last } = this.range;
      const cells = [];
      for (let row = top; row <= bottom; row += 1) {
        cells.push(this.columns.slice(first, last + 1).map((_, number) => this.model.text(row, first + number)));
      }
      event.clipboardData.setData("text/plain", asTable(cells));
      if (event.type === "cut") this.clear();
    }

    onPaste(event) {
      if (this.box.isOpen) return;
      event.preventDefault();
      const cells = fromTable(event.clipboardData.getData("text/plain"));
      const { top, bottom, first, last } = this.range;
      const isOne = cells.length === 1 && cells[0].length === 1;
      const high = isOne ? bottom - top + 1 : cells.length;
      const wide = isOne ? last - first + 1 : Math.max(...cells.map((row) => row.length));
      const changes = [];
      for (let row = 0; row < high; row += 1) {
        for (let column = 0; column < wide && first + column < this.columns.length; column += 1) {
          const text = isOne ? cells[0][0] : cells[row][column];
          if (text !== undefined) changes.push([top + row, first + column, tidied(this.columns[first + column], text)]);
        }
      }
      this.overwrite(changes);
      this.from = { row: top, column: first };
      this.select(top + high - 1, Math.min(first + wide, this.columns.length) - 1, { extend: true });
    }

    // ---- whole rows
    change(act) {
      if (this.locked || act() === false) return;
      this.draw();
      this.focus();
      this.changed();
    }

    addRow() {
      const below = this.model.count ? this.at.row + 1 : 0;
      this.change(() => this.model.insert(below, { id: this.model.free("row") }));
      this.select(below, 0);
    }

    copyRow() {
      const row = this.model.rows[this.at.row];
      if (!row) return;
      this.change(() => this.model.insert(this.at.row + 1, { ...row, id: this.model.free(row.id) }));
      this.select(this.at.row + 1, this.at.column);
    }

    removeRows() {
      const { top, bottom } = this.range;
      this.change(() => this.model.remove(top, bottom));
      this.select(top, this.at.column);
    }

    moveRows(step) {
      const { top, bottom } = this.range;
      this.change(() => this.model.move(top, bottom, step));
      this.from.row += step;
      this.select(this.at.row + step, this.at.column, { extend: true });
    }

    undo() {
      this.change(() => this.model.undo());
    }

    redo() {
      this.change(() => this.model.redo());
    }

    onKey(event) {
      if (this.box.isOpen) return;
      const act = this.keyed(event);
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    }

    keyed(event) {
      const { key, shiftKey: extend } = event;
      const isControl = event.ctrlKey || event.metaKey;
      const { row, column } = this.at;
      const ahead = isMirrored ? -1 : 1;
      const to = (down, on) => () => this.select(row + down, column + on, { extend });
      if (event.altKey && (key === "ArrowUp" || key === "ArrowDown")) return () => this.moveRows(key === "ArrowUp" ? -1 : 1);
      if (isControl) return this.keyedWithControl(key.toLowerCase(), extend);
      if (event.altKey) return null;
      const moves = {
        ArrowUp: to(-1, 0),
        ArrowDown: to(1, 0),
        ArrowLeft: to(0, -ahead),
        ArrowRight: to(0, ahead),
        PageUp: to(-10, 0),
        PageDown: to(10, 0),
        Home: () => this.select(row, 0, { extend }),
        End: () => this.select(row, this.columns.length - 1, { extend }),
        Enter: () => this.write(),
        F2: () => this.write(),
        Delete: () => this.clear(),
        Backspace: () => this.clear(),
        Insert: () => this.addRow(),
      };
      if (moves[key]) return moves[key];
      return key.length === 1 ? () => this.write(key) : null;
    }

    keyedWithControl(key, extend) {
      const { columns, model } = this;
      const acts = {
        z: () => (extend ? this.redo() : this.undo()),
        y: () => this.redo(),
        d: () => this.copyRow(),
        enter: () => this.addRow(),
        delete: () => this.removeRows(),
        backspace: () => this.removeRows(),
        home: () => this.select(0, 0, { extend }),
        end: () => this.select(model.count - 1, columns.length - 1, { extend }),
        a: () => {
          this.from = { row: 0, column: 0 };
          this.select(model.count - 1, columns.length - 1, { extend: true });
        },
      };
      return acts[key] ?? null;
    }
  }

  window.TiffinPolicy.Grid = Grid;
})();
