/** Python's numbers of the wire are those of TypeScript. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import { CONSTANTS, constantsText } from '../../scripts/wire-constants.mjs';
import { LaneFrame, ResponseFlag } from '../../src/engine/workers/python/wsgi/lane-frames.ts';
import { Frame, STREAM_WINDOW_BYTES } from '../../src/wire/frames.ts';

const file = fs.readFileSync(CONSTANTS, 'utf8');

describe("Python's constants of the wire", () => {
  it('are what npm run wire writes', async () => {
    assert.equal(file, await constantsText(), 'run: npm run wire');
  });

  it('have every frame type and flag with its number', () => {
    for (const values of [Frame, LaneFrame, ResponseFlag]) {
      for (const [name, number] of Object.entries(values)) {
        assert.match(file, new RegExp(`^ {4}${name} = ${number}$`, 'm'));
      }
    }
    assert.match(file, new RegExp(`^STREAM_WINDOW_BYTES = ${STREAM_WINDOW_BYTES}$`, 'm'));
  });
});
