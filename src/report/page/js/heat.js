// Heat strips: a row per site or server, a column per interval, a colour per value.

/**
 * A heat strip. Rows have a label, values by column, and perhaps the hour of a mark. Column `at` begins at hour
 * `at * width`. `hue` names a ramp of the style sheet; `read` says what a value means.
 */
function heat({ title, hue, read, pick }) {
  const canvas = el('canvas', { tabindex: 0, role: 'img' });
  const when = el('div', { class: 'when' });
  const holder = el('div', { class: 'heat' }, canvas);
  let rows = [];
  let width = 1;
  let image = null;
  let point = null;
  let wide = 0;
  const LEFT = 92;
  const TOP = 6;
  const BOTTOM = 24;
  const rowHeight = () => Math.min(Math.max(Math.floor(600 / rows.length), 3), 22);

  /** One pixel per value, to be stretched. */
  function paint() {
    const columns = Math.max(...rows.map((it) => it.values.length), 1);
    image = el('canvas', { width: columns, height: rows.length });
    const pen = image.getContext('2d');
    const pixels = pen.createImageData(columns, rows.length);
    const of = ramp(hue);
    const steps = Array.from({ length: 256 }, (it, at) => of(at / 255));
    rows.forEach((row, y) => row.values.forEach((value, x) => {
      if (Number.isNaN(value)) return;
      const [red, green, blue] = steps[Math.round(Math.min(Math.max(value, 0), 1) * 255)];
      pixels.data.set([red, green, blue, 255], 4 * (y * columns + x));
    }));
    pen.putImageData(pixels, 0, 0);
  }

  function draw(wanted = holder.clientWidth) {
    if (!wanted || !rows.length) return;
    wide = wanted;
    const high = rowHeight();
    const ratio = sharpness();
    canvas.width = wide * ratio;
    canvas.height = (TOP + rows.length * high + BOTTOM) * ratio;
    canvas.style.height = `${TOP + rows.length * high + BOTTOM}px`;
    canvas.style.width = `${wide}px`;
    const pen = canvas.getContext('2d');
    pen.scale(ratio, ratio);
    pen.translate(0, TOP);
    const area = wide - LEFT;
    const place = (hour) => LEFT + ((hour - VIEW.from) / (VIEW.to - VIEW.from)) * area;
    pen.imageSmoothingEnabled = false;
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, area, rows.length * high);
    pen.clip();
    pen.drawImage(image, place(0), 0, place(image.width * width) - place(0), rows.length * high);
    pen.restore();
    labels(pen, high);
    rows.forEach((row, y) => {
      if (row.mark === undefined || row.mark < VIEW.from || row.mark > VIEW.to) return;
      pen.fillStyle = colour('ink');
      pen.fillRect(place(row.mark) - 1, y * high, 2, high - (high > 6 ? 1 : 0));
    });
    pen.fillStyle = colour('soft');
    pen.textBaseline = 'alphabetic';
    const { step, at } = splits(VIEW.from, VIEW.to, area / 90);
    for (const hour of at) {
      pen.fillRect(place(hour), rows.length * high, 1, 4);
      const label = axisLabel(hour, step);
      const half = pen.measureText(label).width / 2;
      pen.fillText(label, Math.min(Math.max(place(hour) - half, LEFT - 20), wide - 2 * half), rows.length * high + 17);
    }
    pen.strokeStyle = colour('accent');
    if (VIEW.now > VIEW.from && VIEW.now < VIEW.to) pen.strokeRect(place(VIEW.now), 0, 0, rows.length * high);
    if (point) {
      pen.lineWidth = 2;
      pen.strokeRect(Math.max(place(point.x * width), LEFT), point.y * high, Math.max(place(width) - place(0), 3), high);
    }
  }

  function labels(pen, high) {
    const every = Math.ceil(13 / high);
    pen.font = `${Math.min(12, Math.max(high - 2, 10))}px system-ui, sans-serif`;
    pen.fillStyle = colour('soft');
    pen.textBaseline = 'middle';
    rows.forEach((row, y) => {
      if (y % every) return;
      let label = row.label;
      while (label.length > 2 && pen.measureText(label).width > LEFT - 8) label = `${label.slice(0, -2)}\u2026`;
      pen.fillText(label, 0, y * high + high / 2 + 0.5);
    });
  }

  function look(next) {
    point = next;
    when.textContent = next ? `${rows[next.y].label}: ${moment(next.x * width)}, ${read(rows[next.y], next.x)}` : '';
    draw(wide);
  }

  function under(event) {
    const area = wide - LEFT;
    const hour = VIEW.from + ((event.offsetX - LEFT) / area) * (VIEW.to - VIEW.from);
    const y = Math.floor((event.offsetY - TOP) / rowHeight());
    const x = Math.floor(hour / width);
    const inside = event.offsetX >= LEFT && y >= 0 && y < rows.length && x >= 0 && x < image.width;
    return inside ? { x, y } : null;
  }

  canvas.addEventListener('mousemove', (event) => look(under(event)));
  canvas.addEventListener('mouseleave', () => look(null));
  canvas.addEventListener('click', (event) => {
    const found = under(event);
    if (!found) return;
    setNow(found.x * width);
    if (pick) pick(rows[found.y]);
  });
  canvas.addEventListener('dblclick', () => zoom(0, END));
  keys(canvas, (key, step) => {
    const now = point || { x: Math.floor(VIEW.from / width), y: 0 };
    const down = { ArrowUp: -1, ArrowDown: 1 }[key] || 0;
    if (key === 'Enter' && point) {
      setNow(point.x * width);
      if (pick) pick(rows[point.y]);
      return true;
    }
    if (!step && !down) return false;
    const next = point ? { x: now.x + step, y: now.y + down } : now;
    look({ x: Math.min(Math.max(next.x, 0), image.width - 1), y: Math.min(Math.max(next.y, 0), rows.length - 1) });
    return true;
  });
  canvas.addEventListener('focus', () => when.setAttribute('aria-live', 'polite'));
  canvas.addEventListener('blur', () => when.removeAttribute('aria-live'));
  watch('view', () => draw(wide));
  watch('now', () => draw(wide));
  watch('theme', () => { if (rows.length) paint(); draw(wide); });
  new ResizeObserver(() => holder.clientWidth !== wide && draw()).observe(holder);
  onPaper(holder, (paper) => draw(paper));

  return {
    parts: [when, holder],
    show(next, columnHours, words) {
      rows = next;
      width = columnHours;
      point = null;
      canvas.setAttribute('aria-label', words);
      paint();
      draw();
    },
    save: () => savePicture(canvas, title, []),
  };
}

/** The colours of a heat strip, from one end to the other. */
function rampKey(hue, low, high) {
  const stops = [0, 1, 2, 3].map((at) => el('svg:stop', { offset: `${at / 3 * 100}%`, 'stop-color': `var(--${hue}-${at})` }));
  const id = `ramp-${hue}-${rampKey.number = (rampKey.number || 0) + 1}`;
  return el('span', { class: 'ramp' }, low,
    el('svg:svg', { width: 120, height: 12, 'aria-hidden': 'true' },
      el('svg:defs', {}, el('svg:linearGradient', { id }, stops)),
      el('svg:rect', { width: 120, height: 12, fill: `url(#${id})` })),
    high);
}
