import { expect, it } from 'vitest';
import { escapeVars, fillVars, varsIn } from '../../../../src/config/variants/prompt-vars.ts';

it('fills in once, and only what it knows', () => {
  const vars = { a: '{{b}}', b: 'B', 'page.name': 'home' };
  expect(fillVars('{{a}} {{ b }} {{page.name}} {{c}}', vars)).toBe('{{b}} B home {{c}}');
});

it('keeps what a backslash keeps', () => {
  expect(fillVars('\\{{a}} {{a}}', { a: '1' })).toBe('{{a}} 1');
  expect(varsIn('\\{{a}} {{b}}')).toEqual(['b']);
});

it('takes dollar patterns in values as they are', () => {
  expect(fillVars('{{a}}', { a: "$& $1 $'" })).toBe("$& $1 $'");
});

it('leaves what looks like code alone', () => {
  for (const text of ['{{#if x}}', '{{ x + y }}', '{ {x} }', '{{}}', '{{1}}', 'style={{ color: red }}']) {
    expect(varsIn(text)).toEqual([]);
    expect(fillVars(text, {})).toBe(text);
  }
});

it.each(['{{a}}', 'x {{ a.b }} y', 'no braces', '\\d {{a}}'])('gives %s back after escaping', (text) => {
  expect(varsIn(escapeVars(text))).toEqual([]);
  expect(fillVars(escapeVars(text), { a: 'no', 'a.b': 'no' })).toBe(text);
});
