/** What a person can be told of a run. */
export const NOTICE_KINDS = ['done', 'asks', 'limited', 'over-budget'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Where messages can be sent to by name; the value says where exactly. */
export const NOTICE_PLACES = ['webhook', 'slack', 'ntfy', 'command'] as const;
export type NoticePlace = (typeof NOTICE_PLACES)[number];

/** An entry of `notify`. A place can name environment variables (`$NAME`), so that no secret has to be in a file. */
export type NotifyEntry = 'desktop' | 'bell' | NotifyPlace;
export type NotifyPlace = { readonly [P in NoticePlace]?: string } & { readonly on?: readonly NoticeKind[] };

/** Of the setting: `true` is desktop and bell, `false` is nothing. */
export type NotifySetting = boolean | readonly NotifyEntry[];

export interface Notice {
  readonly kind: NoticeKind;
  readonly run: string;
  /** One sentence, without anything of the prompt. */
  readonly text: string;
}

export function entriesOf(setting: NotifySetting): readonly NotifyEntry[] {
  if (typeof setting !== 'boolean') return setting;
  return setting ? ['desktop', 'bell'] : [];
}
