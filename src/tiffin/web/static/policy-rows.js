// Rows of a policy as they are edited: every change can be undone, and ranges travel as spreadsheets write them.
(() => {
  "use strict";
  const MOST_STEPS = 300;

  // Text of a range as spreadsheets put it on the clipboard: tabs between cells, quotes around what holds a break.
  const asTable = (cells) =>
    cells.map((row) => row.map((text) => (/[\t\n\r"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)).join("\t")).join("\n");

  // A quote opens a quoted cell only where it stands first and the cell ends with one: FEEL's own texts are quoted too.
  const fromTable = (text) => {
    const rows = [[]];
    let at = 0;
    const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    while (at <= whole.length) {
      const quoted = /"((?:[^"]|"")*)"(?=\t|\n|$)/y;
      quoted.lastIndex = at;
      const found = quoted.exec(whole);
      const isWrapped = found && /[\t\n]|""/.test(found[1]);
      const plain = /[^\t\n]*/y;
      plain.lastIndex = at;
      const taken = isWrapped ? found[0] : plain.exec(whole)[0];
      rows.at(-1).push((isWrapped ? found[1].replace(/""/g, '"') : taken).trim());
      at += taken.length;
      if (whole[at] === "\n") rows.push([]);
      at += 1;
    }
    return rows;
  };

  class Rows {
    constructor(columns, rows) {
      this.columns = columns;
      this.rows = rows;
      this.past = [];
      this.future = [];
    }

    get count() {
      return this.rows.length;
    }

    text(row, column) {
      return this.rows[row]?.[this.columns[column].key] ?? "";
    }

    // Names are unique: a row that is made of another gets the next number that is free.
    free(id, rows = this.rows) {
      const taken = new Set(rows.map((row) => row.id));
      const stem = id.replace(/-\d+$/, "") || "row";
      let number = 2;
      while (taken.has(`${stem}-${number}`)) number += 1;
      return `${stem}-${number}`;
    }

    become(rows) {
      this.past.push(this.rows);
      if (this.past.length > MOST_STEPS) this.past.shift();
      this.future = [];
      this.rows = rows;
    }

    // changes: [row, column, text]; one step of undoing, however many cells.
    write(changes) {
      const real = changes.filter(([row, column, text]) => this.text(row, column) !== text);
      if (!real.length) return false;
      const rows = this.rows.slice();
      for (const [row, column, text] of real) {
        while (rows.length <= row) rows.push({ id: this.free("row", rows) });
        rows[row] = { ...rows[row], [this.columns[column].key]: text };
      }
      this.become(rows);
      return true;
    }

    insert(at, made) {
      this.become([...this.rows.slice(0, at), made, ...this.rows.slice(at)]);
    }

    remove(first, last) {
      if (this.count) this.become(this.rows.filter((_, number) => number < first || number > last));
    }

    move(first, last, step) {
      const to = first + step;
      if (to < 0 || last + step >= this.count) return false;
      const rows = this.rows.slice();
      const taken = rows.splice(first, last - first + 1);
      rows.splice(to, 0, ...taken);
      this.become(rows);
      return true;
    }

    undo() {
      if (!this.past.length) return false;
      this.future.push(this.rows);
      this.rows = this.past.pop();
      return true;
    }

    redo() {
      if (!this.future.length) return false;
      this.past.push(this.rows);
      this.rows = this.future.pop();
      return true;
    }
  }

  // What people type where FEEL wants quotes: a word that is among the values of its column is quoted by itself.
  const tidied = (column, text) => {
    const said = text.trim();
    if (column.side === "when" && (said === "" || said === "*")) return "-";
    if (column.options?.includes(`"${said}"`)) return `"${said}"`;
    return said;
  };

  window.TiffinPolicy = { Rows, asTable, fromTable, tidied };
})();
