// The sections of a run's page, problems first.

const section = (id, title, lead, ...rest) => el('section', { id, 'aria-labelledby': `${id}-title` }, el('h2', { id: `${id}-title` }, title), lead && el('p', { class: 'soft small' }, lead), ...rest);
const options = (list) => list.map(([value, label]) => el('option', { value }, label));
const choice = (label, list, change) => {
  const select = el('select', { onchange: () => change(select.value) }, options(list));
  return { label: el('label', {}, label, select), select };
};

/** A table of ready cells: a text, an element, or `{ n: text }` for a number. Columns that are empty all the way go. */
function table(caption, allHead, allRows) {
  const empty = (it) => it === undefined || it === null || it === '' || it.n === '';
  const kept = allHead.map((it, at) => at === 0 || allRows.some((row) => !empty(row[at])));
  const head = allHead.filter((it, at) => kept[at]);
  const rows = allRows.map((row) => row.filter((it, at) => kept[at]));
  const cell = (tag, it, scope) => {
    const number = it && it.n !== undefined;
    return el(tag, { class: number ? 'number' : null, scope }, number ? it.n : it);
  };
  return el('table', {}, caption && el('caption', {}, caption),
    el('thead', {}, el('tr', {}, head.map((it) => cell('th', it, 'col')))),
    el('tbody', {}, rows.map((row) => el('tr', {}, row.map((it, at) => cell(at ? 'td' : 'th', it, at ? null : 'row'))))));
}
const scrolled = (label, inner) => el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, inner);
const wide = (inner) => el('div', { class: 'wide' }, inner);
const fold = (text, most = 60) => (text && text.length > most ? el('details', {}, el('summary', {}, `${text.slice(0, most)}\u2026`), text.split('; ').map((it) => el('div', { class: 'code' }, it))) : el('span', { class: 'code' }, text || ''));
const sumOf = (rows, kind) => rows.filter((it) => it[0] === kind).reduce((sum, it) => sum + it[2], 0);

/** Milestones of one place, by share. */
const reached = (place) => Object.fromEntries(DATA.milestones.filter((it) => it[0] === place).map((it) => [it[1], it]));
const runs = () => count(DATA.about.complete, 'replication');

function header() {
  const { about, sites } = DATA;
  const days = plain(END / 24, 1);
  const facts = [count(about.clients, 'client'), count(sites.length, 'site'), `${days} days from ${shortDay(wall(0))} ${wall(0).getUTCFullYear()}`,
    about.complete < about.replications ? `${about.complete} of ${about.replications} replications (interrupted)` : runs(), `seed ${about.seed}`];
  return [el('h1', {}, about.name), el('p', { class: 'soft' }, facts.join(' \u00b7 ')), tiles()];
}

function tiles() {
  const fleet = reached('*');
  const when = (share) => {
    const it = fleet[share];
    const some = DATA.about.complete > 1 && it && it[10] > 0 ? `in ${it[10]} of ${DATA.about.complete} replications only` : 'not within the run';
    if (!it || it[3] === null) return tile(`${percent(share)} converged`, 'not reached', some);
    const spread = DATA.about.complete > 1 ? `; 8 of 10 runs ${band(it[2], it[4], span)}` : '';
    return tile(`${percent(share)} converged`, localTime(it[6]), `after ${span(it[3])}${spread}`);
  };
  const stuck = sumOf(DATA.trouble, 'not converged');
  const missed = DATA.thresholds.filter((it) => it[3] !== 'yes').length;
  const worst = busiest()[0];
  return el('div', { class: 'tiles' },
    DATA.thresholds.length > 0 && tile('Thresholds', missed ? `${missed} of ${DATA.thresholds.length} missed` : `${DATA.thresholds.length} of ${DATA.thresholds.length} kept`, missed ? 'see below' : 'in enough replications', missed > 0),
    [0.5, 0.95, 1].map(when),
    tile('Stuck at the end', stuck ? mean(stuck) : 'nobody', stuck ? `${percent(stuck / DATA.about.clients)} of all clients` : '', stuck > 0),
    worst && tile('Busiest server', percent(worst.peak_shares[1]), `${worst.name}, ${localTime(worst.peak_local)}`, worst.peak_shares[1] > 0.95));
}
const tile = (what, value, more, bad) => el('div', { class: bad ? 'tile bad' : 'tile' }, el('div', { class: 'what' }, what), el('div', { class: 'value' }, value), el('div', { class: 'more' }, more));

