/** The frames: when they are alive, how wide they render, where they go, and what their documents report. */
export const STAGE_SCRIPT = `
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads allow-pointer-lock';
/** With more than these, frames out of sight are given up: each is a whole app. */
const MOST_ALIVE = 6;
const sizes = new ResizeObserver((entries) => { for (const { target } of entries) fit(target.tile); });
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) { target.tile.inSight = isIntersecting; if (state) settle(target.tile); }
}, { rootMargin: '25% 0px' });

/** Renders a frame at the width that was asked for, and scales it into its stage. */
const fit = ({ stage, screen, frame }) => {
  if (!frame) return;
  const room = { width: stage.clientWidth, height: stage.clientHeight };
  if (room.width === 0) return;
  const zoom = view.zoom === 'auto' ? 0 : Number(view.zoom) / 100;
  const width = WIDTHS[view.width] || Math.round(room.width / (zoom || 1));
  const scale = zoom || Math.min(1, room.width / width);
  screen.style.width = width * scale + 'px';
  frame.style.width = width + 'px';
  frame.style.height = room.height / scale + 'px';
  frame.style.transform = scale === 1 ? '' : 'scale(' + scale + ')';
  stage.classList.toggle('real', width * scale < room.width);
};
const unload = (tile) => { tile.frame?.remove(); tile.frame = null; };
const drive = (tile) => {
  const to = tile.now.origin + view.route;
  tile.drivenAt = performance.now();
  tile.driven = true;
  tile.heard = false;
  tile.refusal = '';
  tile.deaf = '';
  tile.generation = tile.now.generation;
  tile.origin = tile.now.origin;
  if (tile.frame) {
    // Not src: each variant would put a step of its own into the history.
    tile.frame.contentWindow.location.replace(to);
    return;
  }
  tile.frame = make('iframe');
  tile.frame.setAttribute('sandbox', SANDBOX);
  tile.frame.referrerPolicy = 'no-referrer';
  tile.frame.src = to;
  tile.frame.addEventListener('load', () => {
    if (tile.heard || tile.refusal !== '' || tile.deaf !== '') return;
    tile.deaf = 'its document was not loaded through copse';
    draw(tile);
  });
  tile.screen.append(tile.frame);
};
/** Brings the frame of a tile into the state that is wanted now. */
const settle = (tile) => {
  const isShown = !tile.root.hidden;
  const framed = tile.now.ready && tile.refusal === '';
  const near = tile.inSight || main.dataset.shown <= MOST_ALIVE;
  if (!framed || (isShown && !near)) unload(tile);
  // A hidden one is loaded when it is looked at.
  if (framed && isShown && near && (!tile.frame || tile.generation !== tile.now.generation || tile.origin !== tile.now.origin)) drive(tile);
  if (tile.frame) tile.frame.title = tile.now.name + ' at ' + view.route;
  tile.open.href = tile.now.origin + view.route;
  fit(tile);
};
const scrollFrames = (at, except) => {
  view.scroll = at;
  for (const tile of tiles.values()) if (tile !== except && tile.frame && !tile.root.hidden) tile.frame.contentWindow.postMessage({ copse: 'scroll', at }, tile.now.origin);
};
const follow = (path, tile) => {
  if (view.follow && path !== view.route) goTo(path, tile);
};
addEventListener('message', ({ source, origin, data }) => {
  // A document that is left has no window any more when its last word arrives.
  const tile = [...tiles.values()].find(({ frame, now }) => frame && (source ? frame.contentWindow === source : now.origin === origin));
  if (!tile || origin !== tile.now.origin || typeof data?.path !== 'string' || data.path.length > 2000) return;
  const { copse: what, path } = data;
  if (what === 'starts' || what === 'shows') {
    tile.heard = true;
    // A person left the document before this one; what the page itself or the app did moves no one else.
    if (tile.person && !tile.driven) follow(path, tile);
    tile.driven = tile.person = false;
    if (view.scroll > 0 && (view.together || state.presenting === 'other')) tile.frame.contentWindow.postMessage({ copse: 'scroll', at: view.scroll }, tile.now.origin);
  } else if (what === 'leaves') tile.person = data.person === true;
  else if (what === 'at' && data.person === true) follow(path, tile);
  else if (what === 'scrolls' && typeof data.at === 'number' && data.at >= 0 && data.at <= 1) {
    if (view.together || layout() === 'split') scrollFrames(data.at, tile);
    view.scroll = data.at;
    lead();
  }
});
const onLoaded = ({ key, path, refusal, deaf }) => {
  const tile = tiles.get(key);
  if (!tile) return;
  if (refusal !== tile.refusal || deaf !== tile.deaf) { tile.refusal = refusal; tile.deaf = deaf; redraw(); }
  // Its own script says the rest. Right after we moved a frame it is its app that continues, by a redirect.
  if (deaf === '' || path === '' || path === view.route.split('#')[0] || performance.now() - tile.drivenAt < 1500) return;
  follow(path, tile);
};
`;
