/** Prints how many turns of the app's loop take 5 ms on this machine, by the fastest of many tries. */
import answers from './apps/answers.js';

const LOOPS = 1_000_000;
let fastest = Number.POSITIVE_INFINITY;
for (let i = 0; i < 200; i++) {
  const start = performance.now();
  answers.burn(LOOPS);
  fastest = Math.min(fastest, performance.now() - start);
}
console.log(Math.round((LOOPS * 5) / fastest));