/** Servers that serve clients, by the share of their limit that the busiest interval took. */
const busiest = () => DATA.servers.filter((it) => it.kind !== 'address' && it.peak_shares && it.peak_bytes[1] > 0).sort((a, b) => b.peak_shares[1] - a.peak_shares[1]);

function problems() {
  const parts = [thresholds(), trouble('Stuck and broken at the end', ['not converged'], 'Every client converged.'), trouble('On the way', ['mixed', 'broken', 'aborted', 'new client blocked', 'site removed', 'restart asked']), worst()];
  return section('problems', 'What went wrong', 'Missed limits, clients that did not arrive and why, and where it was tight. Counts are means over replications.', parts);
}

function thresholds() {
  if (!DATA.thresholds.length) return el('p', { class: 'small soft' }, 'The scenario sets no thresholds.');
  const rows = [...DATA.thresholds].sort((a, b) => (a[3] === 'yes') - (b[3] === 'yes')).map(([name, that, site, passed, actual, , limit, margin, unit, met, wanted]) => [
    el('span', { class: passed === 'yes' ? 'mark good' : 'mark bad' }, passed === 'yes' ? '\u2713 kept' : '\u2717 missed'),
    [name, name !== that && el('div', { class: 'soft small' }, that), site !== '*' && el('div', { class: 'soft small' }, `at ${site}`)],
    { n: actual === null ? 'not within the run' : quantity(actual, unit) },
    { n: quantity(limit, unit) },
    { n: margin === null ? '' : margin < 0 ? `${quantity(-margin, unit)} on the wrong side` : `${quantity(margin, unit)} to spare` },
    { n: `${percent(met)} (${percent(wanted)} wanted)` },
  ]);
  return [el('h3', {}, 'Thresholds'), wide(table(null, ['Kept?', 'Threshold', { n: 'Median' }, { n: 'Limit' }, { n: 'Margin' }, { n: 'Replications that kept it' }], rows))];
}

function trouble(title, kinds, nothing) {
  const found = DATA.trouble.filter((it) => kinds.includes(it[0])).sort((a, b) => kinds.indexOf(a[0]) - kinds.indexOf(b[0]) || b[2] - a[2]);
  if (!found.length) return nothing && [el('h3', {}, title), el('p', { class: 'good small' }, `\u2713 ${nothing}`)];
  const single = kinds.length === 1;
  const rows = found.map(([kind, reason, cases, cured, hours, cure, articles, text, examples]) => [
    ...(single ? [] : [kind]),
    [text, el('div', { class: 'soft code' }, reason)],
    { n: mean(cases) },
    ...(single ? [] : [{ n: cured === null ? '' : `${mean(cured)} cured` }, { n: hours === null ? '' : `${mean(hours)} h` }]),
    cure || '',
    articles,
    examples ? fold(examples, 34) : '',
  ]);
  const head = [...(single ? ['Why'] : ['Kind', 'Why']), { n: single ? 'Clients' : 'Cases' }, ...(single ? [] : [{ n: 'Over by the end' }, { n: 'Client-hours' }]), 'Cure', 'Articles', 'Such as'];
  return [el('h3', {}, title), wide(table(null, head, rows))];
}

