/** A tile for each variant: one line, its stage, and a panel over the stage with the rest, so that nothing moves the app. */
export const TILES_SCRIPT = `
const NAME = 'copse-name';
const stored = () => { try { return localStorage.getItem(NAME) ?? ''; } catch { return ''; } };
const keep = (name) => { try { localStorage.setItem(NAME, name); } catch { /* A browser that keeps nothing asks again. */ } };
const textField = (id, text, most) => {
  const label = make('label', '', text);
  const input = make('input');
  input.type = 'text';
  input.id = label.htmlFor = id;
  input.maxLength = most;
  return [label, input];
};
const link = (text) => {
  const element = make('a', '', text);
  element.target = '_blank';
  element.rel = 'noopener noreferrer';
  return element;
};
const vote = async (tile, favourite) => {
  tile.favour.disabled = true;
  keep(tile.voter.value.trim());
  if (await post('/vote', { key: tile.now.key, favourite, note: tile.note.value, name: tile.voter.value.trim() })) {
    say(favourite ? 'You voted for ' + tile.now.name + '.' : 'Your vote is removed.');
    tile.more.open = favourite && !tile.more.open ? true : false;
  }
  tile.favour.disabled = false;
};
const build = (key) => {
  const tile = { frame: null, generation: '', origin: '', drivenAt: 0, refusal: '', deaf: '', inSight: false };
  const id = 't-' + key;
  tile.root = make('article', 'tile');
  tile.root.id = id;
  tile.root.setAttribute('aria-labelledby', id + '-name');
  tile.name = make('h2');
  tile.name.id = id + '-name';
  tile.state = make('span', 'tag');
  tile.work = make('span', 'tag');
  tile.chosen = make('span', 'tag good', '★ chosen');
  tile.unfollowed = make('span', 'tag warn', 'not followed');
  tile.tags = make('ul', 'tags');
  tile.count = make('span', 'count');
  tile.favour = button('favour', '', () => vote(tile, !tile.now.mine));
  tile.more = make('details', 'more');
  tile.more.setAttribute('name', 'more');
  tile.summaryLine = make('summary', '', 'Details');
  const panel = make('div', 'panel');
  tile.more.append(tile.summaryLine, panel);
  const head = make('div', 'head');
  head.append(tile.name, tile.state, tile.work, tile.chosen, tile.unfollowed, tile.tags, tile.count, tile.more, tile.favour);

  tile.form = make('form', 'vote');
  const [noteLabel, note] = textField(id + '-note', 'Add a reason (optional)', 1000);
  const [voterLabel, voter] = textField(id + '-voter', 'Name or initials (optional)', 60);
  Object.assign(tile, { note, voter });
  tile.voter.value = stored();
  tile.form.append(noteLabel, note, voterLabel, voter, make('button', '', 'Save'));
  tile.form.addEventListener('submit', (event) => { event.preventDefault(); tile.more.open = true; vote(tile, true); });
  tile.votes = make('ul', 'votes');
  tile.settle = make('form', 'vote');
  const [whyLabel, why] = textField(id + '-why', 'Why (optional)', 1000);
  tile.why = why;
  tile.decide = make('button', 'decide');
  tile.settle.append(whyLabel, why, tile.decide);
  tile.settle.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { chosen, name } = tile.now;
    if (await post('/choose', { key: chosen ? null : key, why: why.value })) say(chosen ? 'The choice is taken back.' : name + ' is chosen.');
  });
  tile.all = make('ul', 'tags');
  tile.deafLine = make('p', 'legend');
  tile.said = make('details', 'said');
  tile.summary = make('div', 'prose');
  tile.summary.tabIndex = 0;
  tile.summary.setAttribute('role', 'group');
  tile.said.append(make('summary', '', 'Agent’s summary'), tile.summary);
  tile.open = link('Open in new tab');
  tile.direct = link('Open without copse');
  tile.log = link('Show log');
  tile.log.href = '/log?key=' + encodeURIComponent(key);
  tile.links = make('p', 'links');
  tile.links.append(tile.open, tile.direct, tile.log);
  panel.append(tile.form, tile.votes, tile.settle, tile.all, tile.said, tile.deafLine, tile.links);

  tile.stage = make('div', 'stage');
  tile.screen = make('div', 'screen');
  tile.down = make('div', 'down');
  tile.stage.append(tile.screen, tile.down);
  tile.stage.tile = tile.root.tile = tile;
  tile.root.append(head, tile.stage);
  sizes.observe(tile.stage);
  sight.observe(tile.root);
  tile.tab = button('tab', '', () => choose(...({ two: view.first !== key ? ['two', shown()[0], key] : ['two', key], split: ['split', key] }[layout()] ?? ['one', key])));
  return tile;
};
const downOf = ({ now, refusal }) => {
  const parts = [];
  const row = make('p', 'links');
  if (!now.ready) {
    parts.push(make('p', 'big', now.name + ': ' + (now.work?.text === 'removed' ? 'removed' : now.state.text)), make('p', '', now.detail));
    if (now.tail !== '') { const log = make('pre', '', now.tail); log.tabIndex = 0; log.setAttribute('role', 'group'); log.setAttribute('aria-label', 'Last lines of the log of ' + now.name); parts.push(log); }
    if (now.canStart) row.append(button('', 'Start again', async ({ currentTarget }) => { currentTarget.disabled = true; if (await post('/start', { key: now.key })) say('Starting ' + now.name + '.'); }));
    if (state.owner) { const log = link('Show log'); log.href = '/log?key=' + encodeURIComponent(now.key); row.append(log); }
  } else if (refusal !== '') {
    const open = link('Open in new tab');
    open.href = now.origin + view.route;
    row.append(open);
    parts.push(make('p', 'big', now.name + ' can’t be embedded.'), make('p', '', 'Forbidden by its ' + refusal + '.'));
  }
  return row.childElementCount > 0 ? [...parts, row] : parts;
};
const tagItems = (tags) => tags.map(({ tone, text }) => { const item = make('li'); item.append(make('span', 'tag ' + tone, text)); return item; });
const votesText = (n) => (n === 1 ? '1 vote' : n + ' votes');
const draw = (tile, index) => {
  const { now } = tile;
  const title = now.letter !== '' && now.letter !== now.name ? now.letter + ' · ' + now.name : now.name;
  set(tile.name, title);
  if (index !== undefined) {
    set(tile.tab, (index < 9 ? index + 1 + '  ' : '') + title);
    if (index < 9) tile.tab.setAttribute('aria-keyshortcuts', String(index + 1));
  }
  tile.tab.dataset.tone = now.state.tone;
  tile.tab.dataset.chosen = now.chosen ? 'yes' : 'no';
  tile.tab.title = now.state.text;
  tile.state.className = 'tag ' + now.state.tone;
  tile.state.hidden = now.ready;
  set(tile.state, now.state.text);
  tile.work.hidden = now.work === null;
  if (now.work !== null) { tile.work.className = 'tag ' + now.work.tone; set(tile.work, now.work.text); }
  tile.chosen.hidden = !now.chosen;
  tile.unfollowed.hidden = !(view.follow && now.ready && tile.deaf !== '');
  tile.deafLine.hidden = tile.deaf === '' || !now.ready;
  set(tile.deafLine, 'Links that this app handles by script, and its scroll, can’t be followed: ' + tile.deaf + '.');
  tile.tags.replaceChildren(...tagItems(now.tags));
  tile.all.replaceChildren(...tagItems(now.tags));
  tile.direct.hidden = now.direct === null || !now.ready;
  if (now.direct !== null) tile.direct.href = now.direct;
  tile.open.hidden = !now.ready;
  tile.log.hidden = !state.owner;
  tile.said.hidden = now.summary === '';
  set(tile.summary, now.summary);
  tile.summary.setAttribute('aria-label', 'Summary of the agent of ' + now.name);
  tile.summaryLine.setAttribute('aria-label', 'Details of ' + now.name);
  tile.open.setAttribute('aria-label', 'Open in new tab: ' + now.name);
  tile.direct.setAttribute('aria-label', 'Open without copse: ' + now.name);
  tile.log.setAttribute('aria-label', 'Show log of ' + now.name);
  const known = now.count === null ? '' : votesText(now.count);
  tile.favour.hidden = !now.canVote;
  tile.favour.setAttribute('aria-pressed', String(now.mine));
  tile.favour.setAttribute('aria-label', (now.mine ? 'Voted for ' : 'Vote for ') + now.name);
  set(tile.favour, now.mine ? '★ Voted' : '☆ Vote');
  tile.count.hidden = known === '' || now.isBase || (now.canVote && now.count === 0);
  set(tile.count, known);
  tile.form.hidden = !now.mine || !now.canVote;
  tile.settle.hidden = !state.owner || now.isBase || state.blind;
  set(tile.decide, now.chosen ? 'Take the choice back' : 'Choose ' + now.name);
  tile.why.hidden = now.chosen;
  tile.why.previousElementSibling.hidden = now.chosen;
  const line = ({ name, note, changed, mine }) => {
    const item = make('li', '', (name === '' ? '' : name + ': ') + (note === '' ? (mine ? 'your vote' : 'no reason') : note));
    if (changed) item.append(' ', make('span', 'tag warn', 'changed since'));
    return item;
  };
  // A viewer's own note is in the form above.
  const others = now.votes.filter((one) => !one.mine || one.changed || !now.canVote);
  const told = others.filter(({ name, note, changed }) => name !== '' || note !== '' || changed);
  const lines = told.map(line);
  if (others.length > told.length) lines.push(make('li', '', votesText(others.length - told.length) + ' without a reason'));
  tile.votes.replaceChildren(...lines);
  tile.votes.hidden = lines.length === 0;
  const down = JSON.stringify([now, tile.refusal, now.ready ? view.route : '']);
  if (tile.downIs !== down) { tile.downIs = down; tile.down.replaceChildren(...downOf(tile)); }
  tile.down.hidden = tile.down.childElementCount === 0;
};
const redraw = () => { [...tiles.values()].forEach(draw); show(); };
`;
