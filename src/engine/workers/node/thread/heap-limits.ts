/** Flags that limit the heap of a whole process. A thread has limits of its own in their place. */
import type { ResourceLimits } from 'node:worker_threads';

const OLD = /^--max[-_]old[-_]space[-_]size=(\d+)$/;
const SEMI = /^--max[-_]semi[-_]space[-_]size=(\d+)$/;
/** V8 counts three semi-spaces as its young generation. */
const SEMI_SPACES = 3;

/** Sizes are in MB, as in the flags. `rest` is what a thread can take as it is. */
export function heapLimits(nodeArgs: readonly string[]): { limits: ResourceLimits; rest: string[] } {
  const limits: ResourceLimits = {};
  const rest: string[] = [];
  for (const word of nodeArgs) {
    const [, old] = OLD.exec(word) ?? [];
    const [, semi] = SEMI.exec(word) ?? [];
    if (old !== undefined) limits.maxOldGenerationSizeMb = Number(old);
    else if (semi !== undefined) limits.maxYoungGenerationSizeMb = Number(semi) * SEMI_SPACES;
    else rest.push(word);
  }
  return { limits, rest };
}