function worst() {
  const rows = busiest().slice(0, 5).map((it) => [
    it.name,
    it.kind,
    [el('span', { class: 'meter', 'aria-hidden': 'true' }, meter(it.peak_shares[1])), ` ${percent(it.peak_shares[1])}`, it.peak_shares[0] !== it.peak_shares[2] && el('span', { class: 'spread' }, `8 of 10 runs ${percent(it.peak_shares[0])} to ${percent(it.peak_shares[2])}`)],
    { n: [bytes(it.peak_bytes[1]), ` of ${bytes(it.limit / 8 * 3600 * DATA.about.interval_hours)}`] },
    localTime(it.peak_local),
    { n: it.longest_queue === null ? '' : mean(it.longest_queue) },
    { n: it.turned_away ? mean(it.turned_away) : '0' },
  ]);
  if (!rows.length) return [el('h3', {}, 'Busiest servers'), el('p', { class: 'small soft' }, 'No server has a limit.')];
  return [el('h3', {}, 'Busiest servers'), wide(table(null, ['Server', 'Kind', `Share of its limit in the busiest ${span(DATA.about.interval_hours)}`, { n: 'Bytes' }, 'When, by its own clock', { n: 'Longest queue' }, { n: 'Turned away' }], rows))];
}
function meter(share) {
  const fill = el('i', {});
  fill.style.width = `${Math.min(share, 1) * 100}%`;
  return fill;
}

const CURVES = [
  { key: 'converged', label: 'Converged', hue: 'converged', note: 'Base components and every agent at the target, no restart pending' },
  { key: 'base', label: 'Base components', hue: 'base', dash: [8, 4], note: 'Base components at the target' },
  { key: 'reported', label: 'Known to the console', hue: 'reported', dash: [2, 3], note: 'The console knows that base components are at the target' },
];
const siteHours = () => HOURS.filter((it, at) => at % DATA.step === 0);

/** Planned upgrades, those close in time together: from, until, label. */
function upgrades(sites) {
  const all = sites.flatMap((site) => site.upgrades.map(([to, hour]) => ({ hour, to, code: site.code }))).sort((a, b) => a.hour - b.hour);
  const groups = [];
  for (const it of all) {
    const last = groups[groups.length - 1];
    if (last && last.to === it.to && it.hour - last.until <= 4) {
      last.until = it.hour;
      last.codes.push(it.code);
    } else groups.push({ from: it.hour, until: it.hour, to: it.to, codes: [it.code] });
  }
  return groups.map((it) => ({ ...it, label: `${it.codes.length > 2 ? `${it.codes.length} sites` : it.codes.join(', ')} to ${it.to}` }));
}
const upgradeList = (sites) => el('ul', { class: 'upgrades', 'aria-label': 'Upgrade moments' }, upgrades(sites).map((it) => el('li', { title: it.codes.join(', ') }, `\u2506 ${moment(it.from)}${it.until > it.from ? ` to ${moment(it.until)}` : ''}: ${it.label}`)));

function convergence() {
  let place = '*';
  const marked = () => upgrades(place === '*' ? DATA.sites : DATA.sites.filter((it) => it.code === place));
  const picture = chart({ title: 'Convergence', share: true, axis: percent, read: percent, marks: marked, height: 340 });
  const show = () => {
    const site = DATA.sites.find((it) => it.code === place);
    const series = CURVES.map((curve) => {
      if (site) return { ...curve, values: unpack(site[curve.key]) };
      const [low, middle, high] = DATA.fleet.curves[curve.key];
      return { ...curve, values: middle, ...(DATA.about.complete > 1 ? { low, high } : {}) };
    });
    const last = series[0].values[series[0].values.length - 1];
    picture.show(series, `Shares of clients over time, ${site ? site.code : 'whole fleet'}: ${percent(last || 0)} converged at the end. Arrow keys read values, plus and minus zoom.`, { x: site ? siteHours() : HOURS });
  };
  const places = choice('Clients of', [['*', 'the whole fleet'], ...DATA.sites.map((it) => [it.code, it.code])], (value) => { place = value; show(); });
  const states = statesChart();
  const part = section('convergence', 'Convergence',
    `Share of all clients over time${DATA.about.complete > 1 ? ': the median of the replications, with the band that 8 of 10 stay in (of the fleet; sites show the median)' : ''}. Dashed lines mark when setup begins. Drag to zoom, double-click for the whole run, click to set the moment that the hierarchy shows.`,
    el('div', { class: 'bar' }, places.label, el('span', { class: 'end' }, zoomButtons(), saveButton('the convergence chart', picture.save))),
    picture.parts, upgradeList(DATA.sites),
    el('div', { class: 'bar' }, el('h3', {}, 'Where the clients are'), el('span', { class: 'end' }, saveButton('the chart of states', states.save))), states.parts);
  show();
  return { part, show(code) { place = code; places.select.value = code; show(); } };
}

