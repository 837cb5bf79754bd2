/** A fenced block of a Markdown page. */
export interface FencedBlock {
  /** The word after the fence: `sh`, `yaml`, `text`, `ts`. */
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** Instructions to the test right above it, `<!-- name: value -->`; a bare one has the value ''. */
  readonly marks: Readonly<Record<string, string>>;
}

const MARK = /^<!-- ([a-z][a-z ]*?)(?:: (.*?))? -->$/;

/** The fenced blocks of a page in their order. */
export function fencedBlocks(markdown: string): readonly FencedBlock[] {
  const blocks: FencedBlock[] = [];
  const lines = markdown.split('\n');
  let marks: Record<string, string> = {};
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const mark = MARK.exec(line);
    if (mark !== null) marks[mark[1] ?? ''] = mark[2] ?? '';
    else if (line.startsWith('```')) {
      const end = lines.indexOf('```', i + 1);
      if (end < 0) throw new Error(`the block of line ${i + 1} is not closed`);
      const text = `${lines.slice(i + 1, end).join('\n')}\n`;
      blocks.push({ language: line.slice(3).trim(), text, line: i + 1, marks });
      marks = {};
      i = end;
    } else if (line !== '') marks = {};
  }
  return blocks;
}
