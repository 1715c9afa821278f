"use strict";
(() => {
const $ = (s, e = document) => e.querySelector(s), $$ = (s, e = document) => [...e.querySelectorAll(s)];
const root = document.documentElement;
const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

// Colours of the picture: the canvas cannot read the style sheet's.
const light = {paper: "#ffffff", ink: "#1c2430", soft: "#596473", line: "#e3e0d8", quiet: [230, 237, 243], dead: [250, 241, 236], ramp: [[188, 213, 232], [91, 155, 200], [8, 48, 107]], ban: "#b3471d", event: "#7a4a94", still: "#75653a", gap: "#d9d5ca", bar: "#2f6f9f", start: "#237a69"};
const night = {paper: "#1a2028", ink: "#e7ebf0", soft: "#9fabb9", line: "#2d3641", quiet: [39, 50, 62], dead: [58, 42, 38], ramp: [[44, 83, 117], [95, 159, 208], [217, 238, 255]], ban: "#f08a5d", event: "#c79be0", still: "#d3b878", gap: "#3a4350", bar: "#69a9d6", start: "#5cc7b0"};

const font = "11px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif", mono = "10.5px ui-monospace,Menlo,'DejaVu Sans Mono',monospace";
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const number = n => n.toLocaleString("en-GB");
const countOf = Uint32Array.from({length: 256}, (_, c) => c < 16 ? c : Math.round(16 * 1.1 ** (c - 16)));
const families = ["identity", "infrastructure", "client", "content", "behaviour", "protocol"];

async function inflate(text) {
  const raw = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const out = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(out).arrayBuffer());
}

// mix gives the colours of 64 steps of intensity, as canvas pixels.
function palette(t) {
  const pixel = ([r, g, b]) => 0xff000000 | b << 16 | g << 8 | r;
  const steps = Uint32Array.from({length: 64}, (_, i) => {
    const x = i / 63 * 2, k = Math.min(1, Math.floor(x)), f = x - k, a = t.ramp[k], b = t.ramp[k + 1];
    return pixel(a.map((v, j) => Math.round(v + (b[j] - v) * f)));
  });
  return {steps, quiet: pixel(t.quiet) >>> 0, dead: pixel(t.dead) >>> 0};
}

class Picture {
  constructor(figure) {
    this.figure = figure;
    this.d = JSON.parse($("script", figure).textContent);
    for (const k of ["names", "heirs", "alone", "events", "quiet", "gaps"]) this.d[k] ??= [];
    this.rows = this.d.names.length;
    this.stage = $(".stage", figure); this.view = $(".view", figure); this.tall = $(".tall", figure);
    this.head = $("canvas.head", figure); this.body = $("canvas.rows", figure); this.tip = $(".tip", figure);
    this.mode = "all"; this.cursor = null;
    this.sort("line");
  }
  async open() {
    this.cells = await inflate(this.d.counts);
    let top = 1;
    for (const c of this.cells) if (c > top) top = c;
    const most = Math.log1p(countOf[top]);
    this.heat = Uint8Array.from({length: 256}, (_, c) => c ? Math.round(63 * Math.max(.12, Math.log1p(countOf[c]) / most)) : 0);
    this.listen();
    this.layout();
    if (this.rows <= 40) $("[data-rows]", this.figure).parentNode.hidden = true;
    $(".tools", this.figure).hidden = false;
  }
  sort(by) {
    const d = this.d, o = Uint32Array.from({length: this.rows}, (_, i) => i), late = x => x < 0 ? 1e9 : x;
    if (by === "first") o.sort((a, b) => late(d.first[a]) - late(d.first[b]) || a - b);
    if (by === "taken") o.sort((a, b) => d.taken[b] - d.taken[a] || a - b);
    if (by === "ban") o.sort((a, b) => late(d.ban[a]) - late(d.ban[b]) || a - b);
    if (by === "name") o.sort((a, b) => d.names[a] < d.names[b] ? -1 : 1);
    this.order = o;
    this.place = new Uint32Array(this.rows);
    o.forEach((r, i) => this.place[r] = i);
    this.images = null;
  }
  // measure says where things are for a width, and how high a row is.
  measure(width) {
    const names = this.mode === "names" || this.rows <= 56;
    const narrow = width < 620;
    const gutter = narrow ? 8 : names ? Math.min(230, 30 + 6.6 * Math.min(30, Math.max(...this.d.names.slice(0, 400).map(n => n.length)))) : 122;
    const row = names ? (this.mode === "names" ? 14 : Math.max(10, Math.min(15, 620 / this.rows))) : 540 / this.rows;
    return {width, gutter, plot: width - gutter - 4, row, names: names && !narrow, tall: row * this.rows, head: 176};
  }
  layout() {
    const width = Math.max(260, this.stage.clientWidth), m = this.m = this.measure(width);
    this.visible = Math.min(m.tall, this.mode === "names" ? 560 : 1e4);
    this.view.style.height = Math.ceil(this.visible) + 2 + "px";
    this.tall.style.height = Math.ceil(m.tall) + "px";
    this.draw();
  }
  size(canvas, w, h, scale) {
    canvas.width = Math.round(w * scale); canvas.height = Math.round(h * scale);
    canvas.style.width = w + "px"; canvas.style.height = h + "px";
    const c = canvas.getContext("2d");
    c.setTransform(scale, 0, 0, scale, 0, 0);
    return c;
  }
  draw() {
    const m = this.m, scale = Math.min(3, devicePixelRatio || 1), t = dark() ? night : light;
    this.paintHead(this.size(this.head, m.width, m.head, scale), m, t);
    this.paintRows(this.size(this.body, m.width, this.visible + 1, scale), m, t, this.mode === "names" ? this.view.scrollTop : 0, this.visible, scale);
  }
  x(m, column) { return m.gutter + column * m.plot / this.d.columns; }
  when(column) { return new Date((this.d.begin + column * this.d.step) * 1000); }
  say(column) { const w = this.when(column); return `${w.getUTCDate()} ${months[w.getUTCMonth()]}, ${String(w.getUTCHours()).padStart(2, "0")}:00`; }

  // days calls f for each midnight, and says whether it carries a label.
  days(m, f) {
    const per = 86400 / this.d.step, wide = m.plot / this.d.columns * per, every = Math.max(1, Math.ceil(58 / wide));
    for (let i = 0; i * per < this.d.columns; i++) f(this.x(m, i * per), i * per, i % every === 0);
  }
  paintHead(c, m, t) {
    const d = this.d, base = 100, wide = Math.max(1, m.plot / d.columns - (m.plot / d.columns > 3 ? .5 : 0));
    c.font = font; c.textBaseline = "middle";
    this.gaps(c, m, t, 22, m.head - 22);
    this.days(m, (x, col, labelled) => {
      c.fillStyle = t.line; c.fillRect(x, 22, 1, m.head - 22);
      if (labelled) { c.fillStyle = t.soft; c.textAlign = "left"; const w = this.when(col); c.fillText(`${w.getUTCDate()} ${months[w.getUTCMonth()]}`, x + 3, m.head - 9); }
    });
    const bars = (values, y, height, colour, down) => {
      const top = Math.max(1, ...values), per = m.plot / d.columns;
      c.fillStyle = colour;
      if (per >= 1) values.forEach((n, i) => { if (n) { const h = Math.max(1.5, height * n / top); c.fillRect(this.x(m, i), down ? y : y - h, wide, h); } });
      else for (let px = 0; px < m.plot; px++) { // several columns share a pixel
        let n = 0;
        for (let i = Math.floor(px / per); i < Math.min(values.length, Math.ceil((px + 1) / per)); i++) n = Math.max(n, values[i]);
        if (n) { const h = Math.max(1.5, height * n / top); c.fillRect(m.gutter + px, down ? y : y - h, 1, h); }
      }
      return top;
    };
    const most = bars(d.volume, base, 72, t.bar), began = bars(d.starts, 126, 18, t.start), gone = Math.max(...d.bans) ? bars(d.bans, 129, 12, t.ban, true) : 0;
    c.fillStyle = t.line; c.fillRect(m.gutter, base, m.plot, 1); c.fillRect(m.gutter, 127, m.plot, 1);
    c.strokeStyle = t.still; c.lineWidth = 1.5;
    for (const [a, b] of d.quiet) { const l = this.x(m, a), r = Math.max(l + 2, this.x(m, b)); c.beginPath(); c.moveTo(l, 155); c.lineTo(l, 149); c.lineTo(r, 149); c.lineTo(r, 155); c.stroke(); }
    const volume = d.step === 3600 ? "exchanges an hour" : `exchanges in ${d.step / 3600} h`;
    if (m.gutter > 60) {
      const say = (text, y, colour) => { c.fillStyle = colour; c.textAlign = "right"; c.fillText(text, m.gutter - 8, y); };
      say(volume, 78, t.soft); say("most " + number(most), 92, t.soft);
      say(`starts, most ${number(began)}`, 119, t.start); if (gone) say(`bans, most ${number(gone)}`, 135, t.ban);
      if (d.quiet.length) say("joint silence", 152, t.still);
    } else { // a narrow window has no room beside the strips
      const say = (text, y, colour) => { c.textAlign = "left"; c.lineJoin = "round"; c.lineWidth = 4; c.strokeStyle = t.paper; c.strokeText(text, m.gutter + 3, y); c.fillStyle = colour; c.fillText(text, m.gutter + 3, y); };
      say(`${volume}, most ${number(most)}`, 33, t.soft); say(`starts, most ${number(began)}`, 109, t.start);
      if (gone) say(`bans, most ${number(gone)}`, 139, t.ban);
    }
    this.verticals(c, m, t, 22, m.head - 18, true);
  }
  gaps(c, m, t, y, h) { c.fillStyle = t.gap; for (const [a, b] of this.d.gaps) c.fillRect(this.x(m, a), y, this.x(m, b) - this.x(m, a), h); }
  verticals(c, m, t, y, h, flags) {
    const d = this.d;
    let flag = -1e9;
    c.font = font; c.textBaseline = "middle";
    d.events.forEach((e, i) => {
      const x = this.x(m, e.at);
      c.strokeStyle = t.event; c.lineWidth = 1.4; c.setLineDash([4, 3]); c.beginPath(); c.moveTo(x, y); c.lineTo(x, y + h); c.stroke(); c.setLineDash([]);
      if (!flags) return;
      flag = Math.min(Math.max(x, flag + 19), m.width - 9 - 19 * Math.min(3, d.events.length - 1 - i)); // beside another, and whole at the edge
      c.fillStyle = t.event; c.beginPath(); c.arc(flag, 11, 8.5, 0, 7); c.fill(); c.fillStyle = t.paper; c.textAlign = "center"; c.font = "600 " + font; c.fillText(i + 1, flag, 11.5); c.font = font;
    });
    if (d.found < 0 || d.found > d.columns) return;
    const x = this.x(m, d.found);
    c.fillStyle = t.ink; c.fillRect(x - .75, y, 1.5, h);
    if (!flags) return;
    const clear = (from, to) => from > m.gutter && to < m.width && !d.events.some(e => this.x(m, e.at) + 9 > from && this.x(m, e.at) - 9 < to);
    const side = clear(x, x + 100) ? 1 : clear(x - 100, x) ? -1 : 0;
    if (side) { c.textAlign = side > 0 ? "left" : "right"; c.fillText("evidence sufficed", x + 5 * side, 11); }
  }
  // image makes one pixel of each cell of rows a to b, lines of them together.
  image(t, a, b, lines) {
    const d = this.d, W = d.columns, p = palette(t), out = new ImageData(W, lines), px = new Uint32Array(out.data.buffer);
    const sum = new Float32Array(W), alive = new Uint16Array(W), dead = new Uint16Array(W);
    for (let y = 0; y < lines; y++) {
      const from = a + Math.floor(y * (b - a) / lines), to = Math.max(from + 1, a + Math.floor((y + 1) * (b - a) / lines));
      sum.fill(0); alive.fill(0); dead.fill(0);
      for (let i = from; i < to; i++) {
        const r = this.order[i], first = d.first[r], ban = d.ban[r], end = ban < 0 ? d.last[r] + 1 : Math.max(ban, d.last[r] + 1), at = r * W;
        if (first < 0) continue;
        for (let x = first; x < end; x++) { alive[x]++; sum[x] += this.heat[this.cells[at + x]]; }
        if (ban >= 0) for (let x = end; x < W; x++) dead[x]++;
      }
      const half = (to - from) / 2;
      for (let x = 0, o = y * W; x < W; x++, o++) {
        if (sum[x]) px[o] = p.steps[Math.min(63, Math.ceil(sum[x] / Math.max(1, alive[x])))];
        else if (alive[x]) px[o] = p.quiet;
        else if (dead[x] >= half) px[o] = p.dead;
      }
    }
    const canvas = document.createElement("canvas");
    canvas.width = W; canvas.height = lines;
    canvas.getContext("2d").putImageData(out, 0, 0);
    return canvas;
  }
  paintRows(c, m, t, top, height, scale) {
    const d = this.d, a = Math.max(0, Math.floor(top / m.row)), b = Math.min(this.rows, Math.ceil((top + height) / m.row)), y0 = a * m.row - top;
    this.gaps(c, m, t, 0, height);
    const lines = Math.min(b - a, Math.ceil((b - a) * m.row * scale)), key = `${a} ${b} ${lines} ${t.paper}`;
    if (!this.images || this.images.key !== key) this.images = {key, canvas: this.image(t, a, b, lines)};
    c.imageSmoothingEnabled = m.plot * scale < d.columns; c.imageSmoothingQuality = "high";
    c.drawImage(this.images.canvas, m.gutter, y0, m.plot, (b - a) * m.row);
    if (m.row >= 8) { c.fillStyle = t.paper; for (let i = a; i <= b; i++) c.fillRect(m.gutter, i * m.row - top - .5, m.plot, 1); }
    this.days(m, x => { c.globalAlpha = .7; c.fillStyle = t.line; c.fillRect(x, 0, 1, height); c.globalAlpha = 1; });
    c.fillStyle = t.still; c.globalAlpha = .13;
    for (const [from, to] of d.quiet) c.fillRect(this.x(m, from), 0, this.x(m, to) - this.x(m, from), height);
    c.globalAlpha = 1;
    this.lines(c, m, t, top, a, b);
    this.verticals(c, m, t, 0, height, false);
    if (m.names) {
      c.font = mono; c.textAlign = "right"; c.textBaseline = "middle";
      for (let i = a; i < b; i++) {
        const r = this.order[i], n = d.names[r];
        c.fillStyle = d.ban[r] >= 0 ? t.ban : t.soft;
        c.fillText(n.length > 30 ? n.slice(0, 29) + "…" : n, m.gutter - 8, (i + .5) * m.row - top, m.gutter - 12);
      }
    } else if (m.gutter > 60) {
      c.font = font; c.textAlign = "right"; c.textBaseline = "middle"; c.fillStyle = t.soft;
      c.fillText(number(this.rows) + " accounts", m.gutter - 8, 12);
      if (m.row < 1.2 && d.heirs.length) { c.fillText("succession shows", m.gutter - 8, 66); c.fillText("in one row each", m.gutter - 8, 80); }
      c.fillText("one line each,", m.gutter - 8, 30); c.fillText("by " + ({line: "succession", first: "first exchange", taken: "exchanges", ban: "ban", name: "name"})[$("select", this.figure).value], m.gutter - 8, 44);
    }
  }
  // lines draws bans, and from each the line to who carried on.
  lines(c, m, t, top, a, b) {
    // Where many accounts share a pixel, lines would hide what they join.
    const d = this.d, mid = i => (i + .5) * m.row - top, thick = Math.max(2, Math.min(m.row, 12));
    c.strokeStyle = t.ban; c.lineWidth = m.row >= 5 ? 1.6 : 1; c.globalAlpha = m.row >= 5 ? .95 : .5;
    for (const [from, to] of m.row < 1.2 ? [] : d.heirs) {
      const i = this.place[from], j = this.place[to];
      if ((i < a && j < a) || (i >= b && j >= b) || d.ban[from] < 0) continue;
      const x1 = this.x(m, d.ban[from]), x2 = this.x(m, Math.max(0, d.first[to])), y1 = mid(i), y2 = mid(j), bend = Math.min(6, Math.abs(y2 - y1) / 2);
      c.beginPath(); c.moveTo(x1, y1); c.lineTo(x1, y2 - Math.sign(y2 - y1) * bend); c.quadraticCurveTo(x1, y2, x1 + Math.min(bend, Math.max(0, x2 - x1)), y2); c.lineTo(Math.max(x1, x2), y2); c.stroke();
    }
    c.globalAlpha = 1; c.fillStyle = t.ban;
    const width = m.row >= 8 ? 3 : 2;
    for (let i = a; i < b; i++) { const x = d.ban[this.order[i]]; if (x >= 0) c.fillRect(this.x(m, x) - width / 2, mid(i) - thick / 2 + (m.row >= 8 ? 1 : 0), width, thick - (m.row >= 8 ? 2 : 0)); }
  }
  listen() {
    const f = this.figure;
    let due = 0;
    const soon = fn => { if (!due) due = requestAnimationFrame(() => { due = 0; fn(); }); };
    new ResizeObserver(() => { if (this.stage.clientWidth && this.stage.clientWidth !== this.m?.width) soon(() => this.layout()); }).observe(this.stage);
    this.view.addEventListener("scroll", () => soon(() => this.draw()));
    $$("[data-rows]", f).forEach(b => b.onclick = () => {
      this.mode = b.dataset.rows;
      $$("[data-rows]", f).forEach(o => { o.classList.toggle("on", o === b); o.setAttribute("aria-pressed", o === b); });
      this.leave(); this.images = null; this.layout();
    });
    $("select", f).onchange = e => { this.sort(e.target.value); this.leave(); this.draw(); };
    this.stage.addEventListener("pointermove", e => this.point(e));
    this.stage.addEventListener("pointerdown", e => this.point(e));
    this.stage.addEventListener("pointerleave", e => { if (e.pointerType === "mouse") this.leave(); });
    this.stage.addEventListener("keydown", e => this.key(e));
    this.stage.addEventListener("blur", () => this.leave());
  }
  point(e) {
    const m = this.m, box = this.stage.getBoundingClientRect(), x = e.clientX - box.left, y = e.clientY - box.top;
    const column = Math.floor((x - m.gutter) * this.d.columns / m.plot);
    if (column < 0 || column >= this.d.columns) return this.leave();
    const row = y < m.head ? -1 : Math.floor((y - m.head + this.view.scrollTop) / m.row);
    if (row >= this.rows) return this.leave();
    this.show(row, column, false);
  }
  key(e) {
    const at = this.cursor ?? [0, Math.max(0, this.d.first[this.order[0]])], day = Math.round(86400 / this.d.step);
    const move = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, e.shiftKey ? -day : -1], ArrowRight: [0, e.shiftKey ? day : 1], PageUp: [-20, 0], PageDown: [20, 0], Home: [-1e9, 0], End: [1e9, 0]}[e.key];
    if (e.key === "Escape") return this.leave();
    if (!move || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    const row = Math.max(0, Math.min(this.rows - 1, at[0] + (this.cursor ? move[0] : 0))), column = Math.max(0, Math.min(this.d.columns - 1, at[1] + (this.cursor ? move[1] : 0)));
    if (this.mode === "names") {
      const y = row * this.m.row;
      if (y < this.view.scrollTop || y > this.view.scrollTop + this.visible - this.m.row) { this.view.scrollTop = y - this.visible / 2; this.draw(); }
    }
    this.show(row, column, true);
  }
  about(row, column) {
    const d = this.d, span = d.step === 3600 ? this.say(column) : `${this.say(column)} and ${d.step / 3600 - 1} h on`;
    if (row < 0) return [span, [`${number(d.volume[column])} exchanges by ${number(d.active[column])} accounts`, d.starts[column] ? `${number(d.starts[column])} began` : "", d.bans[column] ? `${number(d.bans[column])} banned` : "", d.quiet.some(q => q[0] <= column && column < q[1]) ? "joint silence" : "", d.gaps.some(q => q[0] <= column && column < q[1]) ? "the log itself is all but empty" : ""]];
    const r = this.order[row], code = this.cells[r * d.columns + column], n = countOf[code];
    const state = d.ban[r] >= 0 && column >= d.ban[r] && !n ? "closed by a ban" : column < d.first[r] ? "not begun" : column > d.last[r] ? "not heard again" : n ? `${code > 15 ? "about " : ""}${number(n)} exchange${n === 1 ? "" : "s"}` : "living, not heard";
    const heir = d.heirs.find(h => h[0] === r), old = d.heirs.find(h => h[1] === r);
    return [d.names[r], [`${span}: ${state}`, `${number(d.taken[r])} exchanges in all`, `evidence sufficed ${this.say(d.added[r])}`, d.ban[r] >= 0 ? `banned ${this.say(d.ban[r])}` : "", heir ? `carried on as ${d.names[heir[1]]}` : "", old ? `carries on for ${d.names[old[0]]}` : ""]];
  }
  show(row, column, loud) {
    this.cursor = [row, column];
    const m = this.m, [name, lines] = this.about(row, column), x = this.x(m, column + .5), y = row < 0 ? m.head - 30 : m.head + (row + .5) * m.row - this.view.scrollTop;
    this.tip.replaceChildren(Object.assign(document.createElement("b"), {textContent: name}), ...lines.filter(Boolean).map(l => Object.assign(document.createElement("div"), {textContent: l})));
    this.tip.hidden = false;
    const high = m.head + this.visible;
    this.tip.style.left = (x > m.width / 2 ? Math.max(0, x - this.tip.offsetWidth - 14) : Math.min(x + 14, m.width - this.tip.offsetWidth)) + "px";
    this.tip.style.top = Math.max(0, Math.min(y + 12, high - this.tip.offsetHeight)) + "px";
    const cx = $(".cross.x", this.figure).style, cy = $(".cross.y", this.figure).style;
    Object.assign(cx, {display: "block", left: x + "px", top: "22px", height: high - 22 + "px"});
    Object.assign(cy, {display: row < 0 ? "none" : "block", left: m.gutter + "px", width: m.plot + "px", top: y + "px"});
    if (loud) $("[role=status]", this.figure).textContent = name + ": " + lines.filter(Boolean).join("; ");
  }
  leave() {
    this.cursor = null; this.tip.hidden = true;
    $$(".cross", this.figure).forEach(c => c.style.display = "none");
  }
  // print draws the whole picture for paper, whatever the screen shows.
  print() {
    if (!this.cells) return;
    const mode = this.mode; this.mode = "all";
    const m = this.measure(860);
    if (!m.names) m.tall = m.row * this.rows;
    const c = this.size($(".paper", this.figure), m.width, m.head + m.tall + 2, 2.5);
    $(".paper", this.figure).style.cssText = "";
    this.paintHead(c, m, light);
    c.save(); c.translate(0, m.head); const kept = this.images; this.images = null; this.paintRows(c, m, light, 0, m.tall, 2.5); this.images = kept; c.restore();
    this.mode = mode;
  }
}

