import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import type { LabelledDecision, LabelledVote, Lead, PageVariant, VoteStore } from '../../model/reports/serve-page.ts';
import type { Keys } from './keys.ts';
import { isBlindFor } from './page-state.ts';
import type { Viewer } from './pass.ts';
import { readJson, sendEmpty, sendText } from './replies.ts';
import type { Viewers } from './viewers.ts';

interface Options {
  readonly keys: Keys;
  readonly viewers: Viewers;
  readonly votes: VoteStore;
  readonly blind: boolean;
  variants(): readonly PageVariant[];
  start(label: string): void;
  refresh(): Promise<void>;
  changed(): void;
}

const BODY_BYTES = 8 * 1024;
const short = z.string().check(z.maxLength(2_000));
const ballot = z.strictObject({ key: z.string(), favourite: z.boolean(), note: z.string(), name: z.string() });
const choice = z.strictObject({ key: z.nullable(z.string()), why: z.string() });
const votingSchema = z.strictObject({ open: z.boolean() });
const startSchema = z.strictObject({ key: z.string() });
const presentSchema = z.strictObject({ on: z.boolean() });
const leadSchema = z.strictObject({
  route: short,
  layout: short,
  first: short,
  second: short,
  width: short,
  zoom: short,
  scroll: z.number().check(z.gte(0), z.lte(1)),
});

/** What viewers do together: votes, the voting, the choice, and whose page the others follow. All of it comes as small JSON. */
export class Meeting {
  readonly #o: Options;
  #votes: readonly LabelledVote[] = [];
  #decision: LabelledDecision = { voting: 'open', choice: null };
  #presenter: string | null = null;
  #lead: Lead | null = null;

  constructor(o: Options) {
    this.#o = o;
  }

  /** Votes and decision as they are on disk: another command may have changed them. */
  async read(): Promise<void> {
    const [votes, decision] = await Promise.all([this.#o.votes.read(), this.#o.votes.decision()]);
    this.#votes = votes;
    this.#decision = decision;
  }

  get settled(): { readonly votes: readonly LabelledVote[]; readonly decision: LabelledDecision } {
    return { votes: this.#votes, decision: this.#decision };
  }

  get presenter(): string | null {
    return this.#presenter;
  }

  /** null: nobody presents. */
  get lead(): Lead | null {
    return this.#lead;
  }

  isBlindFor({ id }: Viewer): boolean {
    return isBlindFor({ blind: this.#o.blind, keys: this.#o.keys, ...this.settled }, id);
  }

  /** A page was closed: whoever presented with the last one no longer does. */
  left({ id }: Viewer): void {
    if (this.#presenter !== id || this.#o.viewers.has(id)) return;
    this.#presenter = null;
    this.#lead = null;
    this.#o.changed();
  }

  async onPost(path: string, req: IncomingMessage, res: ServerResponse, viewer: Viewer): Promise<void> {
    const json = req.headers['content-type']?.split(';')[0]?.trim() === 'application/json';
    const body = json ? await readJson(req, BODY_BYTES) : null;
    const owner = viewer.role === 'owner';
    if (path === '/vote') return this.#vote(body, res, viewer);
    if (!['/choose', '/voting', '/start', '/present', '/lead'].includes(path))
      return sendText(res, 404, 'There is nothing here.');
    if (!owner) return sendText(res, 403, 'Only the person who runs copse serve can do this.');
    if (path === '/choose') return this.#choose(body, res);
    if (path === '/voting') return this.#setVoting(body, res);
    if (path === '/start') return this.#start(body, res);
    if (path === '/present') return this.#present(body, res, viewer);
    return this.#drive(body, res, viewer);
  }

  async #vote(body: unknown, res: ServerResponse, viewer: Viewer): Promise<void> {
    const { success, data } = ballot.safeParse(body);
    const label = success ? this.#o.keys.labelOf(data.key) : null;
    if (!success || label === null || !this.#o.votes.has(label)) return sendText(res, 400, 'This is not a vote.');
    if (this.#decision.voting === 'closed') return sendText(res, 409, 'The voting is closed.');
    await this.#o.refresh();
    const { note, name } = data;
    const vote = { voter: viewer.id, label, note, name, commit: this.#commitOf(label), blind: this.isBlindFor(viewer) };
    await this.#save(res, 'The vote could not be saved.', () =>
      data.favourite ? this.#o.votes.cast(vote) : this.#o.votes.withdraw(viewer.id),
    );
  }

  async #choose(body: unknown, res: ServerResponse): Promise<void> {
    const { success, data } = choice.safeParse(body);
    const label = success && data.key !== null ? this.#o.keys.labelOf(data.key) : null;
    if (!success || (data.key !== null && (label === null || !this.#o.votes.has(label)))) {
      return sendText(res, 400, 'There is no such variant.');
    }
    await this.#o.refresh();
    await this.#save(res, 'The choice could not be saved.', () =>
      this.#o.votes.choose(label === null ? null : { label, why: data.why, commit: this.#commitOf(label) }),
    );
  }

  async #setVoting(body: unknown, res: ServerResponse): Promise<void> {
    const { success, data } = votingSchema.safeParse(body);
    if (!success) return sendText(res, 400, 'Open, or closed?');
    await this.#save(res, 'It could not be saved.', () => this.#o.votes.setVoting(data.open ? 'open' : 'closed'));
  }

  #start(body: unknown, res: ServerResponse): void {
    const { success, data } = startSchema.safeParse(body);
    const label = success ? this.#o.keys.labelOf(data.key) : null;
    if (label === null) return sendText(res, 400, 'There is no such variant.');
    this.#o.start(label);
    sendEmpty(res, 204);
  }

  #present(body: unknown, res: ServerResponse, viewer: Viewer): void {
    const { success, data } = presentSchema.safeParse(body);
    if (!success) return sendText(res, 400, 'On, or off?');
    this.#presenter = data.on ? viewer.id : null;
    this.#lead = null;
    sendEmpty(res, 204);
    this.#o.changed();
  }

  #drive(body: unknown, res: ServerResponse, viewer: Viewer): void {
    const { success, data } = leadSchema.safeParse(body);
    if (!success) return sendText(res, 400, 'This leads nowhere.');
    if (this.#presenter !== viewer.id) return sendText(res, 409, 'Somebody else presents.');
    this.#lead = data;
    this.#o.viewers.send('lead', ({ id }) => (id === viewer.id ? null : data));
    sendEmpty(res, 204);
  }

  async #save(res: ServerResponse, failure: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
      await this.read();
    } catch {
      // A full or read-only disk: the page says so, the rest goes on.
      return sendText(res, 500, failure);
    }
    sendEmpty(res, 204);
    this.#o.changed();
  }

  #commitOf(label: string) {
    return this.#o.variants().find((variant) => variant.label === label)?.commit ?? null;
  }
}
