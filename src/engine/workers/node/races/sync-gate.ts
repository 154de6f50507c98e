/**
 * Holds a whole worker after a synchronous call: no callback can come before the call's caller goes on. Other requests of
 * the trial are in other workers.
 */
import fs from 'node:fs';
import type { ObservedRequest, SourceSite } from './observed-request.ts';

const LOOK_MS = 2;
/** The trial is over by then, whatever happened to it. */
const LONGEST_MS = 30_000;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const { existsSync, rmSync } = fs;

export function holdAfterSync(request: ObservedRequest, site: SourceSite): void {
  const { gate } = request;
  if (gate === undefined || !request.passSync(site)) return;
  const latest = performance.now() + LONGEST_MS;
  while (!existsSync(gate) && performance.now() < latest) Atomics.wait(sleeper, 0, 0, LOOK_MS);
  rmSync(gate, { force: true });
}
