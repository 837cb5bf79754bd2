/** What the page shows and how: route, layout, width. Kept in the fragment, so that a reload and a copied address keep it. */
export const VIEW_SCRIPT = `
const WIDTHS = { fit: 0, phone: 390, tablet: 820, laptop: 1440 };
const LAYOUTS = ['all', 'two', 'one', 'split'];
const narrow = matchMedia('(max-width:46rem)'), folds = matchMedia('(max-width:64rem)');
const given = new URLSearchParams(location.hash.slice(1));
const asRoute = (text) => {
  const wanted = text.trim();
  const url = /^[a-z][a-z0-9+.-]*:\\/\\//i.test(wanted) ? URL.parse(wanted) : null;
  if (url) return url.pathname + url.search + url.hash;
  return wanted.startsWith('/') ? wanted : '/' + wanted;
};
const among = (words, word, otherwise) => (words.includes(word) ? word : otherwise);
const view = {
  route: asRoute(given.get('route') ?? '/'),
  layout: among(LAYOUTS, given.get('layout'), 'all'),
  first: given.get('first'),
  second: given.get('second'),
  width: among(Object.keys(WIDTHS), given.get('width'), 'fit'),
  zoom: among(['auto', '50', '75', '100'], given.get('zoom'), 'auto'),
  follow: given.get('follow') === '1',
  together: given.get('together') === '1',
  present: given.get('present') === '1',
  scroll: 0,
};
const remember = () => {
  const hash = new URLSearchParams({ route: view.route });
  if (view.layout !== 'all') hash.set('layout', view.layout);
  if (view.layout !== 'all' && view.first) hash.set('first', view.first);
  if (view.layout === 'two' && view.second) hash.set('second', view.second);
  if (view.width !== 'fit') hash.set('width', view.width);
  if (view.zoom !== 'auto') hash.set('zoom', view.zoom);
  for (const name of ['follow', 'together', 'present']) if (view[name]) hash.set(name, '1');
  history.replaceState(null, '', '/#' + hash);
  lead();
};
const base = () => state.tiles.find(({ isBase }) => isBase);
const layout = () => {
  if (view.layout === 'split' && base() && state.tiles.length > 1) return 'split';
  if (narrow.matches || state.tiles.length < 2) return 'one';
  return view.layout === 'split' ? 'all' : view.layout;
};
const shown = () => {
  const all = state.tiles.map(({ key }) => key);
  const first = all.includes(view.first) ? view.first : all[0];
  const second = all.includes(view.second) && view.second !== first ? view.second : all.find((key) => key !== first);
  const under = base()?.key;
  const over = first !== under ? first : all.find((key) => key !== under);
  return { all, two: [first, second], one: [first], split: [under, over] }[layout()].filter((key) => key !== undefined);
};
const showTools = () => {
  const folded = view.present || folds.matches;
  document.body.classList.toggle('folded', folded);
  document.body.classList.toggle('present', view.present);
  const open = !folded || one('#fold').getAttribute('aria-expanded') === 'true';
  one('#tools').hidden = !open;
  one('#host').hidden = !state?.owner || (narrow.matches && !open);
  one('#fold').hidden = !folded;
  one('#present').setAttribute('aria-pressed', String(view.present));
  one('#follow').checked = view.follow;
  one('#together').checked = view.together;
  one('#width').value = view.width;
  one('#zoom').value = view.zoom;
};
const show = () => {
  const visible = shown();
  const how = layout();
  main.dataset.layout = how;
  main.dataset.shown = String(visible.length);
  for (const chosen of document.querySelectorAll('button[data-layout]')) {
    chosen.setAttribute('aria-pressed', String(chosen.dataset.layout === how));
    chosen.hidden = chosen.dataset.layout === 'split' && !base();
  }
  one('#split-bar').hidden = how !== 'split';
  for (const tile of tiles.values()) {
    const place = visible.indexOf(tile.now.key);
    tile.root.hidden = place < 0;
    tile.root.dataset.place = how === 'split' ? (place === 0 ? 'under' : 'over') : '';
    tile.tab.setAttribute('aria-pressed', String(place >= 0));
    settle(tile);
  }
  if (how === 'split') {
    set(one('#split-under'), tiles.get(visible[0]).now.name);
    set(one('#split-over'), tiles.get(visible[1]).now.name);
  }
  showTools();
};
const choose = (how, first, second) => {
  view.layout = how;
  if (first !== undefined) view.first = first;
  if (second !== undefined) view.second = second;
  remember();
  show();
};
const goTo = (route, except) => {
  view.route = asRoute(route);
  field.value = view.route;
  remember();
  for (const tile of tiles.values()) {
    if (tile === except) continue;
    // One route may refuse to be framed and the next may not.
    tile.refusal = '';
    if (tile.frame && tile.root.hidden) unload(tile);
    else if (tile.frame) drive(tile);
  }
  redraw();
};
const onChange = (id, name, valueOf) => one(id).addEventListener('change', (event) => { view[name] = valueOf(event.target); remember(); redraw(); });
onChange('#follow', 'follow', ({ checked }) => checked);
onChange('#together', 'together', ({ checked }) => checked);
onChange('#width', 'width', ({ value }) => value);
onChange('#zoom', 'zoom', ({ value }) => value);
const present = () => { view.present = !view.present; one('#fold').setAttribute('aria-expanded', 'false'); remember(); show(); };
one('#present').addEventListener('click', present);
one('#fold').addEventListener('click', ({ currentTarget }) => {
  currentTarget.setAttribute('aria-expanded', String(currentTarget.getAttribute('aria-expanded') !== 'true'));
  showTools();
});
one('#go').addEventListener('submit', (event) => { event.preventDefault(); goTo(field.value); });
for (const chosen of document.querySelectorAll('button[data-layout]')) chosen.addEventListener('click', () => choose(chosen.dataset.layout));
one('#help').addEventListener('click', () => keys.showModal());
for (const media of [narrow, folds]) media.addEventListener('change', () => { if (state) show(); });
one('#split').addEventListener('input', ({ target }) => main.style.setProperty('--split', target.value + '%'));
`;
