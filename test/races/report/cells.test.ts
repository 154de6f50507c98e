import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fit, fitPath, oneLine, pad, widthOf, wrap } from '../../../src/races/report/cells.ts';

const TEXTS = fc.string({ unit: 'grapheme', maxLength: 60 }).map(oneLine);
const WIDTHS = fc.integer({ min: 3, max: 40 });

describe('text in columns', () => {
  it('counts columns, not characters', () => {
    assert.equal(widthOf('abc'), 3);
    assert.equal(widthOf('käse'), 4);
    assert.equal(widthOf('käse'), 4, 'a letter and a combining mark');
    assert.equal(widthOf('注文'), 4);
    assert.equal(widthOf('🛒'), 2);
  });

  it('is cut so that it fits, and says so', () => {
    assert.equal(fit('balance', 7), 'balance');
    assert.equal(fit('balances', 7), 'balanc…');
    assert.equal(fit('注文注文', 5), '注文…');
    fc.assert(
      fc.property(TEXTS, WIDTHS, (text, width) => {
        const short = fit(text, width);
        assert.ok(widthOf(short) <= width, short);
        if (widthOf(text) <= width) assert.equal(short, text);
        else assert.ok(short.endsWith('…') && text.startsWith(short.slice(0, -1)), short);
      }),
    );
  });

  it('keeps the end of a path, by whole folders as long as that is possible', () => {
    assert.equal(fitPath('src/routes/redeem.js:12', 40), 'src/routes/redeem.js:12');
    assert.equal(fitPath('src/routes/redeem.js:12', 21), '…/routes/redeem.js:12');
    assert.equal(fitPath('src/routes/redeem.js:12', 20), '…/redeem.js:12');
    assert.equal(fitPath('src/routes/redeem.js:12', 8), '…m.js:12');
  });

  it('wraps at blanks, and cuts what is longer than a line; nothing is lost', () => {
    assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
    assert.deepEqual(wrap('a-very-long-word b', 6), ['a-very', '-long-', 'word b']);
    assert.deepEqual(wrap('', 10), ['']);
    fc.assert(
      fc.property(TEXTS, WIDTHS, (text, width) => {
        const lines = wrap(text, width);
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
        for (const line of lines) assert.ok(widthOf(line) <= width, line);
      }),
    );
  });

  it('is filled up to a width', () => {
    assert.equal(pad('注', 4), '注  ');
    assert.equal(pad('long', 2), 'long');
  });

  it('of anyone has no line breaks, and nothing that a terminal would interpret', () => {
    assert.equal(oneLine(' a\n\tb  c '), 'a b c');
    assert.equal(oneLine('\u001b]0;title\u0007'), '\\x1b]0;title\\x07');
  });
});
