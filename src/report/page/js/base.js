// What everything on the page stands on: the data, elements, words for numbers and moments, colours, the shared view.
const DATA = JSON.parse(document.getElementById('data').textContent);

/** An element with attributes and children. Texts become text nodes: no name of a scenario is ever markup. */
function el(tag, attributes, ...children) {
  const [name, space] = tag.startsWith('svg:') ? [tag.slice(4), 'http://www.w3.org/2000/svg'] : [tag, 'http://www.w3.org/1999/xhtml'];
  const element = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(9).filter((it) => it !== undefined && it !== null && it !== false));
  return element;
}

// Rows of numbers come as two letters each: see packed.rs.
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUE = Object.fromEntries([...LETTERS].map((letter, value) => [letter, value]));

function unpack(packed) {
  const numbers = new Float64Array(packed.codes.length / 2);
  for (let at = 0; at < numbers.length; at++) {
    const code = VALUE[packed.codes[2 * at]] * 64 + VALUE[packed.codes[2 * at + 1]];
    numbers[at] = code === 4095 ? NaN : (code / 4094) * packed.scale;
  }
  return numbers;
}

// Moments. Hours count from the start of the run; shown is the scenario's own clock, with its changes.
const FLEET = DATA.fleet || DATA.plans[0].fleet;
const HOURS = FLEET.hours;
const END = HOURS[HOURS.length - 1];
const utc = (local) => Date.parse(local.replace(' ', 'T') + 'Z');
const SHIFTS = [];
HOURS.forEach((hour, at) => {
  const shift = utc(FLEET.local[at]) - hour * 3.6e6;
  if (!SHIFTS.length || SHIFTS[SHIFTS.length - 1].shift !== shift) SHIFTS.push({ hour, shift });
});

