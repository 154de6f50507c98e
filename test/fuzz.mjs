/**
 * The long run of generated tests: `npm run fuzz [-- runs]`. Requests go to the front's parsers and to node's
 * (test/engine/http/parser), interleavings over the wire (test/engine/wire). A failure prints its seed; FRAMING_SEED
 * and WIRE_SEED repeat it.
 */
const runs = Number(process.argv[2] ?? 200_000);
process.env.FRAMING_RUNS ??= String(runs);
process.env.WIRE_RUNS ??= String(Math.ceil(runs / 10));
process.argv.splice(2, Number.POSITIVE_INFINITY, 'test/engine/');
await import('./run.mjs');
