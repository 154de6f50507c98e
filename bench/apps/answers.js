/** The answers of the benchmark's app. One file, so that every subject runs exactly the same code per request. */

const HELLO = 'Hello, world!\n';

/** A fixed amount of work, so that two requests on one core take twice as long; a busy wait by the clock would not. */
function burn(loops) {
  let x = 0x9e3779b9;
  for (let i = 0; i < loops; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x >>> 0;
}

/** Keeps the event loop and one core busy until `ms` have passed on the clock. */
function block(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const cpuLoops = Number(process.env.BENCH_CPU_LOOPS ?? 0);

/** The body for a request target: `/cpu`, `/block?MS`; for any other, hello world. */
function answer(target) {
  if (target === '/cpu') return `${burn(cpuLoops)}\n`;
  if (target.startsWith('/block?')) {
    block(Number(target.slice('/block?'.length)));
    return 'unblocked\n';
  }
  return HELLO;
}

module.exports = { answer, burn };
