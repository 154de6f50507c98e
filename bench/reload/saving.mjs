/** Saves an app repeatedly under load, and reports how its answers fared. */
import { setTimeout as delay } from 'node:timers/promises';
import { Asking } from './asking.mjs';

/** After this time since a save, an answer of the old code is stale. In ms. */
export const STALE_MS = 50;
/** So that a save does not meet the end of the previous reload: some subjects then restart twice. */
const PAUSE_MS = 300;
const BAD_SAVES = 5;
/** How long to wait for an error page, or for the end of a silence, in ms. */
const BAD_MS = 3_000;

/**
 * @param app `port` where it answers with the last saved version; `save(version)` writes that into its source, and
 * `saveBroken()` a version that does not start
 * @param saves how many good saves
 * @returns answers, how many of them were stale, and by save in ms: new answer, error page, answer after the fix; those
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
  const fixedMs = [];
  for (let number = 1; number <= BAD_SAVES; number++) {
    saveBroken();
    let at = performance.now();
    badMs.push(since(at, await asking.until(({ status }) => status >= 500, BAD_MS)));
    const text = `fixed${number}`;
    save(text);
    at = performance.now();
    fixedMs.push(since(at, await asking.until((sample) => sample.text === text, BAD_MS)));
    await delay(PAUSE_MS);
  }
  await asking.stop();
  return { badMs, fixedMs };
}

function since(start, end) {
  return end === undefined ? undefined : end - start;
}
