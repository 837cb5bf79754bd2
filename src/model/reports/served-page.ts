import type { CheckStatus } from '../evidence/check.ts';
import type { Instant, RunId, VariantName } from '../ids.ts';
import type { Changes, Outcome } from '../outcome.ts';

/** The state of a variant's server. */
export type ServerState = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopped';

/** A variant as the page of `copse serve` gets it. */
export interface PageVariant {
  /** `dark`, or `ui-2/dark` where several runs are served. */
  readonly label: string;
  /** Where its server listens, on 127.0.0.1 or [::1]. */
  readonly port: number;
  /** Its own address, past the page: `http://127.0.0.1:41234/`. */
  readonly url: string;
  readonly state: ServerState;
  /** One sentence on the state. */
  readonly detail: string;
  /** The last lines of its log, for a state that is not `ready`. */
  readonly tail?: readonly string[];
  /** null: not finished, or the base. */
  readonly outcome: Outcome | null;
  readonly checks: readonly { readonly name: string; readonly status: CheckStatus }[];
  readonly summary: string;
  readonly costUsd: number;
  readonly changes: Changes | null;
}

export type Tone = 'good' | 'bad' | 'warn' | 'open';

/** A few words with a meaning that colour repeats. */
export interface Tag {
  readonly tone: Tone;
  readonly text: string;
}

/** The facts beside a variant, in words: made by the view, shown as text. */
export interface TileFacts {
  readonly state: Tag;
  readonly detail: string;
  readonly tail: string;
  readonly tags: readonly Tag[];
  readonly summary: string;
}

/** A variant as the browser gets it. */
export interface PageTile extends TileFacts {
  /** Its place in addresses; says nothing of its name in blind mode. */
  readonly key: string;
  readonly name: string;
  /** The address of its frame, without a slash at the end. */
  readonly origin: string;
  /** null: hidden, or not reachable for this browser. */
  readonly direct: string | null;
  readonly ready: boolean;
  /** Increases each time its server becomes ready: a frame of an older one is loaded anew. */
  readonly generation: number;
  readonly canVote: boolean;
  readonly mine: boolean;
  readonly votes: readonly { readonly note: string; readonly mine: boolean }[];
}

/** A frame of one viewer's has loaded a document. */
export interface FrameLoaded {
  readonly key: string;
  readonly path: string;
  /** Why the document is not shown in a frame; empty if it is. */
  readonly refusal: string;
}

/** The contents of the page, for one viewer. */
export interface PageState {
  readonly title: string;
  /** Names are hidden from this viewer until the vote. */
  readonly blind: boolean;
  readonly report: boolean;
  readonly tiles: readonly PageTile[];
}

/** A document and the policy that it needs. */
export interface PolicedHtml {
  readonly html: string;
  readonly policy: string;
}

/** The parts that the view makes for the page: the station knows no HTML. */
export interface PageHtml {
  /** @param frames origins of the frames */
  page(o: { readonly title: string; readonly frames: readonly string[] }): PolicedHtml;
  /** Redirects to the origin `probe` if the browser finds it, else stays. */
  entrance(o: { readonly probe: string }): PolicedHtml;
  /** Says one thing. */
  notice(o: { readonly title: string; readonly sentence: string; readonly detail: string }): PolicedHtml;
  facts(variant: PageVariant): TileFacts;
}

/** A person's favourite of a run. */
export interface Vote {
  /** Random; tells viewers apart and does not identify them. */
  readonly voter: string;
  readonly variant: VariantName;
  readonly note: string;
  readonly at: Instant;
  /** Cast while the names were hidden. */
  readonly blind: boolean;
}

/** Favourites of what is served, by label. */
export interface VoteStore {
  /** Whether a vote for it has a run to be kept with; the base has none. */
  has(label: string): boolean;
  read(): Promise<readonly LabelledVote[]>;
  /** One vote a voter: an earlier one, also for another variant, gives way. */
  cast(o: { readonly voter: string; readonly label: string; readonly note: string; readonly blind: boolean }): Promise<void>;
  withdraw(voter: string): Promise<void>;
}

export interface LabelledVote extends Vote {
  readonly run: RunId;
  readonly label: string;
}
