import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileFollower, LineSplitter, tooLongLine } from '../../../src/system/follow.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

const texts = (lines: readonly Buffer[]): string[] => lines.map((line) => line.toString('utf8'));

describe('LineSplitter', () => {
  test('gives the same lines however the bytes are cut', () => {
    const text = Buffer.from('{"a":"é"}\n\n{"b":"👍"}\nrest');
    for (let size = 1; size <= text.length; size += 1) {
      const splitter = new LineSplitter();
      const lines: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) lines.push(...splitter.push(text.subarray(at, at + size)));
      expect(texts(lines)).toEqual(['{"a":"é"}', '', '{"b":"👍"}']);
      expect(splitter.rest().toString('utf8')).toBe('rest');
      expect(splitter.rest()).toHaveLength(0);
    }
  });

  test('keeps nothing of a line over the limit but its length', () => {
    const splitter = new LineSplitter({ maxLineBytes: 10 });
    for (let count = 0; count < 100; count += 1) expect(splitter.push(Buffer.from('xxxxx'))).toEqual([]);
    expect(splitter.push(Buffer.from('\nshort\n'))).toEqual([tooLongLine(500), Buffer.from('short')]);
  });
});

describe('FileFollower', () => {
  test('brings complete lines as they come, and the torn one at the end', async () => {
    const path = join(await temporaryFolder(), 'log');
    const follower = new FileFollower(path);
    expect(await follower.poll()).toEqual([]);
    await writeFile(path, 'one\ntw');
    expect(texts(await follower.poll())).toEqual(['one']);
    expect(follower.offset).toBe(4);
    expect(await follower.poll()).toEqual([]);
    await appendFile(path, 'o\nthree');
    expect(texts(await follower.poll())).toEqual(['two']);
    expect(texts(await follower.drain())).toEqual(['three']);
  });

  test('another one goes on at its offset', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'one\ntwo\nthr');
    const first = new FileFollower(path);
    await first.poll();
    await first.close();
    await appendFile(path, 'ee\n');
    expect(texts(await new FileFollower(path, { offset: first.offset }).drain())).toEqual(['three']);
  });

  test('takes a large backlog in several polls', async () => {
    const path = join(await temporaryFolder(), 'log');
    const line = `${'x'.repeat(1023)}\n`;
    await writeFile(path, line.repeat(20 * 1024));
    const follower = new FileFollower(path);
    let lines = (await follower.poll()).length;
    expect(follower.behind).toBe(true);
    expect(lines).toBeLessThan(20 * 1024);
    lines += (await follower.drain()).length;
    expect(lines).toBe(20 * 1024);
    expect(follower.behind).toBe(false);
  });

  test('starts over with a file that was cut short', async () => {
    const path = join(await temporaryFolder(), 'log');
    await writeFile(path, 'one\ntwo\nto');
    const follower = new FileFollower(path);
    await follower.poll();
    await writeFile(path, 'new\n');
    expect(texts(await follower.drain())).toEqual(['new']);
  });
});
