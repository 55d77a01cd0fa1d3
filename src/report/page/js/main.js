// Puts the page together: navigation, theme, sections.

const THEMES = ['auto', 'light', 'dark'];
let theme = 'auto';
const darkScreen = matchMedia('(prefers-color-scheme: dark)');
const onPaperNow = matchMedia('print');

/** Paper is always light; else what the reader chose, or the system's choice. */
function setTheme(printing = onPaperNow.matches) {
  const dark = !printing && (theme === 'dark' || (theme === 'auto' && darkScreen.matches));
  const next = dark ? 'dark' : 'light';
  if (document.documentElement.dataset.theme === next) return;
  document.documentElement.dataset.theme = next;
  tell('theme');
}
sharpness = () => (onPaperNow.matches || printing ? 3 : window.devicePixelRatio || 1);
let printing = false;
setTheme();
darkScreen.addEventListener('change', () => setTheme());
onPaperNow.addEventListener('change', () => setTheme());

function themeChoice() {
  const select = el('select', { 'aria-label': 'Colours', onchange: () => { theme = select.value; setTheme(); } }, THEMES.map((it) => el('option', { value: it }, it)));
  return select;
}

window.addEventListener('beforeprint', () => {
  printing = true;
  setTheme(true);
  document.querySelectorAll('details').forEach((it) => { it.open = true; });
});
window.addEventListener('afterprint', () => {
  printing = false;
  setTheme(false);
});

const main = document.getElementById('page');
const parts = (DATA.kind === 'run' ? runPage() : comparePage()).flat(9).filter(Boolean);
const links = parts.filter((it) => it.id).map((it) => el('a', { href: `#${it.id}` }, it.querySelector('h2').textContent));
main.append(el('nav', { 'aria-label': 'Sections' }, links, el('span', { class: 'end' }, themeChoice())), ...parts,
  el('footer', {}, `Written by smsim ${(DATA.about || DATA.plans[0].about).version}. This page holds everything it shows and fetches nothing. Charts by uPlot (MIT licence).`));