const STATES = { not_installed: ['Not installed', 'c7'], waiting: ['Waiting', 'c4'], transferring: ['Transferring', 'c6'], installing: ['Installing', 'c5'], restart_pending: ['Restart pending', 'c1'], agents_pending: ['Agents to come', 'c2'], converged: ['Converged', 'c0'], mixed: ['Mixed', 'c3'], broken: ['Broken', 'bad'] };
function statesChart() {
  const picture = chart({ title: 'Clients by state', stacked: true, axis: (it) => plain(it), read: (it) => mean(it), height: 220 });
  const series = DATA.fleet.states.map(([name, values]) => ({ label: STATES[name][0], hue: STATES[name][1], values }));
  picture.show(series, `Clients by state over time, stacked: ${series.map((it) => `${it.label} ${mean(it.values[it.values.length - 1])} at the end`).join(', ')}.`);
  return picture;
}

function spread(choose) {
  const picture = hierarchy(DATA.sites, DATA.servers, DATA.releases, DATA.target, DATA.step);
  const slider = el('input', { type: 'range', min: 0, max: HOURS.length - 1, step: 1, value: 0, 'aria-label': 'Moment shown' });
  const text = el('div', { class: 'moment' });
  const counts = el('div', { class: 'counts' });
  const holder = el('div', { class: 'tree' }, picture.svg);
  const play = el('button', { type: 'button', class: 'main' }, 'Play');
  const ticks = el('svg:svg', { class: 'ticks', 'aria-hidden': 'true', preserveAspectRatio: 'none', viewBox: '0 0 1000 10' },
    upgrades(DATA.sites).map((it) => el('svg:rect', { x: (it.from / END) * 1000 - 1, width: Math.max(2, ((it.until - it.from) / END) * 1000), y: 0, height: 6, fill: 'var(--soft)' })));
  const target = DATA.releases[DATA.target];
  const show = () => {
    const at = HOURS.findLastIndex((it) => it <= VIEW.now + 1e-6);
    slider.value = at;
    slider.setAttribute('aria-valuetext', moment(HOURS[at]));
    const found = picture.at(HOURS[at]);
    text.replaceChildren(el('b', {}, moment(HOURS[at])), `, ${span(HOURS[at])} after the start`);
    const of = ([some, all], what) => el('span', {}, el('b', {}, `${some} of ${all}`), ` ${what}`);
    counts.replaceChildren(of(found.sites, `sites at ${target}`), of(found.caps, 'CAPs'), of(found.points, 'logon points'), el('span', {}, el('b', {}, percent(DATA.fleet.curves.converged[1][at])), ' of the clients converged'));
  };
  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; play.textContent = 'Play'; };
  play.addEventListener('click', () => {
    if (timer) return stop();
    if (Number(slider.value) === HOURS.length - 1) setNow(0);
    play.textContent = 'Pause';
    const stride = Math.max(1, Math.round(HOURS.length / 240));
    timer = setInterval(() => {
      const next = Math.min(Number(slider.value) + stride, HOURS.length - 1);
      setNow(HOURS[next]);
      if (next === HOURS.length - 1) stop();
    }, 80);
    return undefined;
  });
  slider.addEventListener('input', () => setNow(HOURS[slider.value]));
  picture.onChoose((site) => choose(DATA.sites[site].code));
  const draw = (room = holder.clientWidth) => { if (room) { picture.draw(room); show(); } };
  let wideNow = 0;
  new ResizeObserver(() => { if (Math.abs(holder.clientWidth - wideNow) > 2) { wideNow = holder.clientWidth; draw(); } }).observe(holder);
  onPaper(holder, draw);
  watch('now', show);
  watch('theme', () => draw());
  const key = (shape, words) => el('span', {}, el('svg:svg', { width: 16, height: 14, 'aria-hidden': 'true' }, shape), words);
  const box = (there, round) => (round ? el('svg:circle', { cx: 7, cy: 7, r: 5, fill: there ? 'var(--accent)' : 'var(--card)', stroke: there ? 'var(--accent)' : 'var(--soft)', 'stroke-width': 1.5 }) : el('svg:rect', { x: 2, y: 2, width: 10, height: 10, rx: 2, fill: there ? 'var(--accent)' : 'var(--card)', stroke: there ? 'var(--accent)' : 'var(--soft)', 'stroke-width': 1.5 }));
  return section('hierarchy', 'How it spreads', 'Move the slider or press play. A tile is a site, a box holds its children. Choose a site to see its curves above. Servers are those of the first replication; clients are medians.',
    el('div', { class: 'timebar' }, play, el('div', { class: 'slide' }, slider, ticks)), text, counts, wide(holder),
    el('div', { class: 'key' }, key(box(false), 'site server (top right) or CAP (row of squares), before'), key(box(true), `at ${target}`), key(box(true, true), `logon point at ${target}`), key(el('svg:rect', { x: 0, y: 4, width: 16, height: 6, fill: 'var(--accent)' }), 'clients converged'), key(el('svg:rect', { x: 0, y: 4, width: 16, height: 6, fill: 'var(--bad)' }), 'mixed or broken')),
    el('div', { class: 'bar' }, el('span', { class: 'end' }, saveButton('the hierarchy', () => download(fileName('hierarchy', 'svg'), new Blob([new XMLSerializer().serializeToString(picture.svg)], { type: 'image/svg+xml' }))))));
}