/** The scenario's clock at an hour, as a date to be read in UTC. */
function wall(hour) {
  let { shift } = SHIFTS[0];
  for (const change of SHIFTS) if (change.hour <= hour) shift = change.shift;
  return new Date(hour * 3.6e6 + shift);
}
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number) => String(number).padStart(2, '0');
const clock = (date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
const dayMonth = (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
const shortDay = (date) => `${DAYS[date.getUTCDay()]} ${dayMonth(date)}`;
const moment = (hour) => momentOf(wall(hour));
const momentOf = (date) => `${shortDay(date)} ${clock(date)}`;
/** A local time as the tables print it, in the page's words. */
const localTime = (text) => (text ? momentOf(new Date(utc(text))) : '');

/** Where an axis has its marks between two hours: on whole hours or days of the scenario's clock. */
function splits(from, to, most) {
  const steps = [1, 3, 6, 12, 24, 48, 72, 96, 168, 336, 672];
  const step = steps.find((it) => (to - from) / it <= most) || 1344;
  const found = [];
  const first = Math.ceil(from);
  for (let hour = first; hour <= to; hour++) {
    const local = wall(hour);
    // Weeks begin on Monday; day 4 after 1 January 1970 was one.
    const count = Math.floor(local.getTime() / 3.6e6) - 96;
    if (local.getUTCMinutes() === 0 && count % step === 0) found.push(hour);
  }
  return { step, at: found };
}
const axisLabel = (hour, step) => (step >= 24 || wall(hour).getUTCHours() === 0 ? shortDay(wall(hour)) : clock(wall(hour)));

// Numbers in words.
const plain = (number, digits = 0) => number.toLocaleString('en-US', { maximumFractionDigits: digits });
/** A mean of counts: whole if large, to a tenth if small. */
const mean = (number) => plain(number, number < 100 ? 1 : 0);
const count = (number, noun) => `${mean(number)} ${noun}${number === 1 ? '' : 's'}`;
function percent(share) {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  if (value < 100 && value > 99.9) return '> 99.9 %';
  return `${plain(value, value < 10 || value > 90 ? 1 : 0)} %`;
}
function scaled(number, units) {
  let at = 0;
  while (number >= 999.5 && at < units.length - 1) {
    number /= 1000;
    at++;
  }
  return `${plain(number, number < 10 && at > 0 ? 1 : 0)} ${units[at]}`;
}
const bytes = (number) => scaled(number, ['B', 'kB', 'MB', 'GB', 'TB', 'PB']);
const rate = (number) => scaled(number, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s']);
const span = (hours) => (Math.abs(hours) < 48 ? `${plain(hours, 1)} h` : `${plain(hours / 24, 1)} days`);
/** A band in words; where it is too narrow to be told, that. */
const band = (low, high, say) => (high === null ? `${say(low)} to never` : say(low) === say(high) ? 'alike' : `${say(low)} to ${say(high)}`);
/** A value of a measure by its unit, as thresholds and comparisons have them. */
function quantity(value, unit) {
  if (value === null) return '';
  if (unit === 'h') return span(value);
  if (unit === '0 to 1') return percent(value);
  if (unit === 'bytes') return bytes(value);
  return `${mean(value)} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
}

// Colours are those of the style sheet; what is drawn on canvas asks for them anew whenever the theme changes.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const fade = (hex, alpha) => `rgba(${rgb(hex).join(', ')}, ${alpha})`;

/** Colours from 0 to 1 along four stops of the style sheet. */
function ramp(name) {
  const stops = [0, 1, 2, 3].map((at) => rgb(colour(`${name}-${at}`)));
  return (share) => {
    const place = Math.min(Math.max(share, 0), 1) * 3;
    const from = Math.min(Math.floor(place), 2);
    return stops[from].map((it, at) => Math.round(it + (stops[from + 1][at] - it) * (place - from)));
  };
}

// What all pictures share: the span of time in view, the moment the hierarchy shows, and the theme.
const VIEW = { from: 0, to: END, now: 0 };
const watchers = { view: [], now: [], theme: [] };
const watch = (what, then) => watchers[what].push(then);
const tell = (what) => watchers[what].forEach((then) => then());

function zoom(from, to) {
  const least = 2 * (HOURS[1] || 1);
  const width = Math.min(Math.max(to - from, least), END);
  VIEW.from = Math.min(Math.max(from, 0), END - width);
  VIEW.to = VIEW.from + width;
  tell('view');
}
function zoomBy(factor, middle = (VIEW.from + VIEW.to) / 2) {
  zoom(middle - (middle - VIEW.from) * factor, middle + (VIEW.to - middle) * factor);
}
function setNow(hour) {
  VIEW.now = Math.min(Math.max(hour, 0), END);
  tell('now');
}

/** Buttons that zoom, for those without a mouse. */
function zoomButtons() {
  const whole = el('button', { type: 'button', onclick: () => zoom(0, END), disabled: true }, 'Whole run');
  watch('view', () => { whole.disabled = VIEW.from === 0 && VIEW.to === END; });
  return [
    el('button', { type: 'button', 'aria-label': 'Zoom in', onclick: () => zoomBy(0.5) }, '+'),
    el('button', { type: 'button', 'aria-label': 'Zoom out', onclick: () => zoomBy(2) }, '\u2212'),
    whole,
  ];
}

/** Arrow keys, plus and minus on a picture: `move` goes to a neighbour, shifted ones pan. */
function keys(element, move) {
  element.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const pan = (VIEW.to - VIEW.from) / 8;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (step && event.shiftKey) zoom(VIEW.from + step * pan, VIEW.to + step * pan);
    else if (event.key === '+' || event.key === '=') zoomBy(0.5);
    else if (event.key === '-') zoomBy(2);
    else if (event.key === '0') zoom(0, END);
    else if (!move(event.key, step || 0)) return;
    event.preventDefault();
  });
}

/** Hands a file to the reader. */
function download(name, blob) {
  const link = el('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
const fileName = (what, kind) => `${(DATA.about ? DATA.about.name : 'comparison')} ${what}`.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-') + `.${kind}`;

/** A picture of a canvas with its title and legend above it. */
function savePicture(canvas, title, entries) {
  const ratio = canvas.width / canvas.getBoundingClientRect().width || 1;
  const head = (26 + (entries.length ? 22 : 0) + 10) * ratio;
  const sheet = el('canvas', { width: canvas.width + 32 * ratio, height: canvas.height + head + 24 * ratio });
  const pen = sheet.getContext('2d');
  pen.fillStyle = colour('card');
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.scale(ratio, ratio);
  pen.fillStyle = colour('ink');
  pen.font = '600 16px system-ui, sans-serif';
  pen.fillText(title, 16, 28);
  pen.font = '13px system-ui, sans-serif';
  let x = 16;
  for (const entry of entries) {
    pen.fillStyle = entry.colour;
    pen.fillRect(x, 40, 14, 8);
    pen.fillStyle = colour('ink');
    pen.fillText(entry.label, x + 20, 48);
    x += 40 + pen.measureText(entry.label).width;
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(canvas, 16 * ratio, head + 8 * ratio);
  sheet.toBlob((blob) => download(fileName(title, 'png'), blob));
}
