/**
 * Sends generated requests to the front's parsers and to node's. The seed is new each time; `FRAMING_SEED` repeats one,
 * and `FRAMING_RUNS` sets the number of each kind (`npm run fuzz`: many). A failure prints the seed, the path and the
 * smallest case.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { assertAgreement } from './agreement.ts';
import { chunkSoup, faultyWire, headSoup } from './fault-arbitrary.ts';
import { outcome, readWithFront } from './front-parser.ts';
import { goodRequest } from './request-arbitrary.ts';
import { trickedWire } from './trick-arbitrary.ts';

const seed = Number(process.env.FRAMING_SEED ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = Number(process.env.FRAMING_RUNS ?? 2500);
/** In ms: a run takes 1 ms, or ten times that on a busy machine. */
const timeout = 60_000 + 10 * numRuns;

function always<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void, runs = numRuns): void {
  fc.assert(fc.property(arbitrary, holds), { seed, numRuns: runs });
}

const bytesOf = (wire: string) => Buffer.from(wire, 'latin1');

describe(`front and node on ${numRuns} generated requests of each kind (FRAMING_SEED=${seed})`, {
  timeout,
}, () => {
  it('both take every good request, and read its meaning', () => {
    always(fc.array(goodRequest, { minLength: 1, maxLength: 3 }), (requests) => {
      const seen = assertAgreement(bytesOf(requests.map(({ wire }) => wire).join('')));
      assert.equal(seen.refused, undefined);
      assert.deepEqual(
        seen.messages.map(({ method, target, body, complete }) => ({ method, target, body, complete })),
        requests.map(({ method, target, body }) => ({ method, target, body, complete: true })),
      );
    });
  });

  it('the front refuses each faulty request that node refuses; both read the others alike', () => {
    always(faultyWire, (wire) => void assertAgreement(bytesOf(wire)));
  });

  it('both agree on heads of framing fields in every spelling', () => {
    always(headSoup, (wire) => void assertAgreement(bytesOf(wire)));
  });

  it('both agree on chunked bodies of good and bad pieces', () => {
    always(chunkSoup, (wire) => void assertAgreement(bytesOf(wire)));
  });

  it('both agree on published tricks, combined and inserted into good requests', () => {
    always(trickedWire, (wire) => void assertAgreement(bytesOf(wire)));
  });

  it('the front has the same result wherever the bytes are cut', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    const wire = fc.oneof(faultyWire, headSoup, chunkSoup, trickedWire);
    always(fc.tuple(wire, cuts), ([text, positions]) => {
      const bytes = bytesOf(text);
      const at = [0, ...positions.map((position) => position % bytes.length), bytes.length].sort(
        (a, b) => a - b,
      );
      const parts = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      assert.deepEqual(outcome(readWithFront(parts)), outcome(readWithFront([bytes])));
    });
  });

  it('both taken and refused requests are generated', () => {
    for (const arbitrary of [faultyWire, headSoup, chunkSoup, trickedWire]) {
      const ends = fc
        .sample(arbitrary, { seed, numRuns: 500 })
        .map((wire) => readWithFront([bytesOf(wire)]).at);
      const refused = ends.filter((end) => end === 'refused').length;
      assert.ok(
        refused > 100 && refused < 480,
        `${refused} of 500 refused, as in ${JSON.stringify(fc.sample(arbitrary, { seed, numRuns: 5 }))}`,
      );
    }
  });
});