/** Sites from the top down, children after their parents. */
function inOrder(sites) {
  const below = (parent) => sites.flatMap((it, at) => (it.parent === parent ? [it, ...below(at)] : []));
  return below(null);
}

function strip(choose) {
  const picture = heat({ title: 'Sites over time', hue: 'heat', read: (row, x) => `${percent(row.values[x])} of ${count(row.clients, 'client')}`, pick: (row) => choose(row.label) });
  const show = (key) => {
    const rows = inOrder(DATA.sites).filter((it) => it.clients > 0).map((it) => {
      const arrived = it.held.length > 1 ? it.held[it.held.length - 1][0] : undefined;
      return { label: it.code, clients: it.clients, values: unpack(it[key]), mark: arrived };
    });
    picture.show(rows, HOURS[1] * DATA.step, `Heat strip of ${count(rows.length, 'site')} over time. Arrow keys move from cell to cell and read it.`);
  };
  const curve = choice('Share', CURVES.map((it) => [it.key, it.label.toLowerCase()]), show);
  const part = section('sites', 'Site by site', 'Each row is a site, children below their parents. The further its colour, the more of its clients are there; the tick is when the site server itself was upgraded (first replication).',
    el('div', { class: 'bar' }, curve.label, rampKey('heat', '0 %', '100 %'), el('span', { class: 'end' }, zoomButtons(), saveButton('the heat strip', picture.save))), picture.parts);
  show('converged');
  return part;
}

