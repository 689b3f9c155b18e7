// One simulated day under one policy, asked where everybody is at an instant. Times are seconds since the business day began.
(() => {
  "use strict";
  const NEVER = -1;
  const STATUS = { delivered: 1, customer: 2, merchant: 3, lost: 4, returned: 5 };
  const STATE = { absent: 0, preparing: 1, waiting: 2, carried: 3, done: 4, gone: 5 };
  const PURPOSE = { approach: 0, wait: 1, deliver: 2, back: 3, home: 4 };
  const SHOWN_AFTER_S = 300; // so long an order that is over stays in sight

  class Day {
    constructor(data, arm) {
      this.key = arm.key;
      this.name = arm.name;
      this.orders = arm.orders;
      this.riders = arm.riders;
      this.legs = arm.legs;
      this.curves = { waiting: arm.waiting, idle: arm.idle };
      this.merchants = data.merchants;
      const count = this.riders.on.length;
      this.first = new Int32Array(count + 1);
      for (const session of this.legs.session) this.first[session + 1] += 1;
      for (let one = 0; one < count; one += 1) this.first[one + 1] += this.first[one];
      this.cursor = Int32Array.from(this.first.subarray(0, count));
      this.place = { x: 0, y: 0, purpose: PURPOSE.wait, order: NEVER };
    }

    isOn(rider, at) {
      return this.riders.on[rider] <= at && at < this.riders.off[rider];
    }

    // Find a rider's leg: mostly the one of the frame before, or the one after it.
    legAt(rider, at) {
      const { start, end } = this.legs;
      const first = this.first[rider];
      const last = this.first[rider + 1] - 1;
      if (last < first) return NEVER;
      let leg = Math.min(Math.max(this.cursor[rider], first), last);
      if (start[leg] > at || (end[leg] <= at && leg < last && start[leg + 1] <= at)) {
        let low = first;
        let high = last;
        while (low < high) {
          const middle = (low + high + 1) >> 1;
          if (start[middle] <= at) low = middle;
          else high = middle - 1;
        }
        leg = low;
      }
      this.cursor[rider] = leg;
      return leg;
    }

    // Where a rider is; the object given is the same each time.
    riderAt(rider, at) {
      const place = this.place;
      const leg = this.legAt(rider, at);
      if (leg === NEVER) return null;
      const { start, end, fx, fy, tx, ty, purpose, order } = this.legs;
      const share = end[leg] > start[leg] ? Math.min(1, Math.max(0, (at - start[leg]) / (end[leg] - start[leg]))) : 1;
      place.x = fx[leg] + (tx[leg] - fx[leg]) * share;
      place.y = fy[leg] + (ty[leg] - fy[leg]) * share;
      place.purpose = at < end[leg] ? purpose[leg] : PURPOSE.wait;
      place.order = at < end[leg] ? order[leg] : NEVER;
      return place;
    }

    stateOf(order, at) {
      const of = this.orders;
      if (of.placed[order] > at) return STATE.absent;
      const ended = of.ended[order];
      if (ended !== NEVER && ended <= at) {
        if (at - ended > SHOWN_AFTER_S) return STATE.absent;
        return of.status[order] === STATUS.delivered ? STATE.done : STATE.gone;
      }
      if (of.picked[order] !== NEVER && of.picked[order] <= at) return STATE.carried;
      return of.ready[order] !== NEVER && of.ready[order] <= at ? STATE.waiting : STATE.preparing;
    }

    isLate(order, at) {
      return this.orders.promised[order] < at;
    }

    // Count how the day stands, as the table of moments does.
    countAt(at) {
      const told = { waiting: 0, carried: 0, late: 0, idle: 0, delivered: 0, lost: 0 };
      const { placed, ended, status } = this.orders;
      for (let one = 0; one < placed.length && placed[one] <= at; one += 1) {
        if (ended[one] !== NEVER && ended[one] <= at) {
          if (status[one] === STATUS.delivered) told.delivered += 1;
          else if (status[one] === STATUS.lost) told.lost += 1;
          continue;
        }
        const state = this.stateOf(one, at);
        if (state === STATE.waiting) told.waiting += 1;
        else if (state === STATE.carried) told.carried += 1;
        if (this.isLate(one, at)) told.late += 1;
      }
      return told;
    }
  }

  window.TiffinPlayback = { Day, NEVER, STATUS, STATE, PURPOSE };
})();
