/**
 * Any interleaving of clients, workers and failures keeps the wire's promises: see ModelWorld.check and finish. The
 * seed is new each time; `WIRE_SEED` repeats one, `WIRE_RUNS` sets the number of runs (`WIRE_RUNS=200000` for a night).
 */
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { BEHAVIOURS } from './model-app.ts';
import { ModelWorld, type Step } from './model-world.ts';

const RUNS = Number(process.env.WIRE_RUNS ?? 1_500);
const SEED = Number(process.env.WIRE_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Around the window of a stream (256 KiB) and far below it. */
const size = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 10, 5_000) },
  { weight: 2, arbitrary: fc.constantFrom(200_000, 262_000, 262_144, 300_000, 700_000) },
);
const request = fc.record({ behaviour: fc.constantFrom(...BEHAVIOURS), size, chunked: fc.boolean() });
const client = fc.nat(3);
const worker = fc.nat(3);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Step>({ type: 'connect' }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constant('send' as const), client, request }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('raw' as const), size }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('half-close' as const, 'abort' as const), client }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('stall' as const, 'go on' as const, 'take back' as const),
      worker,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('die' as const, 'reload' as const), worker }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'release' }) },
  { weight: 6, arbitrary: fc.constant<Step>({ type: 'turn' }) },
);

/**
 * Node's own exit can wait endlessly for connections that closed at the wrong moment (`Environment::CleanupHandles`),
 * and here there were thousands; `process.exit` does not wait. Long enough for the report to be written.
 */
const REPORT_MS = 500;
after(() => void setTimeout(() => process.exit(), REPORT_MS));

describe('on the wire', () => {
  it(`${RUNS} interleavings lose, repeat, mix up and smuggle no request (WIRE_SEED=${SEED})`, {
    timeout: 120_000 + RUNS * 50,
  }, async () => {
    const steps = fc.array(step, { minLength: 3, maxLength: 25 });
    const choices = fc.infiniteStream(fc.nat(1_000));
    const property = fc.asyncProperty(steps, choices, fc.boolean(), async (script, numbers, late) => {
      const world = new ModelWorld((count) => (numbers.next().value as number) % count, late);
      await world.start(2);
      try {
        for (const one of script) await world.take(one);
        await world.finish();
      } finally {
        await world.close();
      }
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