function load() {
  const kinds = ['client access point', 'logon point', 'address'].filter((kind) => DATA.servers.some((it) => it.kind === kind && it.total_bytes > 0));
  if (!kinds.length) return section('load', 'Load', 'No server moved anything.');
  const hours = HOURS[1] * DATA.step;
  const most = (it) => (it.limit ? it.limit / 8 * 3600 * hours : null);
  let chosen = null;
  const picture = heat({ title: 'Load', hue: 'load', read: (row, x) => row.say(x), pick: (row) => one(row.server) });
  const detail = chart({ title: 'Load of one server', stacked: true, stepped: true, axis: bytes, read: bytes, height: 220 });
  const heading = el('h3', {}, '');
  const facts = el('p', { class: 'small soft' });
  const one = (server) => {
    chosen = server;
    heading.textContent = `${server.name}`;
    const limit = server.limit ? `Limit ${rate(server.limit)}, or ${bytes(most(server))} in ${span(hours)} (dashed).` : 'No limit: it never slows anybody.';
    const queue = server.longest_queue ? ` Longest queue ${mean(server.longest_queue)}.` : '';
    const away = server.connections ? ` At most ${count(server.connections, 'transfer')} at a time; ${mean(server.turned_away)} turned away.` : '';
    facts.textContent = `${limit} ${bytes(server.total_bytes)} in ${count(server.transfers, 'transfer')} over the whole run.${queue}${away}`;
    const values = unpack(server.bytes);
    const x = Array.from(values, (it, at) => at * hours);
    detail.show([{ label: `Bytes per ${span(hours)}`, hue: 'c1', values }], `Load of ${server.name} over time. ${limit}`, { x, limit: most(server) });
  };
  const show = (kind) => {
    const servers = DATA.servers.filter((it) => it.kind === kind && it.total_bytes > 0);
    const top = Math.max(...servers.map((it) => it.bytes.scale));
    const limited = servers.some((it) => it.limit);
    const rows = servers.map((server) => {
      const moved = unpack(server.bytes);
      const full = limited ? most(server) : top;
      const queue = server.queue && unpack(server.queue);
      const say = (x) => `${bytes(moved[x])}${server.limit ? `, ${percent(moved[x] / full)} of its limit` : ''}${queue && queue[x] ? `, longest queue ${mean(queue[x])}` : ''}`;
      return { label: server.name, server, say, values: full ? moved.map((it) => it / full) : moved.map(() => NaN), peak: server.peak_shares ? server.peak_shares[1] : 0 };
    });
    picture.show(rows, hours, `Heat strip of the load of ${count(rows.length, kind)} over time.`);
    scale.replaceChildren(rampKey('load', '0', limited ? '100 % of the limit' : bytes(top)));
    one(servers.reduce((a, b) => ((b.peak_shares ? b.peak_shares[1] : b.peak_bytes[1]) > (a.peak_shares ? a.peak_shares[1] : a.peak_bytes[1]) ? b : a)));
  };
  const scale = el('span', {});
  const kind = choice('Show', kinds.map((it) => [it, it === 'address' ? 'addresses (parent to child)' : `${it}s`]), show);
  const part = section('load', 'Load and limits', `Bytes that each server moved in ${span(hours)}, as a share of what its bandwidth allows${kinds.includes('logon point') ? '; servers without a limit are held against the busiest of their kind' : ''}. Means over replications. Choose a row to see it below.`,
    el('div', { class: 'bar' }, kind.label, scale, el('span', { class: 'end' }, zoomButtons(), saveButton('the load strip', picture.save))), picture.parts,
    el('div', { class: 'bar' }, heading, el('span', { class: 'end' }, saveButton('the chart of one server', detail.save))), facts, detail.parts);
  show(kinds[0]);
  return part;
}

const SORTS = [['logon', 'at logon (Boot32wn)'], ['cycle', 'in maintenance cycles (CCIM)'], ['upgrade', 'during upgrades']];
function decisions() {
  const picture = chart({ title: 'Decisions', stacked: true, stepped: true, axis: (it) => plain(it), read: (it) => mean(it), height: 260 });
  const list = el('div', {});
  const intervals = HOURS.slice(0, -1);
  const show = (sort) => {
    const of = DATA.decisions.filter((it) => it.decision === sort).map((it) => ({ ...it, total: it.counts.reduce((sum, [, n]) => sum + n, 0) })).sort((a, b) => b.total - a.total);
    const dense = (counts) => { const values = new Float64Array(intervals.length); counts.forEach(([at, n]) => { values[at] += n; }); return values; };
    const series = of.slice(0, 7).map((it, at) => ({ label: it.reason, note: it.text, hue: `c${at}`, values: dense(it.counts) }));
    if (of.length > 7) series.push({ label: `${of.length - 7} other reasons`, hue: 'c7', values: dense(of.slice(7).flatMap((it) => it.counts)) });
    picture.show(series, `Decisions over time, stacked by reason: ${series.map((it, at) => `${it.label} ${mean(of[at] ? of[at].total : 0)}`).join(', ')}.`, { x: intervals });
    list.replaceChildren(wide(table(null, ['Reason', 'Outcome', 'In words', 'Articles', { n: 'In all' }], of.map((it) => [el('span', { class: 'code' }, it.reason), it.outcome, it.text, it.articles, { n: mean(it.total) }]))));
  };
  const sorts = SORTS.filter(([sort]) => DATA.decisions.some((it) => it.decision === sort));
  if (!sorts.length) return section('decisions', 'Decisions', 'No client decided anything.');
  const sort = choice('Decisions', sorts, show);
  const part = section('decisions', 'What clients decided, and why', `Per ${span(HOURS[1])}, in the whole fleet; means over replications.`, el('div', { class: 'bar' }, sort.label, el('span', { class: 'end' }, zoomButtons(), saveButton('the decisions', picture.save))), picture.parts, list);
  show(sorts[0][0]);
  return part;
}

