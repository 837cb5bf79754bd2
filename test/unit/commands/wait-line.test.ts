import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withWaitLine } from '../../../src/commands/wait-line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function terminal(isTTY: boolean): { readonly written: string[]; readonly stderr: NodeJS.WriteStream } {
  const written: string[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { written, stderr };
}

async function takes(ms: number, isTTY: boolean): Promise<string[]> {
  const { written, stderr } = terminal(isTTY);
  const done = withWaitLine({ stderr }, 'Looking …', () => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  await vi.advanceTimersByTimeAsync(ms);
  await done;
  return written;
}

test('says on a terminal what takes longer than a second, and takes the line back', async () => {
  expect(await takes(900, true)).toEqual([]);
  expect(await takes(5_000, true)).toEqual(['Looking …', '\r\x1b[K']);
  expect(await takes(5_000, false)).toEqual([]);
});

test('takes the line back where it fails, too', async () => {
  const { written, stderr } = terminal(true);
  const done = withWaitLine({ stderr }, 'Looking …', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    throw new Error('no');
  });
  const failed = expect(done).rejects.toThrow('no');
  await vi.advanceTimersByTimeAsync(2_000);
  await failed;
  expect(written).toEqual(['Looking …', '\r\x1b[K']);
});

test('says more as it learns more, from the first second on', async () => {
  const { written, stderr } = terminal(true);
  const done = withWaitLine({ stderr }, 'Looking …', async (say) => {
    for (const n of [1, 2, 2, 3]) {
      await new Promise((resolve) => setTimeout(resolve, 600));
      say(`${n} of 3`);
    }
  });
  await vi.advanceTimersByTimeAsync(2_400);
  await done;
  expect(written).toEqual(['1 of 3', '\r\x1b[K2 of 3', '\r\x1b[K3 of 3', '\r\x1b[K']);
});
