import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import type { LabelledDecision, LabelledVote, Lead, PageVariant, VoteStore } from '../../model/reports/served-page.ts';
import { isBlindFor } from './page-state.ts';
import type { Viewer } from './pass.ts';
import { readJson, sendEmpty, sendText } from './replies.ts';
import type { VariantKeys } from './variant-keys.ts';
import type { Viewers } from './viewers.ts';

interface Options {
  readonly keys: VariantKeys;
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

interface Answer {
  readonly status: number;
  /** A sentence for the page; empty: none. */
  readonly text: string;
}

const DONE: Answer = { status: 204, text: '' };
const malformed = (text: string): Answer => ({ status: 400, text });

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

  /** null: no one presents. */
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
    const { status, text } = await this.#answer(path, json ? await readJson(req, BODY_BYTES) : null, viewer);
    if (text === '') sendEmpty(res, status);
    else sendText(res, status, text);
  }

  async #answer(path: string, body: unknown, viewer: Viewer): Promise<Answer> {
    if (path === '/vote') return this.#vote(body, viewer);
    const act = this.#ofOwner[path];
    if (act === undefined) return { status: 404, text: 'There is nothing here.' };
    if (viewer.role !== 'owner') return { status: 403, text: 'Only the person who runs copse serve can do this.' };
    return act(body, viewer);
  }

  readonly #ofOwner: Readonly<Record<string, (body: unknown, viewer: Viewer) => Answer | Promise<Answer>>> = {
    '/choose': (body) => this.#choose(body),
    '/voting': (body) => this.#setVoting(body),
    '/start': (body) => this.#start(body),
    '/present': (body, viewer) => this.#present(body, viewer),
    '/lead': (body, viewer) => this.#drive(body, viewer),
  };

  async #vote(body: unknown, viewer: Viewer): Promise<Answer> {
    const { success, data } = ballot.safeParse(body);
    const label = success ? this.#o.keys.labelOf(data.key) : null;
    if (!success || label === null || !this.#o.votes.has(label)) return malformed('This is not a vote.');
    if (this.#decision.voting === 'closed') return { status: 409, text: 'The voting is closed.' };
    await this.#o.refresh();
    const { note, name } = data;
    const vote = { voter: viewer.id, label, note, name, commit: this.#commitOf(label), blind: this.isBlindFor(viewer) };
    return this.#save('The vote could not be saved.', () =>
      data.favourite ? this.#o.votes.cast(vote) : this.#o.votes.withdraw(viewer.id),
    );
  }

  async #choose(body: unknown): Promise<Answer> {
    const { success, data } = choice.safeParse(body);
    const label = success && data.key !== null ? this.#o.keys.labelOf(data.key) : null;
    const isVariant = label !== null && this.#o.votes.has(label);
    if (!success || (data.key !== null && !isVariant)) return malformed('There is no such variant.');
    await this.#o.refresh();
    return this.#save('The choice could not be saved.', () =>
      this.#o.votes.choose(label === null ? null : { label, why: data.why, commit: this.#commitOf(label) }),
    );
  }

  async #setVoting(body: unknown): Promise<Answer> {
    const { success, data } = votingSchema.safeParse(body);
    if (!success) return malformed('Open, or closed?');
    return this.#save('It could not be saved.', () => this.#o.votes.setVoting(data.open ? 'open' : 'closed'));
  }

  #start(body: unknown): Answer {
    const { success, data } = startSchema.safeParse(body);
    const label = success ? this.#o.keys.labelOf(data.key) : null;
    if (label === null) return malformed('There is no such variant.');
    this.#o.start(label);
    return DONE;
  }

  #present(body: unknown, viewer: Viewer): Answer {
    const { success, data } = presentSchema.safeParse(body);
    if (!success) return malformed('On, or off?');
    this.#presenter = data.on ? viewer.id : null;
    this.#lead = null;
    this.#o.changed();
    return DONE;
  }

  #drive(body: unknown, viewer: Viewer): Answer {
    const { success, data } = leadSchema.safeParse(body);
    if (!success) return malformed('This leads nowhere.');
    if (this.#presenter !== viewer.id) return { status: 409, text: 'Another page presents.' };
    this.#lead = data;
    this.#o.viewers.send('lead', ({ id }) => (id === viewer.id ? null : data));
    return DONE;
  }

  async #save(failure: string, act: () => Promise<void>): Promise<Answer> {
    try {
      await act();
      await this.read();
    } catch {
      // A full or read-only disk: the page says so, everything else continues.
      return { status: 500, text: failure };
    }
    this.#o.changed();
    return DONE;
  }

  #commitOf(label: string) {
    return this.#o.variants().find((variant) => variant.label === label)?.commit ?? null;
  }
}