function milestones() {
  const shares = [...new Set(DATA.milestones.map((it) => it[1]))];
  const places = [...new Set(DATA.milestones.map((it) => it[0]))];
  const zone = (place) => (DATA.sites.find((it) => it.code === place) || {}).zone;
  const rows = places.map((place) => {
    const by = reached(place);
    const any = by[shares[0]];
    const cells = shares.map((share) => {
      const it = by[share];
      if (!it || it[3] === null) return { n: [el('span', { class: 'soft' }, it && it[10] ? `in ${it[10]} of ${DATA.about.complete}` : '\u2013')] };
      return { n: [localTime(it[6]), el('span', { class: 'spread' }, [span(it[3]), DATA.about.complete > 1 && it[2] !== it[4] && band(it[2], it[4], span) !== 'alike' && ` (${band(it[2], it[4], span)})`])] };
    });
    return [place === '*' ? 'Whole fleet' : place, { n: mean(any[8]) }, { n: mean(any[9]) }, ...cells, zone(place) || ''];
  });
  const head = ['Site', { n: 'Clients' }, { n: 'In reach' }, ...shares.map((it) => ({ n: percent(it) })), 'Clock'];
  const flat = [['site', 'share', 'hours_p10', 'hours_p50', 'hours_p90', 'local_time_p10', 'local_time_p50', 'local_time_p90', 'clients', 'clients_in_reach', 'replications_reached'], ...DATA.milestones];
  const said = el('span', { class: 'small soft', role: 'status' });
  const button = el('button', { type: 'button', class: 'noprint', onclick: () => copy(flat.map((row) => row.map((it) => (it === null ? '' : String(it))).join('\t')).join('\n'), said) }, 'Copy table');
  return section('milestones', 'Milestones', 'When shares of the clients within the rollout\u2019s reach were converged, by the site\u2019s own clock: median, and the band that 8 of 10 replications stay in.',
    el('div', { class: 'bar' }, button, said), scrolled('Milestones by site', table(null, head, rows)));
}

/** Puts text on the clipboard; where the browser keeps that to itself, by the old way. */
async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el('textarea', {}, text);
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  said.textContent = 'Copied; paste it into a spreadsheet.';
}

function assumptions() {
  const rank = ['assumed', 'disputed', 'inferred', 'documented'];
  const sorted = [...DATA.assumptions].sort((a, b) => (b[3] === 'yes') - (a[3] === 'yes') || rank.indexOf(a[4]) - rank.indexOf(b[4]));
  const rows = sorted.map(([name, value, usual, changed, confidence, source, meaning]) => [
    el('span', { class: 'code' }, name), [value, changed === 'yes' && el('span', { class: 'spread' }, `changed; default ${usual}`)], confidence, meaning, source]);
  const changed = DATA.assumptions.filter((it) => it[3] === 'yes').length;
  return section('assumptions', 'Assumptions', `The numbers this run went by: ${changed ? `${changed} set by the scenario, first` : 'none set by the scenario'}; then those without a source, which are worth varying before a decision hangs on one.`,
    scrolled('Assumptions of this run', table(null, ['Name', 'Value', 'Founded', 'Meaning', 'Source'], rows)));
}

/** A moment worth opening with: half of those who will converge have. */
function midway() {
  const [, middle] = DATA.fleet.curves.converged;
  const half = middle[middle.length - 1] / 2;
  const at = middle.findIndex((it) => it >= half && it > 0);
  return at > 0 ? HOURS[at] : 0;
}

function runPage() {
  VIEW.now = midway();
  const curves = convergence();
  const choose = (code) => { curves.show(code); document.getElementById('convergence').scrollIntoView({ block: 'start' }); };
  return [header(), problems(), curves.part, spread(choose), strip(choose), load(), decisions(), milestones(), assumptions()];
}
