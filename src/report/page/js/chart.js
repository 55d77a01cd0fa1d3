// Charts over time, drawn by uPlot. Here: legends that are buttons, stacks, bands, marks, keys, pictures, print.

const swatch = (hue, dash) => el('svg:svg', { width: 22, height: 12, 'aria-hidden': 'true' },
  el('svg:line', { x1: 1, x2: 21, y1: 6, y2: 6, stroke: `var(--${hue})`, 'stroke-width': 3, 'stroke-dasharray': dash ? dash.join(' ') : null }));
const block = (hue) => el('svg:svg', { width: 14, height: 12, 'aria-hidden': 'true' },
  el('svg:rect', { x: 1, y: 1, width: 12, height: 10, rx: 2, fill: `var(--${hue})` }));

/** Sharpness of pictures: that of the screen, and more on paper. */
let sharpness = () => window.devicePixelRatio || 1;

/**
 * A chart. `series` have a label, a hue of the style sheet, values by place on the time axis `x`, perhaps a dash and a band
 * `low` to `high`. Stacked ones are summed up from the last to the first. `share` fixes the axis from 0 to 1.
 */
function chart({ title, height = 300, stacked, stepped, share, axis, read, marks }) {
  const hidden = new Set();
  const holder = el('div', { class: 'chart', tabindex: 0, role: 'img' });
  const legend = el('div', { class: 'legend', role: 'group', 'aria-label': `Curves of ${title}` });
  const when = el('div', { class: 'when' });
  let x = HOURS;
  let series = [];
  let limit = null;
  let plot = null;
  let outputs = [];
  let at = null;

  const shown = () => series.filter((it) => !hidden.has(it.label));

  function rows() {
    if (!stacked) return shown().map((it) => it.values);
    const sums = [];
    let below = new Float64Array(x.length);
    for (const it of [...shown()].reverse()) {
      below = below.map((sum, place) => sum + (it.values[place] || 0));
      sums.unshift(below);
    }
    return sums;
  }

  function options(width) {
    const ink = colour('soft');
    const grid = { stroke: colour('faint'), width: 1 };
    const list = [{}];
    const bands = [];
    for (const it of shown()) {
      const stroke = colour(it.hue);
      const paths = stepped ? uPlot.paths.stepped({ align: 1 }) : undefined;
      list.push({ label: it.label, stroke: stacked && !stepped ? colour('card') : stroke, width: stepped ? 0 : stacked ? 0.5 : 2, dash: it.dash, fill: stacked ? stroke : undefined, paths, points: { show: false } });
    }
    for (const it of shown().filter((one) => one.high && !stacked)) {
      list.push({ points: { show: false }, stroke: 'transparent' }, { points: { show: false }, stroke: 'transparent' });
      bands.push({ series: [list.length - 2, list.length - 1], fill: fade(colour(it.hue), 0.2) });
    }
    return {
      width, height, pxAlign: 0, pxRatio: sharpness(),
      legend: { show: false },
      padding: [marks ? 20 : 8, 30, 0, 0],
      scales: { x: { time: false, range: () => [VIEW.from, VIEW.to] }, y: { range: (u, low, high) => [0, share ? 1 : Math.max(high, limit || 0) * 1.05 || 1] } },
      axes: [
        { stroke: ink, grid, ticks: grid, font: '12px system-ui, sans-serif', size: 34, splits: (u) => splits(VIEW.from, VIEW.to, u.width / 90).at, values: (u, hours) => { const { step } = splits(VIEW.from, VIEW.to, u.width / 90); return hours.map((it) => axisLabel(it, step)); } },
        { stroke: ink, grid, ticks: { show: false }, font: '12px system-ui, sans-serif', size: (u, values) => Math.max(44, 20 + 7 * Math.max(0, ...(values || []).map((it) => it.length))), values: (u, values) => values.map((it) => axis(it)) },
      ],
      series: list,
      bands,
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { show: !stacked }, bind: { dblclick: () => null } },
      hooks: {
        setSelect: [(u) => {
          if (u.select.width < 5) return;
          zoom(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x'));
        }],
        setCursor: [(u) => tellValues(u.cursor.left < 0 ? null : u.cursor.idx)],
        draw: [drawMarks],
      },
    };
  }

  function drawMarks(u) {
    const pen = u.ctx;
    const ratio = u.bbox.width / u.over.clientWidth || 1;
    const { left, top, width, height: high } = u.bbox;
    pen.save();
    pen.lineWidth = ratio;
    const line = (value, dash, hue) => {
      const place = u.valToPos(value, 'x', true);
      if (place < left || place > left + width) return null;
      pen.strokeStyle = colour(hue);
      pen.setLineDash(dash.map((it) => it * ratio));
      pen.beginPath();
      pen.moveTo(place, top - 4 * ratio);
      pen.lineTo(place, top + high);
      pen.stroke();
      return place;
    };
    if (limit) {
      const place = u.valToPos(limit, 'y', true);
      pen.strokeStyle = colour('bad');
      pen.lineWidth = 1.5 * ratio;
      pen.setLineDash([6 * ratio, 4 * ratio]);
      pen.beginPath();
      pen.moveTo(left, place);
      pen.lineTo(left + width, place);
      pen.stroke();
      pen.lineWidth = ratio;
    }
    if (marks) {
      pen.font = `${11 * ratio}px system-ui, sans-serif`;
      pen.textAlign = 'left';
      pen.textBaseline = 'alphabetic';
      let free = 0;
      for (const mark of marks()) {
        const place = line(mark.from, [4, 3], 'soft');
        if (place === null || place < free) continue;
        pen.fillStyle = colour('soft');
        const wide = pen.measureText(mark.label).width;
        const from = Math.min(place, left + width - wide);
        pen.fillText(mark.label, from, top - 8 * ratio);
        free = from + wide + 10 * ratio;
      }
    }
    if (VIEW.now > 0) line(VIEW.now, [], 'accent');
    pen.restore();
  }

  function tellValues(place) {
    at = place;
    when.textContent = place === null ? '' : moment(x[place]);
    outputs.forEach(({ it, output }) => {
      const value = place === null ? null : it.values[place];
      const band = place !== null && it.high ? ` (${read(it.low[place])} to ${read(it.high[place])})` : '';
      output.textContent = value === null || Number.isNaN(value) ? '' : read(value) + (it.high && it.low[place] !== it.high[place] ? band : '');
    });
  }

  function fillLegend() {
    outputs = series.map((it) => ({ it, output: el('span', { class: 'value' }) }));
    legend.replaceChildren(...outputs.map(({ it, output }) => {
      const button = el('button', { type: 'button', 'aria-pressed': 'true', title: it.note }, stacked ? block(it.hue) : swatch(it.hue, it.dash), el('span', {}, it.label), output);
      button.setAttribute('aria-pressed', String(!hidden.has(it.label)));
      button.addEventListener('click', () => {
        if (!hidden.delete(it.label)) hidden.add(it.label);
        button.setAttribute('aria-pressed', String(!hidden.has(it.label)));
        draw();
      });
      return button;
    }));
  }

  function draw(width = holder.clientWidth) {
    if (!width || !series.length) return;
    if (plot) plot.destroy();
    const bands = stacked ? [] : shown().filter((it) => it.high).flatMap((it) => [it.high, it.low]);
    plot = new uPlot(options(width), [x, ...rows(), ...bands], holder);
    plot.over.addEventListener('dblclick', () => zoom(0, END));
    let pressed = 0;
    plot.over.addEventListener('mousedown', (event) => { pressed = event.clientX; });
    plot.over.addEventListener('click', (event) => {
      if (Math.abs(event.clientX - pressed) < 4) setNow(plot.posToVal(event.offsetX, 'x'));
    });
  }

  keys(holder, (key, step) => {
    if (!plot || !step) return false;
    const first = x.findIndex((it) => it >= VIEW.from);
    const place = at === null ? first : Math.min(Math.max(at + step, 0), x.length - 1);
    if (x[place] < VIEW.from || x[place] > VIEW.to) zoom(VIEW.from + step * (x[1] - x[0]), VIEW.to + step * (x[1] - x[0]));
    plot.setCursor({ left: plot.valToPos(x[place], 'x'), top: 10 });
    return true;
  });
  holder.addEventListener('focus', () => when.setAttribute('aria-live', 'polite'));
  holder.addEventListener('blur', () => when.removeAttribute('aria-live'));
  watch('view', () => plot && plot.setScale('x', { min: VIEW.from, max: VIEW.to }) + plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false));
  watch('now', () => plot && plot.redraw(false));
  watch('theme', () => draw());
  let wide = 0;
  new ResizeObserver(() => {
    if (Math.abs(holder.clientWidth - wide) < 2) return;
    wide = holder.clientWidth;
    draw();
  }).observe(holder);
  onPaper(holder, draw);

  return {
    parts: [legend, when, holder],
    /** Shows other series; `words` say in a sentence what there is to see. */
    show(next, words, more = {}) {
      series = next;
      x = more.x || HOURS;
      limit = more.limit || null;
      holder.setAttribute('aria-label', words);
      at = null;
      fillLegend();
      draw();
    },
    save: () => plot && savePicture(plot.ctx.canvas, title, shown().map((it) => ({ label: it.label, colour: colour(it.hue) }))),
  };
}

/** Width of a page on paper [px]. */
const PAPER = 690;

/** Draws for paper before printing, and for the screen again afterwards. */
function onPaper(holder, draw) {
  const paper = matchMedia('print');
  const change = () => draw(paper.matches ? Math.min(holder.clientWidth || PAPER, PAPER) : undefined);
  window.addEventListener('beforeprint', () => draw(PAPER));
  window.addEventListener('afterprint', () => draw());
  paper.addEventListener('change', change);
}

/** A button that saves a picture. */
const saveButton = (what, save) => el('button', { type: 'button', class: 'noprint', 'aria-label': `Save picture of ${what}`, onclick: save }, 'Save picture');
