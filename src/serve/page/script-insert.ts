import { Transform, type TransformCallback } from 'node:stream';
import { policiesOf } from './framing.ts';
import { allowsOwnScript, CSP_FORBIDS, NO_DOCUMENT, SCRIPT_TAG } from './own-script.ts';

/** A document says by then what it allows. */
const HEAD_BYTES = 64 * 1024;

/**
 * Puts our script behind the doctype of a document, where no parser is surprised by it: what follows is read as if it were not there. A
 * fragment, another encoding, or a document whose `meta` policy forbids it pass as they are.
 */
export class ScriptInsert extends Transform {
  readonly #origin: string;
  readonly #onKept: (why: string) => void;
  #head: Buffer | null = Buffer.alloc(0);

  /** @param onKept the document passes without the script, and why. */
  constructor(origin: string, onKept: (why: string) => void) {
    super();
    this.#origin = origin;
    this.#onKept = onKept;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    if (this.#head === null) {
      done(null, chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    const text = this.#head.toString('latin1');
    const complete = this.#head.length >= HEAD_BYTES || !mayBeDocument(text) || /<\/head|<body/i.test(text);
    if (complete) this.#decide(text);
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.#head !== null) this.#decide(this.#head.toString('latin1'));
    done();
  }

  #decide(text: string): void {
    const head = this.#head ?? Buffer.alloc(0);
    this.#head = null;
    const at = START.exec(text)?.[0].length ?? 0;
    const why = at === 0 ? NO_DOCUMENT : metaForbids(text, this.#origin) ? CSP_FORBIDS : '';
    if (why === '') this.push(Buffer.concat([head.subarray(0, at), Buffer.from(SCRIPT_TAG), head.subarray(at)]));
    else {
      if (head.length > 0) this.push(head);
      this.#onKept(why);
    }
  }
}

/** Byte order mark, white space, comments, doctype. */
const START = /^(?:\xef\xbb\xbf)?\s*(?:<!--[\s\S]*?-->\s*)*<!doctype[^>]*>/i;

/** Whether more of it may still show that it begins with a doctype. */
function mayBeDocument(text: string): boolean {
  if (START.test(text)) return true;
  const rest = text.replace(/^(?:\xef\xbb\xbf)?\s*(?:<!--[\s\S]*?-->\s*)*/, '').toLowerCase();
  return ['<!doctype', '<!--'].some((start) => start.startsWith(rest.slice(0, start.length)) || rest.startsWith(start));
}

const META = /<meta\b[^>]*http-equiv\s*=\s*["']?content-security-policy["']?[^>]*>/gi;

function metaForbids(text: string, origin: string): boolean {
  return [...text.matchAll(META)].some(([tag]) => {
    const content = /\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag);
    const policy = (content?.[1] ?? content?.[2] ?? '').replace(/&#0*39;|&#x0*27;|&apos;/gi, "'").replaceAll('&quot;', '"');
    return policiesOf(policy).some((one) => !allowsOwnScript(one, origin));
  });
}
