import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, codeBlock, link, moment, prose, show, upTo } from '../../shared/slack/text.ts';
import { corpus } from '../support/corpora.ts';

/** What Slack shows of mrkdwn text: it decodes three entities, once. */
const seen = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
/** The way back: if it works for every text, no two texts look the same. */
const unshow = (text: string) =>
  text.replace(/⟦U\+([0-9A-F]{4,6})⟧/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)));

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '`',
      '```',
      '<',
      '>',
      '&',
      '&lt;',
      '⟦',
      '⟦U+0060⟧',
      '\u202e',
      '\u200b',
      '\r',
      '\n',
      '\u0000',
      '<!channel>',
      '|',
      '*',
      '\ud800',
      '\u0301',
      '\u00a0',
      '\u3164',
      '\u{e0041}',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
});

describe('hidden characters', () => {
  it.each([
    ['a bidi override', 'a\u202eb', 'a⟦U+202E⟧b'],
    ['a bidi isolate', '\u2066', '⟦U+2066⟧'],
    ['a zero-width space', 'a\u200bb', 'a⟦U+200B⟧b'],
    ['a byte order mark', '\ufeff', '⟦U+FEFF⟧'],
    ['a bare carriage return, which ends a comment', '-- x\rDROP', '-- x⟦U+000D⟧DROP'],
    ['NUL and escape', '\u0000\u001b[2K', '⟦U+0000⟧⟦U+001B⟧[2K'],
    ['DEL and C1', '\u007f\u0085', '⟦U+007F⟧⟦U+0085⟧'],
    ['line and paragraph separators', '\u2028\u2029', '⟦U+2028⟧⟦U+2029⟧'],
    ['a no-break space', 'a\u00a0b', 'a⟦U+00A0⟧b'],
    ['a Hangul filler, a letter that draws nothing', '\u3164', '⟦U+3164⟧'],
    ['the Braille blank', '\u2800', '⟦U+2800⟧'],
    ['a tag character', '\u{e0041}', '⟦U+E0041⟧'],
    ['a variation selector', 'a\ufe0f', 'a⟦U+FE0F⟧'],
    ['a lone surrogate', '\ud800', '⟦U+D800⟧'],
    ['the fourth combining mark of a tower', 'a\u0301\u0302\u0303\u0304', 'a\u0301\u0302\u0303⟦U+0304⟧'],
    ['an imitated escape', '⟦U+202E⟧', '⟦U+27E6⟧U+202E⟧'],
    ['three backticks', 'a```b', 'a⟦U+0060⟧⟦U+0060⟧⟦U+0060⟧b'],
  ])('shows %s', (_, text, shown) => {
    expect(show(text)).toBe(shown);
  });

  it.each(['SELECT 1', 'a\n\tb', '``', 'Grüße, 東京, Ελλάδα', 'e\u0301', '😀'])('leaves %j as it is', (text) => {
    expect(show(text)).toBe(text);
  });

  it('never makes two texts look the same', () => {
    fc.assert(fc.property(hostile, (text) => unshow(show(text)) === text));
  });
});

const fence = /^```\n([\s\S]*)\n```$/;

describe('a code block', () => {
  it('holds the text whole and cannot be left from inside', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const inner = fence.exec(codeBlock(text))?.[1] ?? '';
        expect(inner).not.toContain('```');
        expect(inner).not.toMatch(/[<>]/);
        expect(seen(inner)).toBe(text === '' ? '⟦empty⟧' : show(text));
      }),
    );
  });

  it('keeps every naughty string inside', (context) => {
    const folder = corpus('naughty-strings');
    if (folder === undefined) return context.skip('the corpus naughty-strings is not here');
    const strings = JSON.parse(readFileSync(join(folder, 'blns.json'), 'utf8')) as string[];
    expect(strings.length).toBeGreaterThan(500);
    for (const text of strings) {
      const inner = fence.exec(codeBlock(text))?.[1] ?? '';
      expect(inner.includes('```') || /[<>]/.test(inner)).toBe(false);
      expect(unshow(show(text))).toBe(text);
      expect(code(text)).toMatch(/^`[^`\n]+`$/);
      expect(prose(text)).not.toMatch(/[<>]/);
    }
  });

  it('is cut within its limit, between characters, and says so', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 60, max: 300 }), (text, limit) => {
        const short = upTo(limit, text, codeBlock);
        expect(short.text.length).toBeLessThanOrEqual(limit);
        if (!short.cut) expect(short.text).toBe(codeBlock(text));
        if (short.cut) expect(short.text.endsWith('…\n```')).toBe(true);
      }),
    );
  });
});

describe('a code span, a sentence and a link', () => {
  it('cannot be left from inside', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(code(text)).toMatch(/^`[^`\n<>]+`$/);
        expect(prose(text)).not.toMatch(/[<>]/);
      }),
    );
  });

  it('lets a link have one address and one label', () => {
    expect(link('https://gw.example/s?a=1&b=<x|y>', 'see > <!here>|x')).toBe(
      '<https://gw.example/s?a=1&amp;b=%3Cx%7Cy%3E|see &gt; &lt;!here&gt;¦x>',
    );
  });

  it('writes a moment for the reader, with UTC where it cannot be rendered', () => {
    expect(moment('2026-11-21T07:00:00.000Z')).toBe(
      '<!date^1795244400^{date_short_pretty} at {time}|2026-11-21 07:00 UTC>',
    );
    expect(moment('soon|<!here>')).toBe('`soon|&lt;!here&gt;`');
  });
});
