/** One entry of a readable transcript, from whatever stream the agent writes. Texts are stripped of control characters. */
export type TranscriptEntry =
  | { readonly kind: 'start'; readonly model: string | null; readonly sessionId: string | null }
  | { readonly kind: 'text'; readonly text: string; readonly subagent: boolean }
  | { readonly kind: 'tool'; readonly id: string; readonly tool: string; readonly input: string; readonly subagent: boolean }
  | { readonly kind: 'tool-result'; readonly id: string; readonly text: string; readonly failed: boolean }
  | { readonly kind: 'denied'; readonly tool: string; readonly input: string; readonly reason: string }
  | { readonly kind: 'notice'; readonly text: string }
  | {
      readonly kind: 'result';
      readonly ok: boolean;
      readonly text: string;
      readonly turns: number;
      readonly costUsd: number | null;
    };
