/** Saves an app again and again under load, and tells how its answers fared. */
import { setTimeout as delay } from 'node:timers/promises';
import { Asking } from './asking.mjs';

/** From then on, after a save, an answer of the old code is stale. */
export const STALE_MS = 50;
/** So that a save does not meet the rest of the reload before it: some restart twice then. */
const PAUSE_MS = 300;
const BAD_SAVES = 5;
/** How long an error page, or the end of a silence, is waited for. */
const BAD_MS = 3_000;

/**
 * @param app `port` where it answers with the version that was saved last; `save(version)` writes that into its source,
 * and `saveBroken()` something that does not start
 * @param saves how many good saves
 * @returns answers, how many of them were stale, and by save in ms: new answer, error page, answer after the mend; those
 * that never came are undefined
 */
export async function saveUnderLoad({ port, save, saveBroken }, saves) {
  save('v0');
  const asking = new Asking(port);
  await asking.until(({ text }) => text === 'v0');
  const saved = [{ at: 0, text: 'v0' }];
  const newMs = [];
  for (let number = 1; number <= saves; number++) {
    const text = `v${number}`;
    save(text);
    const at = performance.now();
    saved.push({ at, text });
    newMs.push(since(at, await asking.until((sample) => sample.text === text)));
    await delay(PAUSE_MS);
  }
  const samples = [...(await asking.stop())];
  const stale = samples.filter(({ sentAt, text }) => {
    const oldest = saved.findLastIndex(({ at }) => sentAt >= at + STALE_MS);
    const answered = saved.findIndex((one) => one.text === text);
    return answered >= 0 && answered < oldest;
  }).length;
  return { samples, stale, newMs, ...(await badSaves(port, save, saveBroken)) };
}

async function badSaves(port, save, saveBroken) {
  const asking = new Asking(port);
  const badMs = [];
  const mendedMs = [];
  for (let number = 1; number <= BAD_SAVES; number++) {
    saveBroken();
    let at = performance.now();
    badMs.push(since(at, await asking.until(({ status }) => status >= 500, BAD_MS)));
    const text = `mended${number}`;
    save(text);
    at = performance.now();
    mendedMs.push(since(at, await asking.until((sample) => sample.text === text, BAD_MS)));
    await delay(PAUSE_MS);
  }
  await asking.stop();
  return { badMs, mendedMs };
}

function since(start, end) {
  return end === undefined ? undefined : end - start;
}
