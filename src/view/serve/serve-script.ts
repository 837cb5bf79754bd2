/**
 * Script of the page of `copse serve`. The server says over server-sent events how things stand; this makes elements from that, as
 * elements and text alone, and moves the frames. What a frame shows stays the app's: it is another origin, so its address can be
 * set and never read.
 */
export const SERVE_SCRIPT = `
'use strict';
(() => {
const one = (selector, root) => (root ?? document).querySelector(selector);
const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const set = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads allow-pointer-lock';
const field = one('#route'), tabs = one('#tabs'), main = one('#tiles'), said = one('#said'), follow = one('#follow'), keys = one('#keys');
const narrow = matchMedia('(max-width:46rem)');
const tiles = new Map();
let state = null;

// The key is in a cookie now; what is shown is in the fragment, so that a reload and a copied address keep it.
const given = new URLSearchParams(location.hash.slice(1));
const asRoute = (text) => {
  const wanted = text.trim();
  const url = /^[a-z][a-z0-9+.-]*:\\/\\//i.test(wanted) ? URL.parse(wanted) : null;
  if (url) return url.pathname + url.search + url.hash;
  return wanted.startsWith('/') ? wanted : '/' + wanted;
};
const view = {
  route: asRoute(given.get('route') ?? '/'),
  layout: ['all', 'two', 'one'].includes(given.get('layout')) ? given.get('layout') : 'all',
  first: given.get('first'),
  second: given.get('second'),
};
const remember = () => {
  const hash = new URLSearchParams({ route: view.route });
  if (view.layout !== 'all') hash.set('layout', view.layout);
  if (view.layout !== 'all' && view.first) hash.set('first', view.first);
  if (view.layout === 'two' && view.second) hash.set('second', view.second);
  history.replaceState(null, '', '/#' + hash);
};

const layout = () => (narrow.matches || state.tiles.length < 2 ? 'one' : view.layout);
const shown = () => {
  const all = state.tiles.map(({ key }) => key);
  const first = all.includes(view.first) ? view.first : all[0];
  const second = all.includes(view.second) && view.second !== first ? view.second : all.find((key) => key !== first);
  return { all, two: [first, second], one: [first] }[layout()].filter((key) => key !== undefined);
};

const drive = (tile) => {
  const to = tile.now.origin + view.route;
  tile.drivenAt = performance.now();
  tile.refusal = '';
  tile.generation = tile.now.generation;
  tile.origin = tile.now.origin;
  tile.open.href = to;
  if (tile.frame) {
    // Not src: each variant would put a step of its own into the history.
    tile.frame.contentWindow.location.replace(to);
    return;
  }
  tile.frame = make('iframe');
  tile.frame.setAttribute('sandbox', SANDBOX);
  tile.frame.referrerPolicy = 'no-referrer';
  tile.frame.src = to;
  tile.stage.append(tile.frame);
};
const show = () => {
  const visible = shown();
  const how = layout();
  main.dataset.layout = how;
  main.dataset.shown = String(visible.length);
  for (const button of document.querySelectorAll('[data-layout]')) if (button !== main) button.setAttribute('aria-pressed', String(button.dataset.layout === how));
  for (const tile of tiles.values()) {
    const isShown = visible.includes(tile.now.key);
    tile.root.hidden = !isShown;
    tile.tab.setAttribute('aria-pressed', String(isShown));
    const framed = tile.now.ready && tile.refusal === '';
    if (!framed && tile.frame) { tile.frame.remove(); tile.frame = null; }
    // A hidden one is loaded when it is looked at.
    if (framed && isShown && (!tile.frame || tile.generation !== tile.now.generation || tile.origin !== tile.now.origin)) drive(tile);
    if (tile.frame) tile.frame.title = tile.now.name + ' at ' + view.route;
    tile.open.href = tile.now.origin + view.route;
  }
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
    if (tile.frame && tile.root.hidden) { tile.frame.remove(); tile.frame = null; }
    else if (tile.frame) drive(tile);
  }
  redraw();
};

const vote = async (tile, favourite) => {
  tile.favour.disabled = true;
  try {
    const answer = await fetch('/vote', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key: tile.now.key, favourite, note: tile.note.value }) });
    set(said, answer.ok ? (favourite ? 'You voted for ' + tile.now.name + '.' : 'Your vote is removed.') : await answer.text());
    if (answer.ok) tile.form.hidden = !favourite;
  } catch {
    set(said, 'copse serve does not answer: the vote was not saved.');
  }
  tile.favour.disabled = false;
};

const build = (key) => {
  const tile = { frame: null, generation: 0, origin: '', drivenAt: 0, refusal: '' };
  const id = 't-' + key;
  tile.root = make('article', 'tile');
  tile.root.id = id;
  tile.root.setAttribute('aria-labelledby', id + '-name');
  tile.name = make('h2');
  tile.name.id = id + '-name';
  tile.state = make('span', 'tag');
  tile.favour = make('button', 'favour');
  tile.favour.type = 'button';
  tile.open = make('a', '', 'Open in new tab');
  tile.open.target = '_blank';
  tile.open.rel = 'noopener noreferrer';
  tile.direct = make('a', '', 'Open without copse');
  tile.direct.target = '_blank';
  tile.direct.rel = 'noopener noreferrer';
  const title = make('div', 'title');
  title.append(tile.name, tile.state, tile.favour);
  tile.tags = make('ul', 'tags');
  tile.links = make('p', 'links');
  tile.links.append(tile.open, ' ', tile.direct);
  const facts = make('div', 'facts');
  facts.append(tile.tags);
  tile.said = make('details', 'said');
  tile.summary = make('div', 'prose');
  tile.summary.tabIndex = 0;
  tile.summary.setAttribute('role', 'group');
  tile.said.append(make('summary', '', 'Agent’s summary'), tile.summary);
  const more = make('div', 'more');
  more.append(tile.said, tile.links);
  tile.form = make('form', 'vote');
  tile.form.hidden = true;
  const label = make('label', '', 'Add a reason (optional)');
  tile.note = make('input');
  tile.note.type = 'text';
  tile.note.maxLength = 1000;
  tile.note.id = id + '-note';
  label.htmlFor = tile.note.id;
  tile.form.append(label, tile.note, make('button', '', 'Save'));
  tile.votes = make('ul', 'votes');
  tile.stage = make('div', 'stage');
  tile.down = make('div', 'down');
  tile.stage.append(tile.down);
  // Heads side by side share a height, whatever they contain: frames are compared, so they begin in one line.
  const head = make('div', 'head');
  head.append(title, facts, tile.form, tile.votes, more);
  tile.root.append(head, tile.stage);
  tile.tab = make('button', 'tab');
  tile.tab.type = 'button';
  tile.tab.addEventListener('click', () => choose(layout() === 'two' && view.first !== key ? 'two' : 'one', ...(layout() === 'two' ? [shown()[0], key] : [key])));
  tile.favour.addEventListener('click', () => vote(tile, !tile.now.mine));
  tile.form.addEventListener('submit', (event) => { event.preventDefault(); vote(tile, true); });
  return tile;
};

const downOf = ({ now, refusal }) => {
  const parts = [];
  if (!now.ready) {
    parts.push(make('p', 'big', now.name + ': ' + now.state.text), make('p', '', now.detail));
    if (now.tail !== '') { const log = make('pre', '', now.tail); log.tabIndex = 0; log.setAttribute('role', 'group'); log.setAttribute('aria-label', 'Last lines of its log'); parts.push(log); }
  } else if (refusal !== '') {
    const link = make('a', '', 'Open in new tab');
    link.href = now.origin + view.route;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    const line = make('p');
    line.append(link);
    parts.push(make('p', 'big', now.name + ' can’t be embedded.'), make('p', '', 'Forbidden by its ' + refusal + '.'), line);
  }
  return parts;
};
const draw = (tile, index) => {
  const { now } = tile;
  set(tile.name, now.name);
  set(tile.tab, (index < 9 ? index + 1 + '  ' : '') + now.name);
  if (index < 9) tile.tab.setAttribute('aria-keyshortcuts', String(index + 1));
  tile.tab.dataset.tone = now.state.tone;
  tile.tab.title = now.state.text;
  tile.state.className = 'tag ' + now.state.tone;
  set(tile.state, now.state.text);
  tile.tags.replaceChildren(...now.tags.map(({ tone, text }) => { const item = make('li'); item.append(make('span', 'tag ' + tone, text)); return item; }));
  tile.tags.hidden = now.tags.length === 0;
  tile.links.hidden = !now.ready;
  tile.direct.hidden = now.direct === null;
  if (now.direct !== null) tile.direct.href = now.direct;
  tile.said.hidden = now.summary === '';
  set(tile.summary, now.summary);
  tile.summary.setAttribute('aria-label', 'Summary of the agent of ' + now.name);
  tile.open.setAttribute('aria-label', 'Open in new tab: ' + now.name);
  tile.direct.setAttribute('aria-label', 'Open without copse: ' + now.name);
  tile.favour.hidden = !now.canVote;
  tile.favour.setAttribute('aria-pressed', String(now.mine));
  tile.favour.setAttribute('aria-label', (now.mine ? 'Voted for ' : 'Vote for ') + now.name);
  set(tile.favour, now.mine ? '★ Voted' : '☆ Vote');
  if (!now.mine) tile.form.hidden = true;
  const noted = now.votes.filter(({ note }) => note !== '').map(({ note, mine }) => (mine ? '★ ' : '☆ ') + note);
  const silent = now.votes.filter(({ note, mine }) => note === '' && !mine).length;
  const lines = silent === 0 ? noted : [...noted, '☆ ' + silent + (silent === 1 ? ' vote' : ' votes') + ' without a note'];
  tile.votes.replaceChildren(...lines.map((line) => make('li', '', line)));
  tile.votes.hidden = lines.length === 0;
  const down = JSON.stringify([now.name, now.ready, now.state.text, now.detail, now.tail, tile.refusal, now.ready ? view.route : '']);
  if (tile.downIs !== down) { tile.downIs = down; tile.down.replaceChildren(...downOf(tile)); }
  tile.down.hidden = tile.down.childElementCount === 0;
};
const redraw = () => { [...tiles.values()].forEach(draw); show(); };
const render = (next) => {
  state = next;
  const title = next.title === '' ? 'Side by side' : next.title + ' side by side';
  set(one('h1'), title);
  document.title = title;
  one('#report').hidden = !next.report;
  one('#blind').hidden = !next.blind;
  const keysNow = new Set(next.tiles.map(({ key }) => key));
  for (const [key, tile] of tiles) if (!keysNow.has(key)) { tile.root.remove(); tile.tab.remove(); tiles.delete(key); }
  next.tiles.forEach((now, index) => {
    let tile = tiles.get(now.key);
    if (!tile) {
      tile = build(now.key);
      tiles.set(now.key, tile);
      main.append(tile.root);
      tabs.append(tile.tab);
    }
    const first = tile.now === undefined;
    if (!first && tile.now.generation !== now.generation) tile.refusal = '';
    tile.now = now;
    if (first && now.mine) tile.note.value = now.votes.find(({ mine }) => mine)?.note ?? '';
    draw(tile, index);
  });
  show();
};

one('#go').addEventListener('submit', (event) => { event.preventDefault(); goTo(field.value); });
for (const button of document.querySelectorAll('button[data-layout]')) button.addEventListener('click', () => choose(button.dataset.layout));
one('#help').addEventListener('click', () => keys.showModal());
narrow.addEventListener('change', () => { if (state) show(); });
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !state || keys.open) return;
  if (event.target instanceof HTMLInputElement && event.target.type === 'text') { if (event.key === 'Escape') event.target.blur(); return; }
  const list = state.tiles.map(({ key }) => key);
  const digit = /^Digit([0-9])$/.exec(event.code)?.[1] ?? (/^[0-9]$/.test(event.key) ? event.key : null);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (digit === '0') choose('all');
  else if (digit !== null && list[digit - 1] !== undefined) event.shiftKey ? choose('two', shown()[0] === list[digit - 1] ? list.find((key) => key !== list[digit - 1]) : shown()[0], list[digit - 1]) : choose('one', list[digit - 1]);
  else if (step !== undefined) choose(layout() === 'two' ? 'two' : 'one', list[(list.indexOf(shown()[0]) + step + list.length) % list.length]);
  else if (event.key === '/') { field.focus(); field.select(); }
  else if (event.key === '?') keys.showModal();
  else if (event.key === 'r') goTo(view.route);
  else if (event.key === 'f') { const tile = tiles.get(shown()[0]); if (tile?.now.canVote) vote(tile, !tile.now.mine); }
  else return;
  event.preventDefault();
});

field.value = view.route;
remember();
const events = new EventSource('/events');
events.addEventListener('state', ({ data }) => { render(JSON.parse(data)); document.body.dataset.live = 'yes'; });
events.addEventListener('at', ({ data }) => {
  const { key, path, refusal } = JSON.parse(data);
  const tile = tiles.get(key);
  if (!tile) return;
  if (refusal !== tile.refusal) { tile.refusal = refusal; redraw(); }
  // Right after we moved a frame its app navigates, by a redirect: others must not be sent after it, and back.
  if (!follow.checked || path === '' || path === view.route.split('#')[0] || performance.now() - tile.drivenAt < 1500) return;
  goTo(path, tile);
});
events.onerror = () => { set(said, 'Connection lost. Retrying …'); document.body.dataset.live = 'no'; };
events.onopen = () => { if (document.body.dataset.live === 'no') set(said, ''); };
})();
`;
