/** What viewers share: the state as it comes, the voting, the presenter, and the keyboard. */
export const MEETING_SCRIPT = `
const drawMeeting = (next) => {
  const title = next.title === '' ? 'Side by side' : next.title;
  set(one('h1'), title);
  document.title = next.title === '' ? title : next.title + ' side by side';
  one('#report').hidden = !next.report;
  one('#blind').hidden = !next.blind;
  const outcome = one('#result');
  outcome.hidden = next.result === '';
  set(one('strong', outcome), next.result);
  set(one('span', outcome), next.why);
  const open = next.voting === 'open';
  set(one('#total'), next.total === 0 && open ? '' : votesText(next.total) + (open ? '' : ', closed'));
  set(one('#voting'), open ? 'Close voting' : 'Reopen voting');
  one('#lead').hidden = next.presenting === 'other';
  one('#lead').setAttribute('aria-pressed', String(next.presenting === 'you'));
  one('#stray').hidden = next.presenting !== 'other';
  one('#share').hidden = next.links.length === 0;
};
const render = (next) => {
  // The page of another copse, or other addresses of the frames, which this document may not load.
  if (next.build !== document.body.dataset.build) {
    if (sessionStorage.getItem('copse-build') === next.build) return say('This page is out of date. Open the link again.');
    sessionStorage.setItem('copse-build', next.build);
    location.reload();
    return;
  }
  sessionStorage.removeItem('copse-build');
  state = next;
  drawMeeting(next);
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
    const own = now.votes.find(({ mine }) => mine);
    if (first && own) { tile.note.value = own.note; if (own.name !== '') tile.voter.value = own.name; }
    draw(tile, index);
  });
  show();
};

let leadDue = null, strays = false;
/** The presenter's page says where it is, a few times a second at most. */
function lead() {
  if (state?.presenting !== 'you') return;
  leadDue ??= setTimeout(() => {
    leadDue = null;
    post('/lead', { route: view.route, layout: view.layout, first: view.first ?? '', second: view.second ?? '', width: view.width, zoom: view.zoom, scroll: view.scroll });
  }, 120);
}
let led = null;
const onLead = (next) => {
  led = next;
  if (strays || state?.presenting !== 'other') return;
  const { route, scroll } = next;
  for (const name of ['layout', 'first', 'second', 'width', 'zoom']) view[name] = next[name] || null;
  view.layout = among(LAYOUTS, view.layout, 'all');
  view.width = among(Object.keys(WIDTHS), view.width, 'fit');
  view.zoom ??= 'auto';
  if (asRoute(route) !== view.route) goTo(route); else { remember(); show(); }
  if (scroll !== view.scroll) scrollFrames(scroll);
};
one('#lead').addEventListener('click', async () => {
  const on = state.presenting !== 'you';
  if (await post('/present', { on })) say(on ? 'All open pages now follow yours.' : 'Everybody looks around by themselves again.');
});
one('#stray').addEventListener('click', ({ currentTarget }) => {
  strays = !strays;
  currentTarget.setAttribute('aria-pressed', String(strays));
  if (!strays && led) onLead(led);
});
one('#voting').addEventListener('click', () => post('/voting', { open: state.voting !== 'open' }));
const share = one('#share-dialog');
one('#share').addEventListener('click', () => {
  one('#codes').replaceChildren(...state.links.map((url, i) => {
    const figure = make('figure');
    const picture = make('img');
    picture.src = '/code.svg?link=' + i;
    picture.alt = 'QR code of the link ' + url.split('?')[0];
    picture.width = picture.height = 240;
    const caption = make('figcaption');
    caption.append(make('code', '', url), ' ', button('', 'Copy', async () => { await navigator.clipboard?.writeText(url); say('The link is copied.'); }));
    figure.append(picture, caption);
    return figure;
  }));
  share.showModal();
});

addEventListener('blur', () => { if (document.activeElement instanceof HTMLIFrameElement) for (const { more } of tiles.values()) more.open = false; });
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !state || keys.open || share.open) return;
  const { target } = event;
  if (event.key === 'Escape') {
    for (const { more, summaryLine } of tiles.values()) if (more.open) { more.open = false; summaryLine.focus(); }
    if (target instanceof HTMLInputElement) target.blur();
    return;
  }
  if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type !== 'checkbox')) return;
  const list = state.tiles.map(({ key }) => key);
  const digit = /^Digit([0-9])$/.exec(event.code)?.[1] ?? (/^[0-9]$/.test(event.key) ? event.key : null);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const how = layout();
  if (digit === '0') choose('all');
  else if (digit !== null && list[digit - 1] !== undefined) event.shiftKey ? choose('two', shown()[0] === list[digit - 1] ? list.find((key) => key !== list[digit - 1]) : shown()[0], list[digit - 1]) : choose(how === 'split' ? 'split' : 'one', list[digit - 1]);
  else if (step !== undefined) {
    const at = how === 'split' ? shown()[1] : shown()[0];
    const others = how === 'split' ? list.filter((key) => key !== base().key) : list;
    choose(how === 'two' || how === 'split' ? how : 'one', others[(others.indexOf(at) + step + others.length) % others.length]);
  } else if (event.key === '/') { if (one('#tools').hidden) one('#fold').click(); field.focus(); field.select(); }
  else if (event.key === '?') keys.showModal();
  else if (event.key === 'r') goTo(view.route);
  else if (event.key === 'p') present();
  else if (event.key === 'b') { if (base()) choose(how === 'split' ? 'one' : 'split'); }
  else if (event.key === 'w') { const names = Object.keys(WIDTHS); view.width = names[(names.indexOf(view.width) + 1) % names.length]; remember(); show(); say('Width: ' + view.width); }
  else if (event.key === 'f') {
    const votable = shown().map((key) => tiles.get(key)).filter(({ now }) => now.canVote);
    if (votable.length === 1) vote(votable[0], !votable[0].now.mine);
    else if (votable.length > 1) say('Show one variant alone to vote by key: 1, 2, 3 …');
  } else return;
  event.preventDefault();
});

field.value = view.route;
remember();
showTools();
const LOST = 'Connection lost. Retrying …';
const connect = () => {
  const events = new EventSource('/events');
  events.addEventListener('state', ({ data }) => { render(JSON.parse(data)); document.body.dataset.live = 'yes'; });
  events.addEventListener('at', ({ data }) => onLoaded(JSON.parse(data)));
  events.addEventListener('lead', ({ data }) => onLead(JSON.parse(data)));
  events.onopen = () => { if (document.body.dataset.live === 'no') say(''); };
  events.onerror = async () => {
    say(LOST);
    document.body.dataset.live = 'no';
    if (events.readyState !== EventSource.CLOSED) return;
    // The browser has given up: what answered was no stream of events.
    const answer = await fetch('/', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
    if (answer?.status === 401) say('This link is no longer valid. Open the one that copse serve prints now.');
    else setTimeout(connect, 1500);
  };
};
connect();
`;
