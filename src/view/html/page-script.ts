/**
 * Script of the report. The page is whole without it; it adds the choice of a pair, the filter, folding and the theme. It makes
 * elements from elements and text alone, never from markup, as the page's policy demands.
 */
export const PAGE_SCRIPT = `
'use strict';
(() => {
const all = (selector, root) => [...(root ?? document).querySelectorAll(selector)];
const one = (selector, root) => (root ?? document).querySelector(selector);
const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
for (const tools of all('.tools[hidden], .theme[hidden]')) tools.hidden = false;

const root = document.documentElement;
const theme = one('.theme');
const isDark = () => root.dataset.theme === 'dark' || (root.dataset.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
const nameTheme = () => { theme.textContent = isDark() ? 'Light colours' : 'Dark colours'; };
theme?.addEventListener('click', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; nameTheme(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', nameTheme);
if (theme) nameTheme();

const files = all('#variants details.file, #variants .left');
const found = one('#found');
const filter = one('#filter');
filter?.addEventListener('input', () => {
  const wanted = filter.value.trim().toLowerCase();
  let shown = 0;
  for (const file of files) {
    file.hidden = wanted !== '' && !file.dataset.path.toLowerCase().includes(wanted);
    if (!file.hidden) shown += 1;
  }
  found.textContent = wanted === '' ? '' : shown + ' of ' + files.length + ' files';
});
const fold = (open) => { for (const file of all('#variants details.file')) if (!file.hidden) file.open = open; };
one('#unfold')?.addEventListener('click', () => fold(true));
one('#fold')?.addEventListener('click', () => fold(false));

const openTarget = () => {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
};
addEventListener('hashchange', openTarget);
openTarget();

const left = one('#left'), right = one('#right'), view = one('#pair');
if (!left || !right || !view) return;
const pairs = all('details.pair');
const variants = all('#variants .variant');
const nameOf = (id) => variants.find((variant) => variant.id === id)?.dataset.label ?? '';
const copied = (file) => {
  const copy = file.cloneNode(true);
  copy.removeAttribute('id');
  copy.hidden = false;
  if (copy.tagName === 'DETAILS') copy.open = true;
  return copy;
};
const show = () => {
  const [a, b] = [left.value, right.value];
  view.replaceChildren();
  const ready = pairs.find(({ dataset }) => dataset.a === a && dataset.b === b);
  for (const pair of pairs) { pair.hidden = pair !== ready; if (pair === ready) pair.open = true; }
  if (ready) return;
  if (a === b) { view.append(make('p', 'legend', 'Choose two different variants.')); return; }
  const of = (id) => new Map(all('details.file, .left', document.getElementById(id)).map((file) => [file.dataset.path, file]));
  const [mine, theirs] = [of(a), of(b)];
  const both = [...mine.keys()].filter((path) => theirs.has(path));
  const rest = [...mine.keys(), ...theirs.keys()].filter((path) => !both.includes(path));
  view.append(make('p', 'legend', 'Each compared with its start, side by side: ' + (both.length === 1 ? '1 shared file' : both.length + ' shared files') + ' first, then ' + rest.length + ' that only one of them changes.'));
  const row = (path) => {
    const line = make('div', 'beside');
    for (const [id, from] of [[a, mine], [b, theirs]]) {
      const half = make('div');
      half.append(make('p', 'legend', nameOf(id)));
      const file = from.get(path);
      half.append(file ? copied(file) : make('p', 'none', 'Does not touch ' + path));
      line.append(half);
    }
    view.append(line);
  };
  const paths = [...both, ...rest];
  const more = (from) => {
    for (const path of paths.slice(from, from + 20)) row(path);
    if (paths.length <= from + 20) return;
    const button = make('button', '', 'Show ' + Math.min(20, paths.length - from - 20) + ' more of ' + (paths.length - from - 20));
    button.type = 'button';
    button.addEventListener('click', () => { button.remove(); more(from + 20); });
    view.append(button);
  };
  more(0);
};
const choose = (a, b) => { left.value = a; right.value = b; show(); };
left.addEventListener('change', show);
right.addEventListener('change', show);
one('#swap')?.addEventListener('click', () => choose(right.value, left.value));
for (const link of all('a[data-a]')) {
  link.hidden = false;
  link.addEventListener('click', () => choose(link.dataset.a, link.dataset.b));
}
show();
})();
`;
