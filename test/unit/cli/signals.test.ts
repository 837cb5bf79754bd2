import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Signals } from '../../../src/cli/signals.ts';

function make() {
  const target = new EventEmitter();
  const ends: number[] = [];
  return { target, ends, signals: new Signals(target, (code) => ends.push(code)) };
}

describe('Signals', () => {
  it('ends with 130 and 143 while nobody handles them', () => {
    const { target, ends } = make();
    target.emit('SIGINT');
    target.emit('SIGTERM');
    expect(ends).toEqual([130, 143]);
  });

  it('gives them to the latest handler until it lets go', () => {
    const { target, ends, signals } = make();
    const heard: string[] = [];
    const outer = signals.take((signal) => heard.push(`outer ${signal}`));
    const inner = signals.take((signal) => heard.push(`inner ${signal}`));
    target.emit('SIGINT');
    inner();
    target.emit('SIGHUP');
    outer();
    outer();
    target.emit('SIGTERM');
    expect(heard).toEqual(['inner SIGINT', 'outer SIGHUP']);
    expect(ends).toEqual([143]);
  });

  it('listens to SIGHUP only while somebody handles it, else the kernel ends us', () => {
    const { target, signals } = make();
    expect(target.listenerCount('SIGHUP')).toBe(0);
    const release = signals.take(() => {});
    expect(target.listenerCount('SIGHUP')).toBe(1);
    release();
    expect(target.listenerCount('SIGHUP')).toBe(0);
  });
});
