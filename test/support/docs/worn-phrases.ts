/** A worn phrase, its line, and what to write instead. */
export interface WornPhrase {
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}

/*
 * Phrases that read translated, and what to write instead: docs, help and messages once were full of them. The list is short on purpose, and
 * none of these has another meaning here.
 */
const WORN: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/(?<![/-])\bmend(s|ed|ing)?\b(?!-)/i, 'fix, repair'],
  [/\bbr(ing|ings|ought) home\b|\bbr(ing|ings|ought) \w+ home\b/i, 'collect, finish'],
  [/\bgo(es)? on (in the background|when|by itself|where)\b/i, 'keep running, continue'],
  [/\bgo on:|\bgo on with\b/i, 'continue'],
  [/\btells? of\b|\bis told besides\b/i, 'report, list, warn'],
  [/\bsomebody('s)?\b/i, 'name who: the user, another process'],
  [/\bnobody('s)?\b/i, 'no one, none, name who'],
  [/\b(goes|went) on\b(?! the)/i, 'continue, keep running'],
  [/\bof (ours|yours|somebody's)\b/i, 'our, your'],
  [/\bstands? (in|at|open|there|beside|twice)\b/i, 'is, are'],
  [/\bwhat stands\b/i, 'a noun'],
  [/\bstood\b/i, 'was'],
  [/^To know\b/, 'Before you choose'],
  [/\ball the same\b/i, 'anyway'],
  [/\bcut short\b/i, 'interrupted'],
  [/\bhalf.made\b/i, 'incomplete'],
  [/\bfor good\b/i, 'permanently'],
  [/\bwithout a word\b/i, 'silently'],
  [/\bpassing failure/i, 'transient failure'],
  [/\bnot approved any more\b|\bis not there any more\b/i, 'no longer'],
  [/\bto land on\b|\b(has|have) landed as\b|\bwould land\b/i, 'merge'],
  [/\bclear(s|ed)? away\b/i, 'remove'],
  [/\bwhere you stand\b|\bwhere (it|they|I) stands?\b/i, 'its state'],
];

/** Every worn phrase of a text, with the line it is on. */
export function wornPhrases(text: string): readonly WornPhrase[] {
  return text.split('\n').flatMap((line, i) =>
    WORN.flatMap(([phrase, instead]) => {
      const found = phrase.exec(line)?.[0];
      return found === undefined ? [] : [{ line: i + 1, found, instead }];
    }),
  );
}

/** Comments, what is imported, strings; within a string what is filled in. */
const TOKEN =
  /\/\/[^\n]*|\b(?:from |import\()'[^']*'|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** A source with nothing but its strings, each on its line. */
export function stringsOnly(source: string): string {
  return only(source, (token) => (/^['"`]/.test(token) ? token.replace(/\$\{[\w.]*\}/g, '…') : ''));
}

/** A source with nothing but its comments, each on its line. */
export function commentsOnly(source: string): string {
  return only(source, (token) => (/^\/[/*]/.test(token) ? token : ''));
}

/** What `keep` leaves of each token, each on its line. */
function only(source: string, keep: (token: string) => string): string {
  let kept = '';
  let at = 0;
  for (const { 0: token, index } of source.matchAll(TOKEN)) {
    const text = keep(token);
    kept += blank(source.slice(at, index)) + (text === '' ? blank(token) : text);
    at = index + token.length;
  }
  return kept;
}

const blank = (text: string): string => text.replace(/[^\n]+/g, ' ');
