// The time line: orders that wait and riders without one, minute by minute, with what was planted as bands.
(() => {
  "use strict";
  const { readColours } = window.TiffinPlayback;
  const EDGE = 8; // half the thumb of the slider beneath, so that both tell the same instant
  const STEP_S = 60;
  const PANELS = ["waiting", "idle"];

  class TimeLine {
    constructor(canvas, days, data, words, clock) {
      Object.assign(this, { canvas, days, data, words, clock });
      this.isMirrored = document.documentElement.dir === "rtl";
      this.still = document.createElement("canvas");
      this.reset();
    }

    reset() {
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const box = this.canvas.getBoundingClientRect();
      [this.width, this.height] = [Math.max(120, box.width), Math.max(60, box.height)];
      for (const one of [this.canvas, this.still]) {
        one.width = Math.round(this.width * ratio);
        one.height = Math.round(this.height * ratio);
      }
      this.ratio = ratio;
      this.colours = readColours(this.canvas.parentElement);
      this.paint();
    }

    xOf(at) {
      const { from_s: from, to_s: to } = this.data;
      const x = EDGE + ((at - from) / (to - from)) * (this.width - 2 * EDGE);
      return this.isMirrored ? this.width - x : x;
    }

    atOf(x) {
      const { from_s: from, to_s: to } = this.data;
      const along = ((this.isMirrored ? this.width - x : x) - EDGE) / (this.width - 2 * EDGE);
      return Math.round(from + Math.min(1, Math.max(0, along)) * (to - from));
    }

    paint() {
      const pen = this.still.getContext("2d");
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, this.width, this.height);
      pen.font = `11px ${getComputedStyle(this.canvas).fontFamily}`;
      this.paintBands(pen);
      this.paintHours(pen);
      const each = (this.height - 16) / PANELS.length;
      PANELS.forEach((name, at) => this.paintPanel(pen, name, at * each + 14, each - 16));
    }

    paintBands(pen) {
      const { colours } = this;
      for (const one of this.data.planted) {
        const [x, end] = [this.xOf(one.start), this.xOf(one.end)].sort((a, b) => a - b);
        pen.globalAlpha = 0.22;
        pen.fillStyle = colours.warn;
        pen.fillRect(x, 0, end - x, this.height - 14);
        pen.globalAlpha = 1;
        pen.strokeStyle = colours.warn;
        pen.setLineDash([4, 3]);
        pen.strokeRect(x, 0.5, end - x, this.height - 15);
        pen.setLineDash([]);
      }
    }

    paintHours(pen) {
      pen.fillStyle = this.colours.muted;
      pen.strokeStyle = this.colours.line;
      pen.lineWidth = 1;
      pen.textAlign = "center";
      const every = this.width < 520 ? 4 : 2;
      for (let hour = Math.ceil(this.data.from_s / 3600); hour * 3600 <= this.data.to_s; hour += 1) {
        const x = this.xOf(hour * 3600);
        pen.beginPath();
        pen.moveTo(x, 0);
        pen.lineTo(x, this.height - 14);
        pen.stroke();
        if (hour % every === 0) pen.fillText(this.clock(hour * 3600), x, this.height - 3);
      }
    }

    paintPanel(pen, name, top, height) {
      const most = Math.max(1, ...this.days.flatMap((day) => day.curves[name]));
      this.days.forEach((day, at) => {
        pen.beginPath();
        day.curves[name].forEach((value, step) => {
          const x = this.xOf(this.data.from_s + step * STEP_S);
          pen.lineTo(x, top + height - (value / most) * height);
        });
        pen.strokeStyle = this.colours[at ? "s2" : "s1"];
        pen.lineWidth = 1.6;
        pen.setLineDash(at ? [5, 3] : []);
        pen.stroke();
        pen.setLineDash([]);
      });
      pen.fillStyle = this.colours.ink;
      pen.textAlign = this.isMirrored ? "right" : "left";
      const said = `${this.words[name]} (${this.words.most.replace("{number}", this.words.number(most))})`;
      pen.fillText(said, this.isMirrored ? this.width - EDGE : EDGE, top - 3);
    }

    draw(at) {
      const pen = this.canvas.getContext("2d");
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, this.width, this.height);
      pen.drawImage(this.still, 0, 0, this.width, this.height);
      const x = this.xOf(at);
      pen.strokeStyle = this.colours.ink;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(x, 0);
      pen.lineTo(x, this.height - 14);
      pen.stroke();
    }
  }

  window.TiffinPlayback.TimeLine = TimeLine;
})();