// People is the table of a campaign's accounts, a page at a time.
class People {
  constructor(box, picture) {
    this.box = box; this.p = picture; this.at = 0; this.by = null; this.down = false; this.size = 15;
    const d = picture.d;
    this.heir = new Map(d.heirs.map(h => [h[0], h[1]])); this.old = new Map(d.heirs.map(h => [h[1], h[0]])); this.alone = new Set(d.alone);
    this.columns = [["account", r => d.names[r]], ["first", r => d.first[r]], ["last", r => d.last[r]], ["exchanges", r => d.taken[r]], ["sufficed", r => d.added[r]], ["banned", r => d.ban[r]], ...families.map((f, i) => [f, r => d.links[r][i]])];
    $("input", box).oninput = () => { this.at = 0; this.fill(); };
    $$("[data-go]", box).forEach(b => b.onclick = () => { this.at += b.dataset.go * this.size; this.fill(); });
    box.hidden = false;
    this.fill();
  }
  found() {
    const q = $("input", this.box).value.trim().toLowerCase(), d = this.p.d;
    const rows = d.names.map((_, i) => i).filter(i => !q || d.names[i].toLowerCase().includes(q) || q === "heir" && this.alone.has(i));
    if (this.by !== null) { const v = this.columns[this.by][1], s = this.down ? -1 : 1; rows.sort((a, b) => s * (v(a) < v(b) ? -1 : v(a) > v(b) ? 1 : a - b)); }
    return rows;
  }
  fill(size = this.size) {
    const rows = this.found(), d = this.p.d, make = (tag, text, cls) => Object.assign(document.createElement(tag), {textContent: text ?? "", className: cls ?? ""});
    this.at = Math.max(0, Math.min(this.at, Math.max(0, rows.length - 1)));
    this.at -= this.at % this.size;
    const thead = document.createElement("thead"), tr = document.createElement("tr"), tbody = document.createElement("tbody");
    this.columns.forEach(([name], i) => {
      const th = make("th"), b = make("button", name + (this.by === i ? this.down ? " ↓" : " ↑" : ""));
      b.type = "button"; b.onclick = () => { this.down = this.by === i ? !this.down : i > 2; this.by = i; this.at = 0; this.fill(); $$("thead button", this.box)[i].focus(); };
      th.scope = "col";
      if (i === 3) th.className = "n";
      if (this.by === i) th.setAttribute("aria-sort", this.down ? "descending" : "ascending");
      th.append(b); tr.append(th);
    });
    thead.append(tr);
    for (const r of rows.slice(this.at, this.at + size)) {
      const line = document.createElement("tr"), name = make("th", d.names[r]); name.scope = "row";
      const next = this.heir.get(r), before = this.old.get(r);
      if (this.alone.has(r)) name.append(Object.assign(make("small", "heir", "alone"), {title: "a member by the campaign's program alone; nothing else links it yet, and no stated error rate covers it"}));
      if (before !== undefined) name.append(make("small", "after " + d.names[before]));
      line.append(name, make("td", d.first[r] < 0 ? "" : this.p.say(d.first[r]), "nw"), make("td", d.last[r] < 0 ? "" : this.p.say(d.last[r]), "nw"), make("td", number(d.taken[r]), "n"), make("td", this.p.say(d.added[r]), "nw"), make("td", d.ban[r] < 0 ? "" : this.p.say(d.ban[r]), "nw bn"));
      for (const n of d.links[r]) {
        const td = make("td", n ? (n < 0 ? "−" : "") + Math.abs(n).toFixed(1) : "·", "heat");
        if (n > 0) td.style.background = `color-mix(in srgb, var(--bar) ${Math.min(45, 4.5 * n)}%, transparent)`;
        if (n < 0) td.style.color = "var(--against)";
        line.append(td);
      }
      tbody.append(line);
    }
    $("table", this.box).replaceChildren(thead, tbody);
    $(".count", this.box).textContent = rows.length ? `${number(this.at + 1)}–${number(Math.min(rows.length, this.at + size))} of ${number(rows.length)}; evidence by family in nats` : "no such account";
    const [back, on] = $$("[data-go]", this.box);
    back.disabled = this.at === 0; on.disabled = this.at + size >= rows.length;
  }
}

const pictures = [], tables = [];
const redraw = () => pictures.forEach(p => { p.images = null; if (p.cells) p.draw(); });
$("#theme").onclick = () => { root.dataset.theme = dark() ? "light" : "dark"; redraw(); };
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
addEventListener("beforeprint", () => { pictures.forEach(p => p.print()); tables.forEach(t => t.fill(30)); });
addEventListener("afterprint", () => tables.forEach(t => t.fill()));

// The first picture is drawn at once, the others one after another while the page can be read.
(async () => {
  const jobs = $$("figure.picture").map(f => [f, new Picture(f)]);
  const open = async ([f, p]) => {
    pictures.push(p);
    try { await p.open(); tables.push(new People($(".people", f.closest("section")), p)); }
    catch (e) { f.append(Object.assign(document.createElement("p"), {className: "fine", textContent: "This browser cannot draw the picture: " + e.message})); }
  };
  if (jobs.length) await open(jobs[0]);
  root.dataset.drawn = performance.now().toFixed(1);
  for (const job of jobs.slice(1)) { await new Promise(done => setTimeout(done)); await open(job); }
  root.dataset.whole = performance.now().toFixed(1);
})();
})();
