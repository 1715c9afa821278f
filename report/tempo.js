"use strict";
// Clocks say what an hour of the picture of a campaign's tempo holds, to pointer and keys.
(() => {
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

class Clock {
  constructor(figure) {
    this.cells = figure.querySelector(".cells"); this.mark = figure.querySelector(".at"); this.out = figure.querySelector(".readout");
    this.hint = this.out.textContent;
    this.begin = +this.cells.dataset.begin;
    this.beats = this.cells.dataset.beats.split(";").slice(0, -1).map(s => s ? s.split(",").map(Number) : null);
    this.rows = Math.ceil(this.beats.length / 24);
    this.at = null;
    for (const kind of ["pointermove", "pointerdown"]) this.cells.addEventListener(kind, e => this.point(e));
    this.cells.addEventListener("pointerleave", e => { if (e.pointerType === "mouse") this.leave(); });
    this.cells.addEventListener("keydown", e => this.key(e));
    this.cells.addEventListener("blur", () => this.leave());
  }
  point(e) {
    const box = this.cells.getBoundingClientRect(), x = Math.floor(24 * (e.clientX - box.left) / box.width), y = Math.floor(this.rows * (e.clientY - box.top) / box.height);
    if (x >= 0 && x < 24 && y >= 0 && y < this.rows) this.show(24 * y + x);
  }
  key(e) {
    if (e.key === "Escape") return this.leave();
    const move = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -24, ArrowDown: 24}[e.key];
    if (!move || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    this.show(this.at === null ? Math.max(0, this.beats.findIndex(b => b)) : Math.max(0, Math.min(this.beats.length - 1, this.at + move)));
  }
  show(i) {
    const w = new Date((this.begin + 3600 * i) * 1000), b = this.beats[i], x = i % 24, y = Math.floor(i / 24);
    this.at = i;
    const when = `${days[w.getUTCDay()]} ${w.getUTCDate()} ${months[w.getUTCMonth()]}, ${String(x).padStart(2, "0")}:00: `;
    this.out.textContent = when + (i >= this.beats.length ? "the log has ended" : b ? `${b[0]} active, where ${b[1]} could be expected` : "too few were due to say anything");
    this.mark.hidden = false;
    Object.assign(this.mark.style, {left: `${x / .24}%`, width: `${1 / .24}%`, top: `${100 * y / this.rows}%`, height: `${100 / this.rows}%`});
  }
  leave() { this.at = null; this.mark.hidden = true; this.out.textContent = this.hint; }
}
document.querySelectorAll("figure.clock").forEach(f => new Clock(f));
})();
