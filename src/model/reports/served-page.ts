import type { Voting } from '../decision.ts';
import type { CheckStatus } from '../evidence/check.ts';
import type { CommitId, Instant, RunId, VariantName } from '../ids.ts';
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
  /** What happens, or happened, to it while people watch; null: nothing. */
  readonly work: WorkState | null;
  /** Tip of its branch; null: unknown, or the base. */
  readonly commit: CommitId | null;
}

/** What another command does, or did, to a variant that is served. */
export type WorkState = 'working' | 'working-again' | 'merged' | 'removed';

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
  /** {@link WorkState} in words. */
  readonly work: Tag | null;
}

/** A variant as the browser gets it. */
export interface PageTile extends TileFacts {
  /** Its place in addresses; says nothing of its name in blind mode. */
  readonly key: string;
  /** Its letter in blind mode, also after the vote; else empty. */
  readonly letter: string;
  readonly isBase: boolean;
  readonly name: string;
  /** The address of its frame, without a slash at the end. */
  readonly origin: string;
  /** null: hidden, or not reachable for this browser. */
  readonly direct: string | null;
  readonly ready: boolean;
  /** Another one each time its server becomes ready: a frame of an older one is loaded anew. */
  readonly generation: string;
  readonly canVote: boolean;
  /** This viewer may start its server again. */
  readonly canStart: boolean;
  readonly mine: boolean;
  readonly chosen: boolean;
  /** null: hidden from this viewer until the vote. */
  readonly count: number | null;
  /** Those that this viewer may see, the viewer's own included. */
  readonly votes: readonly PageVote[];
}

export interface PageVote {
  /** Empty: the voter gave none. */
  readonly name: string;
  readonly note: string;
  readonly mine: boolean;
  /** The variant has changed since. */
  readonly changed: boolean;
}

/** A frame of one viewer's has loaded a document. */
export interface FrameLoaded {
  readonly key: string;
  readonly path: string;
  /** Why the document is not shown in a frame; empty if it is. */
  readonly refusal: string;
  /** Why the page cannot follow what its app does by script; empty where it can. */
  readonly deaf: string;
}

/** What a presenter's page shows, for the others to follow. */
export interface Lead {
  readonly route: string;
  readonly layout: string;
  readonly first: string;
  readonly second: string;
  readonly width: string;
  readonly zoom: string;
  /** Place in a frame from top to bottom, 0 to 1. */
  readonly scroll: number;
}

/** The contents of the page, for one viewer. */
export interface PageState {
  readonly title: string;
  /** Names are hidden from this viewer until the vote. */
  readonly blind: boolean;
  readonly report: boolean;
  readonly tiles: readonly PageTile[];
  readonly voting: Voting;
  /** Of all viewers. */
  readonly total: number;
  /** `Chosen: light, 7 of 12`, or how the closed voting ended; empty as long as neither is known. */
  readonly result: string;
  readonly why: string;
  /** This viewer chooses, and closes the voting. */
  readonly owner: boolean;
  /** Links for others on the network, for the owner. */
  readonly links: readonly string[];
  readonly presenting: 'you' | 'other' | null;
  /** The document and its frames as they are now: a page of another build loads anew. */
  readonly build: string;
}

/** A document and the policy that it needs. */
export interface PolicedHtml {
  readonly html: string;
  readonly policy: string;
}

/** The parts that the view makes for the page: the station knows no HTML. */
export interface PageHtml {
  /** @param frames origins of the frames */
  page(o: { readonly title: string; readonly frames: readonly string[]; readonly build: string }): PolicedHtml;
  /** Tells one style and script from the next. */
  readonly build: string;
  /** A link as a picture to scan, SVG. */
  code(link: string): Promise<string>;
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
  /** Name or initials, if the voter gave them; else empty. */
  readonly name: string;
  /** What the voter saw; null: unknown. */
  readonly commit: CommitId | null;
  readonly at: Instant;
  /** Cast while the names were hidden. */
  readonly blind: boolean;
}

/** Votes for what is served, and what came of them, by label. */
export interface VoteStore {
  /** Whether a vote for it has a run to be kept with; the base has none. */
  has(label: string): boolean;
  read(): Promise<readonly LabelledVote[]>;
  /** One vote a voter: an earlier one, also for another variant, gives way. */
  cast(o: Ballot): Promise<void>;
  withdraw(voter: string): Promise<void>;
  decision(): Promise<LabelledDecision>;
  setVoting(voting: Voting): Promise<void>;
  /** null: takes the choice back. */
  choose(choice: { readonly label: string; readonly why: string; readonly commit: CommitId | null } | null): Promise<void>;
}

export interface Ballot {
  readonly voter: string;
  readonly label: string;
  readonly note: string;
  readonly name: string;
  readonly commit: CommitId | null;
  readonly blind: boolean;
}

export interface LabelledDecision {
  readonly voting: Voting;
  readonly choice: { readonly label: string; readonly why: string } | null;
}

export interface LabelledVote extends Vote {
  readonly run: RunId;
  readonly label: string;
}
