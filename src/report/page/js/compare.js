// The page of a comparison: plans side by side.

const LETTER = (at) => (at < 26 ? String.fromCharCode(65 + at) : `P${at + 1}`);
const PLAN_HUES = ['c0', 'c1', 'c2', 'c3', 'c5', 'c4', 'c6', 'c7'];
const DASHES = [undefined, [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [1, 2]];

function comparePage() {
  const { plans } = DATA;
  const names = plans.map((it, at) => `${LETTER(at)}  ${it.about.name}`);
  const head = [el('h1', {}, 'Plans compared'), el('p', { class: 'soft' }, `${count(plans.length, 'plan')}, ${count(DATA.replications, 'replication')} of each on the same draws, seed ${plans[0].about.seed}`)];
  return [head, verdicts(names), sideBySide(names), differences(names), keptLimits(names), calendars(names)];
}

function verdicts(names) {
  const told = DATA.verdicts.map((paragraphs, at) => [el('h3', {}, names[at + 1]), paragraphs.map((it) => el('p', {}, it))]);
  return section('verdict', 'Which is better at what', `Every plan is held against A: ${DATA.plans[0].about.name}.`, el('div', { class: 'plans' }, told.map((it) => el('div', {}, it))), DATA.note && el('p', { class: 'soft small' }, DATA.note));
}

function sideBySide(names) {
  let curve = 'converged';
  const picture = chart({ title: 'Convergence of the plans', share: true, axis: percent, read: percent, height: 360 });
  const show = (next) => {
    curve = next;
    const series = DATA.plans.map((plan, at) => {
      const [low, middle, high] = plan.fleet.curves[curve];
      return { label: names[at], hue: PLAN_HUES[at % 8], dash: DASHES[at % 6], values: middle, ...(DATA.replications > 1 ? { low, high } : {}) };
    });
    picture.show(series, `Share of clients over time by plan: ${series.map((it) => `${it.label} ${percent(it.values[it.values.length - 1])} at the end`).join(', ')}.`);
  };
  const curves = choice('Share', CURVES.map((it) => [it.key, it.label.toLowerCase()]), show);
  const part = section('convergence', 'Convergence side by side', 'Medians with the bands that 8 of 10 replications stay in. Drag to zoom.',
    el('div', { class: 'bar' }, curves.label, el('span', { class: 'end' }, zoomButtons(), saveButton('the comparison', picture.save))), picture.parts);
  show('converged');
  return part;
}

/** Medians of every plan by measure, and how they differ from the first. */
function differences(names) {
  const measures = [...new Set(DATA.rows.map((it) => it.measure))];
  const head = ['Measure', ...names.map((it) => ({ n: it }))];
  const rows = measures.map((measure) => [measure, ...DATA.plans.map((plan, at) => {
    const it = DATA.rows.find((row) => row.measure === measure && row.plan === at);
    const value = it.median === null ? (it.unit === 'h' ? 'not reached' : 'unknown') : quantity(it.median, it.unit);
    if (at === 0) return { n: value };
    const hue = { better: 'good', worse: 'bad' }[it.verdict] || 'soft';
    const sign = (number) => `${number < 0 ? '\u2212' : '+'}${quantity(Math.abs(number), it.unit)}`;
    const interval = it.difference === null || it.verdict === 'same' ? '' : `${sign(it.low)} to ${sign(it.high)}`;
    return { n: [value, el('span', { class: `spread ${hue}` }, [it.verdict, interval].filter(Boolean).join(': '))] };
  })]);
  return section('differences', 'Differences', 'Medians; below them whether the plan is better or worse than A, and the 95 % interval of the mean difference, replication by replication.', wide(table(null, head, rows)));
}

function keptLimits(names) {
  const rows = DATA.plans.flatMap((plan, at) => plan.thresholds.map(([name, , site, passed, actual, , limit, , unit, met]) => [
    names[at], site === '*' ? name : `${name}, at ${site}`,
    el('span', { class: passed === 'yes' ? 'mark good' : 'mark bad' }, passed === 'yes' ? '\u2713 kept' : '\u2717 missed'),
    { n: actual === null ? 'not within the run' : quantity(actual, unit) }, { n: quantity(limit, unit) }, { n: percent(met) }]));
  if (!rows.length) return null;
  return section('thresholds', 'Thresholds', null, wide(table(null, ['Plan', 'Threshold', 'Kept?', { n: 'Median' }, { n: 'Limit' }, { n: 'Replications that kept it' }], rows)));
}

function calendars(names) {
  return section('calendar', 'Calendars', 'When setup begins in each plan.', DATA.plans.map((plan, at) => [el('h3', {}, names[at]), upgradeList(plan.sites)]));
}
