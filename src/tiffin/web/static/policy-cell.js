// The box in which one cell of a policy is written, with the values that could stand there.
(() => {
  "use strict";
  const MOST_SHOWN = 12;

  class CellBox {
    // take(text, step): what was written, and where to go next; leave(): nothing was.
    constructor(words, { take, leave }) {
      this.words = words;
      this.take = take;
      this.leave = leave;
      this.input = document.createElement("input");
      this.input.className = "cell-box";
      this.input.setAttribute("role", "combobox");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-controls", "cell-options");
      this.input.autocomplete = "off";
      this.input.spellcheck = false;
      this.list = document.createElement("ul");
      this.list.id = "cell-options";
      this.list.className = "cell-options";
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", words.options);
      this.input.addEventListener("input", () => this.offer());
      this.input.addEventListener("keydown", (event) => this.onKey(event));
      this.input.addEventListener("blur", () => this.end(0, 0));
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const item = event.target.closest("li");
        if (item) this.choose(item.textContent);
      });
    }

    get isOpen() {
      return this.cell != null;
    }

    open(cell, column, text, options) {
      this.cell = cell;
      this.column = column;
      this.options = options;
      this.chosen = -1;
      this.input.value = text;
      this.input.dir = column.side === "reason" ? "auto" : "ltr";
      this.input.setAttribute("aria-label", column.label);
      cell.replaceChildren(this.input, this.list);
      this.input.focus();
      this.input.setSelectionRange(text.length, text.length);
      this.offer();
    }

    // The last of several values separated by commas is what is being written.
    offer() {
      const written = this.input.value.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).at(-1).trim().toLowerCase();
      const fits = this.options.filter((one) => one.toLowerCase().includes(written) && one.toLowerCase() !== written);
      this.shown = fits.slice(0, MOST_SHOWN);
      this.chosen = -1;
      this.list.replaceChildren(
        ...this.shown.map((one, number) => {
          const item = document.createElement("li");
          item.id = `cell-option-${number}`;
          item.setAttribute("role", "option");
          item.dir = "ltr";
          item.textContent = one;
          return item;
        }),
      );
      this.list.hidden = !this.shown.length;
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      this.input.removeAttribute("aria-activedescendant");
    }

    mark(step) {
      const count = this.shown.length;
      this.chosen = (this.chosen + step + count + (this.chosen < 0 && step < 0 ? 1 : 0)) % count;
      [...this.list.children].forEach((item, number) => item.setAttribute("aria-selected", String(number === this.chosen)));
      this.input.setAttribute("aria-activedescendant", `cell-option-${this.chosen}`);
      this.list.children[this.chosen].scrollIntoView({ block: "nearest" });
    }

    choose(option) {
      const before = this.input.value.match(/^(.*,\s*)?/)[0];
      this.input.value = `${before ?? ""}${option}`;
      this.offer();
      this.list.hidden = true;
      this.input.focus();
    }

    onKey(event) {
      event.stopPropagation();
      const isListed = !this.list.hidden && this.shown.length > 0;
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && isListed) {
        event.preventDefault();
        this.mark(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        if (this.chosen >= 0) this.choose(this.shown[this.chosen]);
        if (event.key === "Enter") this.end(event.shiftKey ? -1 : 1, 0);
        else this.end(0, event.shiftKey ? -1 : 1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (isListed && this.chosen >= 0) this.offer();
        else this.cancel();
      }
    }

    end(down, on) {
      if (!this.cell) return;
      const text = this.input.value;
      this.cell = null;
      this.take(text, down, on);
    }

    cancel() {
      this.cell = null;
      this.leave();
    }
  }

  window.TiffinPolicy.CellBox = CellBox;
})();
