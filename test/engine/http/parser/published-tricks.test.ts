/**
 * Every published trick, with every combination of lengths and chunks: the front and node read the same, or the front
 * refuses it.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertAgreement } from './agreement.ts';
import {
  CHUNKED_BODIES,
  CHUNKED_SPELLINGS,
  EVIL,
  everyByte,
  LENGTH_SPELLINGS,
  OTHER_LINES,
  START_LINES,
} from './published-tricks.ts';

const AFTER = 'GET /after HTTP/1.1\r\nHost: a\r\n\r\n';
const START = 'POST / HTTP/1.1\r\n';
const HOST = 'Host: a\r\n';

/** Sends it, and compares the front with node. */
function tries(wire: string): ReturnType<typeof assertAgreement> {
  return assertAgreement(Buffer.from(wire, 'latin1'));
}

/** A request whose end two fields define must be refused. */
function oneFraming(wire: string): void {
  for (const { chunked, contentLength } of tries(wire).heads) {
    assert.ok(!chunked || contentLength < 0, JSON.stringify(wire));
  }
}

describe('published tricks', () => {
  for (const [name, line] of Object.entries(CHUNKED_SPELLINGS)) {
    it(`chunked, ${name}: alone, CL.TE, TE.CL, twice, and with every body`, () => {
      for (const body of Object.values(CHUNKED_BODIES)) {
        const wire = body(EVIL);
        tries(`${START}${HOST}${line}\r\n${wire}${AFTER}`);
        oneFraming(`${START}${HOST}Content-Length: ${wire.length}\r\n${line}\r\n${wire}${AFTER}`);
        oneFraming(`${START}${line}${HOST}Content-Length: 4\r\n\r\n${wire}${AFTER}`);
        tries(`${START}${HOST}Transfer-Encoding: chunked\r\n${line}\r\n${wire}${AFTER}`);
        tries(`${START}${HOST}${line}Transfer-Encoding: chunked\r\n\r\n${wire}${AFTER}`);
      }
    });
  }

  for (const [name, lines] of Object.entries(LENGTH_SPELLINGS)) {
    it(`a length, ${name}: alone, CL.0, 0.CL, CL.CL and beside chunked`, () => {
      const line = lines(EVIL.length);
      for (const start of Object.values(START_LINES)) {
        tries(`${start}${HOST}${line}\r\n${EVIL}${AFTER}`);
        tries(`${start}${line}${HOST}Content-Length: 0\r\n\r\n${EVIL}${AFTER}`);
        tries(`${start}${HOST}Content-Length: ${EVIL.length}\r\n${line}\r\n${EVIL}${AFTER}`);
        oneFraming(`${start}${HOST}${line}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${EVIL}`);
      }
    });
  }

  for (const [name, line] of Object.entries(OTHER_LINES)) {
    it(`${name}: with no body, a length, and chunks`, () => {
      for (const start of Object.values(START_LINES)) {
        tries(`${start}${HOST}${line}\r\n${EVIL}`);
        tries(`${start}${HOST}${line}Content-Length: ${EVIL.length}\r\n\r\n${EVIL}${AFTER}`);
        tries(`${start}${line}${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${AFTER}`);
      }
    });
  }

  for (const field of ['Transfer-Encoding: chunked', 'Content-Length: 5'] as const) {
    it(`every byte in every gap of ${field}`, () => {
      for (const line of everyByte(field)) {
        tries(`${START}${HOST}${line}\r\n0\r\n\r\n${EVIL}`);
        oneFraming(`${START}${HOST}Content-Length: 5\r\n${line}\r\n0\r\n\r\n${EVIL}`);
        oneFraming(`${START}${HOST}${line}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${EVIL}`);
      }
    });
  }

  it('every byte in every gap of a chunk, and of the lines around a head', () => {
    const pieces = `${START}|Host|:| |a|\r|\n|Transfer-Encoding: chunked\r\n\r\n|1|\r|\n|x|\r|\n|0|\r|\n|\r|\n|${EVIL}`;
    const parts = pieces.split('|');
    for (let gap = 0; gap <= parts.length; gap++) {
      for (let code = 0; code < 256; code++) {
        const byte = String.fromCharCode(code);
        tries([...parts.slice(0, gap), byte, ...parts.slice(gap)].join(''));
      }
    }
  });

  it('the lists contain both taken and refused cases', () => {
    const ends = (wires: string[]) => new Set(wires.map((wire) => tries(wire).at === 'refused'));
    const lists = [
      Object.values(CHUNKED_SPELLINGS).map((line) => `${START}${HOST}${line}\r\n0\r\n\r\n`),
      Object.values(LENGTH_SPELLINGS).map((line) => `${START}${HOST}${line(5)}\r\nhello`),
      Object.values(OTHER_LINES).map((line) => `${START}${HOST}${line}\r\n`),
      Object.values(START_LINES).map((line) => `${line}${HOST}\r\n`),
      Object.values(CHUNKED_BODIES).map(
        (body) => `${START}${HOST}Transfer-Encoding: chunked\r\n\r\n${body('')}`,
      ),
    ];
    for (const wires of lists) assert.equal(ends(wires).size, 2, JSON.stringify(wires[0]));
  });
});
