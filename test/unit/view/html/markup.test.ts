import { expect, test } from 'vitest';
import { visibleText } from '../../../../src/text/plain-text.ts';
import { html, raw } from '../../../../src/view/html/markup.ts';
import { nameMarkup, visibleHtml } from '../../../../src/view/html/visible-markup.ts';

test('texts are escaped, markup and lists of both go in', () => {
  const text = `<b a="1" b='2'>&`;
  expect(html`<p title="${text}">${text}${[text, html`<i>${1}</i>`, raw('<br>')]}</p>`.markup).toBe(
    '<p title="&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;">&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;<i>1</i><br></p>',
  );
});

test('what would hide or reorder is written out and marked', () => {
  expect(visibleHtml('a\u202eb')).toBe('a<span class="hid">\\u{202e}</span>b');
  expect(visibleHtml('a\u200b\u0007\u{e0041}<')).toBe(
    'a<span class="hid">\\u{200b}</span><span class="hid">\\u{7}</span><span class="hid">\\u{e0041}</span>&lt;',
  );
  expect(visibleHtml('tab\tand\nline stay, \r is seen')).toBe('tab\tand\nline stay, <span class="hid">␍</span> is seen');
});

test('all that visibleText writes out is written out here', () => {
  for (let code = 0; code < 0x3000; code += 1) {
    const character = String.fromCharCode(code);
    if (visibleText(character) !== character && character !== '\t') expect(visibleHtml(character)).toContain('class="hid"');
  }
});

test('a name stays in one line', () => {
  expect(nameMarkup('a\nb\tc').markup).toBe('<bdi>a<span class="hid">\\n</span>b<span class="hid">\\t</span>c</bdi>');
});
