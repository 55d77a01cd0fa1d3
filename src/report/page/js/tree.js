// The hierarchy as a picture: a tile per site, boxes around children, a circle per logon point.

/** Sizes of a tile by how many there are: width, height, whether releases are spelt out. */
const TILES = [
  { most: 14, width: 148, height: 76, gap: 14, text: 14 },
  { most: 70, width: 88, height: 50, gap: 8, text: 12 },
  { most: Infinity, width: 52, height: 38, gap: 5, text: 10.5 },
];

/** What a server or site held at an hour: the last of its spans that has begun. */
function heldAt(spans, hour) {
  let held = spans[0];
  for (const it of spans) if (it[0] === null || it[0] <= hour) held = it;
  return held;
}

function hierarchy(sites, servers, releases, target, step) {
  const size = TILES.find((it) => sites.length <= it.most);
  const caps = sites.map((site) => servers.filter((it) => it.kind === 'client access point' && it.belongs_to === site.code));
  const points = servers.filter((it) => it.kind === 'logon point');
  const domains = [...new Set(points.map((it) => it.belongs_to))];
  const children = sites.map((it, at) => sites.flatMap((child, place) => (child.parent === at ? [place] : [])));
  const shares = sites.map((it) => ({ converged: unpack(it.converged), trouble: it.trouble && unpack(it.trouble) }));
  const svg = el('svg:svg', { role: 'group', 'aria-label': 'Hierarchy of sites', 'font-family': 'system-ui, sans-serif' });
  let moving = [];
  let order = [];

  /** Blocks side by side in rows no wider than `room`: where each goes, and how much room all take. */
  function flow(blocks, room, gap, left) {
    const lines = [[]];
    let used = 0;
    for (const block of blocks) {
      if (used && used + gap + block.width > room) {
        lines.push([]);
        used = 0;
      }
      used += (used ? gap : 0) + block.width;
      lines[lines.length - 1].push(block);
    }
    const widths = lines.map((line) => line.reduce((sum, it) => sum + it.width, gap * (line.length - 1)));
    const width = Math.max(...widths);
    const placed = [];
    let y = 0;
    lines.forEach((line, at) => {
      let x = left ? 0 : (width - widths[at]) / 2;
      for (const block of line) {
        placed.push({ block, x, y });
        x += block.width + gap;
      }
      y += Math.max(...line.map((it) => it.height)) + gap;
    });
    return { placed, width, height: y - gap };
  }

  /** A site with all below it. */
  function block(site, room) {
    const { width, height, gap } = size;
    if (!children[site].length) return { site, width, height };
    const inner = Math.max(room - 2 * gap, width);
    const trees = children[site].filter((it) => children[it].length);
    const least = width + 2 * gap;
    const fits = trees.length * (least + gap) <= inner;
    const each = trees.length && fits ? (inner - gap * (trees.length - 1)) / trees.length : inner;
    const leaves = children[site].filter((it) => !children[it].length).map((it) => block(it, width));
    const parts = [];
    if (leaves.length) {
      const balanced = Math.ceil(Math.sqrt(leaves.length * 2.2)) * (width + gap);
      const wide = trees.length ? inner : Math.min(inner, Math.max(balanced, leaves.length > 60 ? inner : 0));
      parts.push(flow(leaves, wide, gap, true));
    }
    if (trees.length) parts.push(flow(trees.map((it) => block(it, each)), inner, gap));
    const below = flow(parts, inner, gap);
    return { site, below, width: Math.max(width, below.width + 2 * gap), height: height + 12 + below.height + 2 * gap };
  }

  function put(part, x, y) {
    if (part.placed) {
      part.placed.forEach((it) => put(it.block, x + it.x, y + it.y));
      return;
    }
    const { width, height, gap } = size;
    const left = x + (part.width - width) / 2;
    if (part.below) {
      const top = y + height + 12;
      svg.append(
        el('svg:line', { x1: x + part.width / 2, x2: x + part.width / 2, y1: y + height, y2: top, stroke: colour('soft'), 'stroke-width': 1.5 }),
        el('svg:rect', { x: x + 0.5, y: top, width: part.width - 1, height: part.below.height + 2 * gap, rx: 8, fill: 'none', stroke: colour('line') }),
      );
      put(part.below, x + (part.width - part.below.width) / 2, top + gap);
    }
    tile(part.site, left, y);
  }

  function tile(at, x, y) {
    const site = sites[at];
    const { width, height, text } = size;
    const big = width > 100;
    const small = width < 60;
    const pad = small ? 5 : 8;
    const bar = { x: x + pad, y: y + height - (small ? 13 : 16), width: width - 2 * pad, height: small ? 9 : 10 };
    const filled = el('svg:rect', { ...bar, width: 0, rx: 1, fill: colour('accent') });
    const bad = el('svg:rect', { ...bar, width: 0, fill: colour('bad') });
    const server = el('svg:rect', { x: x + width - pad - 10, y: y + pad, width: 10, height: 10, rx: 2, 'stroke-width': 1.5 });
    const release = !small && el('svg:text', { x: x + width - pad - 15, y: y + pad + 9.5, 'font-size': 11, 'text-anchor': 'end', fill: colour('soft') });
    const share = big && el('svg:text', { x: x + width - pad, y: y + height - 22, 'font-size': 12, 'text-anchor': 'end', fill: colour('ink') });
    const room = (width - 2 * pad - (big ? 48 : small ? 14 : 0)) / Math.max(caps[at].length, 1);
    const edge = Math.min(small ? 5 : 8, room - 2);
    const boxes = caps[at].map((cap, number) => ({
      cap,
      box: el('svg:rect', { x: x + pad + number * (edge + 3), y: y + (small ? 16 : height - (big ? 34 : 28)), width: edge, height: edge, 'stroke-width': 1.2 }),
    }));
    const title = el('svg:title', {});
    // The button lies over the tile, so that it has one name: what is written below it is for the eye.
    const button = el('svg:rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: small ? 4 : 6, fill: 'transparent', tabindex: -1, role: 'button', 'data-site': at }, title);
    const group = el('svg:g', {},
      el('svg:rect', { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: small ? 4 : 6, fill: colour('card'), stroke: colour('soft') }),
      el('svg:text', { x: x + pad, y: y + pad + (small ? 8 : 10), 'font-size': text, 'font-weight': 650, fill: colour('ink') }, site.code),
      release, server, share,
      boxes.map((it) => it.box),
      el('svg:rect', { ...bar, rx: 1, fill: colour('faint'), stroke: colour('line'), 'stroke-width': 0.5 }),
      filled, bad, button);
    button.addEventListener('click', () => choose(at));
    order.push(button);
    moving.push((hour, place) => {
      const held = heldAt(site.held, hour)[1];
      light(server, held === target, true);
      if (release) release.textContent = releases[held];
      boxes.forEach(({ cap, box }) => {
        const [, now, note] = heldAt(cap.held, hour);
        light(box, now === target, note === '');
      });
      const done = shares[at].converged[place] || 0;
      const broken = shares[at].trouble ? shares[at].trouble[place] : 0;
      filled.setAttribute('width', done * bar.width);
      bad.setAttribute('width', broken * bar.width);
      bad.setAttribute('x', bar.x + (1 - broken) * bar.width);
      if (share) share.textContent = site.clients ? percent(done) : 'no clients';
      const ready = caps[at].filter((it) => heldAt(it.held, hour)[1] === target).length;
      const words = `${site.code}: ${releases[held]}; ${ready} of ${count(caps[at].length, 'CAP')} at ${releases[target]}; ${percent(done)} of ${count(site.clients, 'client')} converged${broken ? `, ${percent(broken)} mixed or broken` : ''}`;
      title.textContent = words;
      button.setAttribute('aria-label', words);
    });
    svg.append(group);
  }

  /** Filled at the target, hollow before; dashed while something is the matter. */
  function light(shape, there, well) {
    shape.setAttribute('fill', there ? colour('accent') : colour('card'));
    shape.setAttribute('stroke', there ? colour('accent') : colour('soft'));
    shape.setAttribute('stroke-dasharray', well ? 'none' : '2 1.5');
  }

  function domain(name, x, y) {
    const own = points.filter((it) => it.belongs_to === name);
    svg.append(el('svg:text', { x, y: y + 11, 'font-size': 12, 'font-weight': 600, fill: colour('soft') }, name));
    own.forEach((point, at) => {
      const title = el('svg:title', {});
      const circle = el('svg:circle', { cx: x + 7 + (at % 10) * 16, cy: y + 26 + Math.floor(at / 10) * 16, r: 5.5, 'stroke-width': 1.5 }, title);
      svg.append(circle);
      moving.push((hour) => {
        const [, held, note] = heldAt(point.held, hour);
        light(circle, held === target, true);
        title.textContent = `${point.name}: ${releases[held]}${note ? `, ${note}` : ''}`;
      });
    });
  }

  let chosen = () => {};
  function choose(at) {
    order.forEach((it) => it.setAttribute('tabindex', Number(it.dataset.site) === at ? 0 : -1));
    chosen(at);
  }
  svg.addEventListener('keydown', (event) => {
    const at = order.indexOf(document.activeElement);
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (at < 0 || (!step && event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    if (!step) {
      choose(Number(order[at].dataset.site));
      return;
    }
    const next = order[(at + step + order.length) % order.length];
    order.forEach((it) => it.setAttribute('tabindex', it === next ? 0 : -1));
    next.focus();
  });

  function draw(room) {
    svg.replaceChildren();
    moving = [];
    order = [];
    const heads = domains.map((name) => {
      const many = points.filter((it) => it.belongs_to === name).length;
      return { width: Math.max(Math.min(many, 10) * 16, name.length * 8, 60) + 12, height: 36 + Math.floor((many - 1) / 10) * 16, name };
    });
    const tops = heads.length ? flow(heads, room, 12) : { placed: [], width: 0, height: 0 };
    const roots = sites.flatMap((it, at) => (it.parent === null ? [at] : []));
    const trees = flow(roots.map((it) => block(it, room)), room, 20);
    const width = Math.max(tops.width, trees.width, 200);
    const height = tops.height + 18 + trees.height + 2;
    tops.placed.forEach((it) => domain(it.block.name, it.x + (width - tops.width) / 2, it.y));
    put(trees, (width - trees.width) / 2, tops.height + 18);
    if (order.length) order[order.length - 1].setAttribute('tabindex', 0);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.setAttribute('width', width);
    svg.setAttribute('height', height);
  }

  return {
    svg,
    draw,
    /** Shows an hour, and says how far everything is. */
    at(hour) {
      const place = Math.min(Math.floor(hour / HOURS[1] / step), shares[0].converged.length - 1);
      moving.forEach((move) => move(hour, place));
      const there = (list) => list.filter((it) => it.held.length && heldAt(it.held, hour)[1] === target).length;
      const all = caps.flat();
      return { sites: [there(sites), sites.length], caps: [there(all), all.length], points: [there(points), points.length] };
    },
    onChoose(then) { chosen = then; },
  };
}
