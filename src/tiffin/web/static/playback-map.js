// The map of one simulated day: zones, merchants, orders and riders. Shapes tell the same as colours. North is up in any script.
(() => {
  "use strict";
  const { NEVER, STATE, PURPOSE } = window.TiffinPlayback;
  const MARGIN = 14;
  const NEAR = 16; // pixels within which a click means what is drawn there
  const SPREAD = 7; // orders of one merchant stand around it, this far apart
  const GOLDEN = 2.399963;
  const COLOURS = ["card", "sunk", "line", "line-strong", "ink", "muted", "bad", "good", "warn", "s1", "s2", "s3", "s4", "s5", "q0", "q2"];

  // Colours are decided in the style sheet for both themes; a canvas needs what they come to.
  const readColours = (host) => {
    const probe = document.createElement("span");
    host.append(probe);
    const found = {};
    for (const name of COLOURS) {
      probe.style.setProperty("color", `var(--${name})`);
      found[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    return found;
  };

  const SHAPES = {
    circle: (path, x, y, r) => {
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 6.2832);
    },
    square: (path, x, y, r) => path.rect(x - r, y - r, 2 * r, 2 * r),
    triangle: (path, x, y, r) => {
      path.moveTo(x, y - r * 1.25);
      path.lineTo(x + r * 1.15, y + r * 0.8);
      path.lineTo(x - r * 1.15, y + r * 0.8);
      path.closePath();
    },
    diamond: (path, x, y, r) => {
      path.moveTo(x, y - r);
      path.lineTo(x + r, y);
      path.lineTo(x, y + r);
      path.lineTo(x - r, y);
      path.closePath();
    },
    cross: (path, x, y, r) => {
      path.moveTo(x - r, y - r);
      path.lineTo(x + r, y + r);
      path.moveTo(x + r, y - r);
      path.lineTo(x - r, y + r);
    },
    tick: (path, x, y, r) => {
      path.moveTo(x - r, y);
      path.lineTo(x - r / 3, y + r * 0.8);
      path.lineTo(x + r, y - r);
    },
  };

  // What is drawn: shape, colour, whether it is filled, and how large.
  const STYLES = {
    idle: ["diamond", "muted", false, 3.6],
    sent: ["diamond", "s5", true, 4.4],
    carrying: ["diamond", "s3", true, 4.4],
    preparing: ["circle", "s1", false, 2.8],
    waiting: ["square", "s4", true, 3.4],
    carried: ["circle", "s3", true, 2.6],
    late: ["triangle", "bad", true, 5],
    done: ["tick", "good", false, 3.4],
    gone: ["cross", "bad", false, 3.4],
  };

  class DayMap {
    constructor(canvas, day, data) {
      this.canvas = canvas;
      this.day = day;
      this.data = data;
      this.ground = document.createElement("canvas");
      this.chosen = null;
      this.reset();
    }

    // Fit the city into the canvas anew: after a change of its size or of the theme.
    reset() {
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const box = this.canvas.getBoundingClientRect();
      [this.width, this.height] = [Math.max(120, box.width), Math.max(120, box.height)];
      for (const one of [this.canvas, this.ground]) {
        one.width = Math.round(this.width * ratio);
        one.height = Math.round(this.height * ratio);
      }
      this.ratio = ratio;
      this.colours = readColours(this.canvas.parentElement);
      this.fit();
      this.paintGround();
    }

    fit() {
      const points = this.data.zones.flatMap((zone) => zone.rings.flat());
      const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
      const [west, east] = [Math.min(...xs), Math.max(...xs)];
      const [south, north] = [Math.min(...ys), Math.max(...ys)];
      const scale = Math.min((this.width - 2 * MARGIN) / (east - west), (this.height - 2 * MARGIN) / (north - south));
      this.scale = scale;
      this.left = (this.width - (east - west) * scale) / 2 - west * scale;
      this.top = (this.height - (north - south) * scale) / 2 + north * scale;
      this.size = Math.max(0.8, Math.min(1.5, Math.min(this.width, this.height * 1.3) / 520));
    }

    paintGround() {
      const pen = this.ground.getContext("2d");
      const { colours, data } = this;
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, this.width, this.height);
      this.shapes = data.zones.map((zone) => {
        const path = new Path2D();
        for (const ring of zone.rings) ring.forEach(([x, y], at) => path[at ? "lineTo" : "moveTo"](this.x(x), this.y(y)));
        path.closePath();
        return path;
      });
      pen.lineWidth = 1;
      for (const path of this.shapes) {
        pen.fillStyle = colours.q0;
        pen.strokeStyle = colours.line;
        pen.fill(path);
        pen.stroke(path);
      }
      pen.fillStyle = colours["line-strong"];
      const { x, y } = data.merchants;
      for (let one = 0; one < x.length; one += 1) pen.fillRect(this.x(x[one]) - 1, this.y(y[one]) - 1, 2, 2);
    }

    x(metres) {
      return this.left + metres * this.scale;
    }

    y(metres) {
      return this.top - metres * this.scale;
    }

    draw(at) {
      const pen = this.canvas.getContext("2d");
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, this.width, this.height);
      pen.drawImage(this.ground, 0, 0, this.width, this.height);
      this.paintPlanted(pen, at);
      this.paths = {};
      this.placed = []; // what can be clicked: kind, number, x, y
      this.drawRiders(at);
      this.drawOrders(at);
      for (const [name, path] of Object.entries(this.paths)) this.paint(pen, STYLES[name], path);
      this.paintChosen(pen, at);
    }

    paint(pen, [, colour, isFilled], path) {
      pen.strokeStyle = isFilled ? this.colours.card : this.colours[colour];
      pen.lineWidth = isFilled ? 0.8 : 1.7;
      if (isFilled) {
        pen.fillStyle = this.colours[colour];
        pen.fill(path);
      }
      pen.stroke(path);
    }

    // A disruption that is in force hatches the zones it strikes.
    paintPlanted(pen, at) {
      const struck = this.data.planted.filter((one) => one.start <= at && at < one.end);
      pen.strokeStyle = this.colours.warn;
      pen.lineWidth = 2;
      pen.setLineDash([5, 4]);
      for (const one of struck) {
        const zones = one.zones.length ? one.zones : this.shapes.keys();
        for (const zone of zones) pen.stroke(this.shapes[zone]);
      }
      pen.setLineDash([]);
    }

    put(name, x, y, kind, number) {
      const [shape, , , size] = STYLES[name];
      this.paths[name] ??= new Path2D();
      SHAPES[shape](this.paths[name], x, y, size * this.size);
      this.placed.push([kind, number, x, y]);
    }

    drawRiders(at) {
      const { day } = this;
      this.loads = new Map();
      for (let rider = 0; rider < day.riders.on.length; rider += 1) {
        if (!day.isOn(rider, at)) continue;
        const place = day.riderAt(rider, at);
        if (place === null) continue;
        const { purpose, order } = place;
        const isFree = order === NEVER || purpose === PURPOSE.home;
        const hasGoods = purpose === PURPOSE.deliver || purpose === PURPOSE.back;
        this.put(isFree ? "idle" : hasGoods ? "carrying" : "sent", this.x(place.x), this.y(place.y), "rider", rider);
      }
    }

    drawOrders(at) {
      const { day } = this;
      const { placed } = day.orders;
      const names = [null, "preparing", "waiting", "carried", "done", "gone"];
      for (let order = 0; order < placed.length && placed[order] <= at; order += 1) {
        const state = day.stateOf(order, at);
        if (state === STATE.absent) continue;
        const [x, y] = this.placeOf(order, state, at);
        const isLate = state < STATE.done && day.isLate(order, at);
        this.put(isLate ? "late" : names[state], x, y, "order", order);
      }
    }

    placeOf(order, state, at) {
      const { orders, merchants } = this.day;
      if (state === STATE.carried) {
        const place = this.day.riderAt(orders.session[order], at);
        if (place !== null) {
          const turn = this.loads.get(orders.session[order]) ?? 0;
          this.loads.set(orders.session[order], turn + 1);
          return [this.x(place.x) + 5 * this.size * turn, this.y(place.y) - 6 * this.size];
        }
      }
      if (state === STATE.done) return [this.x(orders.x[order]), this.y(orders.y[order])];
      const merchant = orders.merchant[order];
      const far = SPREAD * this.size * (0.5 + (order % 3) / 3);
      const turn = order * GOLDEN;
      return [this.x(merchants.x[merchant]) + far * Math.cos(turn), this.y(merchants.y[merchant]) + far * Math.sin(turn)];
    }

    // Ring what was chosen, with its way: from merchant to customer, or the rider's legs of the hour around.
    paintChosen(pen, at) {
      if (!this.chosen) return;
      const { kind, number } = this.chosen;
      pen.strokeStyle = this.colours.ink;
      pen.lineWidth = 1.4;
      if (kind === "order") this.paintWay(pen, number);
      else this.paintTrail(pen, number, at);
      const found = this.placed.find(([one, which]) => one === kind && which === number);
      if (!found) return;
      pen.beginPath();
      pen.lineWidth = 2.2;
      pen.arc(found[2], found[3], 9 * this.size, 0, 6.2832);
      pen.stroke();
    }

    paintWay(pen, order) {
      const { orders, merchants } = this.day;
      const merchant = orders.merchant[order];
      pen.setLineDash([3, 3]);
      pen.beginPath();
      pen.moveTo(this.x(merchants.x[merchant]), this.y(merchants.y[merchant]));
      pen.lineTo(this.x(orders.x[order]), this.y(orders.y[order]));
      pen.stroke();
      pen.setLineDash([]);
      pen.strokeRect(this.x(orders.x[order]) - 3, this.y(orders.y[order]) - 3, 6, 6);
    }

    paintTrail(pen, rider, at) {
      const { start, end, fx, fy, tx, ty } = this.day.legs;
      pen.beginPath();
      for (let leg = this.day.first[rider]; leg < this.day.first[rider + 1]; leg += 1) {
        if (end[leg] < at - 1800 || start[leg] > at + 1800) continue;
        pen.moveTo(this.x(fx[leg]), this.y(fy[leg]));
        pen.lineTo(this.x(tx[leg]), this.y(ty[leg]));
      }
      pen.stroke();
    }

    // What is drawn nearest to a point; orders before riders where both are as near.
    nearest(x, y) {
      let best = null;
      let least = NEAR;
      for (const [kind, number, px, py] of this.placed ?? []) {
        const away = Math.hypot(px - x, py - y) - (kind === "order" ? 0.5 : 0);
        if (away < least) [best, least] = [{ kind, number }, away];
      }
      return best;
    }
  }

  Object.assign(window.TiffinPlayback, { DayMap, readColours });
})();
