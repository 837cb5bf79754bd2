/** The parts of highlight.js that copse uses. */
export declare const highlighter: {
  /** `value`: escaped HTML, `<span class="hljs-…">` around what has a colour, nested. */
  highlight(code: string, options: { readonly language: string; readonly ignoreIllegals: boolean }): { readonly value: string };
  getLanguage(nameOrAlias: string): object | undefined;
};
