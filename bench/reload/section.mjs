/** The cost of a save, compared with other subjects that reload: a section of docs/benchmarks.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSubject, stopSubject } from '../running.mjs';
import { median, repeated } from '../stats.mjs';
import { versionOf } from '../subjects.mjs';
import { memoryGrowth, watchingCost } from './resources.mjs';
import { STALE_MS, saveUnderLoad } from './saving.mjs';
import { RELOADERS, saveApp, saveBroken } from './subjects.mjs';

const ALLOWED_MS = 150;

/** @param quick fewer saves, for development */
export async function reloadSection({ node, quick = false }) {
  const saves = quick ? 5 : 20;
  const startMs = median(await repeated(quick ? 3 : 10, () => bareStart(node)));
  const rows = [];
  for (const [name, subject] of Object.entries(RELOADERS)) {
    try {
      rows.push(row(name, subject, await measure(name, subject, node, saves), startMs));
    } catch (error) {
      rows.push(`| ${name} | did not run: ${error.message.split('\n')[0]} | | | | |`);
    }
    console.error(`  reload: ${name}`);
  }
  const watching = await watchingCost(node);
  const growth = await memoryGrowth(node, quick ? 60 : 200);
  const labels = Object.entries(RELOADERS).map(([name, { label }]) => `- \`${name}\`: ${label}`);
  return `## Reload

${saves} saves of an app of one file under 100 requests per second; nodemon ${versionOf('nodemon')}. The app's own start, from \`node app.js\`
to its first answer, takes ${ms(startMs)} (median). *Stale*: sent more than ${STALE_MS} ms after the save was on disk, and answered by
the old code. Times are medians, followed by the maximum.

| | failed answers | stale answers | save to first new answer | bad save to its error page | fix to first new answer |
| --- | --- | --- | --- | --- | --- |
| target | 0 | 0 | ≤ start + ${ALLOWED_MS} ms | ≤ start + ${ALLOWED_MS} ms | ≤ start + ${ALLOWED_MS} ms |
${rows.join('\n')}

${labels.join('\n')}

${watching}
${growth}`;
}

function row(name, { ours }, { samples, stale, newMs, badMs, fixedMs }, startMs) {
  const failed = samples.filter(({ status }) => status !== 200).length;
  const verdict = (reached) => (ours ? `, ${reached ? 'reached' : 'NOT reached'}` : '');
  const time = (times) => {
    if (times.length === 0) return '–';
    if (times.some((one) => one === undefined)) return 'never';
    return `${ms(median(times))}, max ${ms(Math.max(...times))}${verdict(median(times) <= startMs + ALLOWED_MS)}`;
  };
  return `| ${name} | ${failed} of ${samples.length}${verdict(failed === 0)} | ${stale}${verdict(stale === 0)} | ${time(newMs)} | ${
    ours ? time(badMs) : badMs.every((one) => one === undefined) ? 'none' : time(badMs)
  } | ${time(fixedMs)} |`;
}

async function measure(name, subject, node, saves) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-reload-'));
  try {
    const file = saveApp(subject, folder, 'v0');
    const running = await startSubject(name, {
      node,
      workers: 2,
      env: {},
      subject: { ...subject, argv: (given) => subject.argv({ ...given, file }) },
    });
    try {
      const informed = (save) => {
        save();
        subject.saved?.(running);
      };
      const app = {
        port: running.port,
        save: (version) => informed(() => saveApp(subject, folder, version)),
        saveBroken: () => informed(() => saveBroken(subject, folder)),
      };
      return await saveUnderLoad(app, saves);
    } finally {
      await stopSubject(running);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From spawning `node app.js` to its first answer, in ms. */
async function bareStart(node) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-reload-'));
  const subject = { argv: () => [saveApp({}, folder, 'v')] };
  const running = await startSubject('node', { node, workers: 1, env: {}, subject });
  await stopSubject(running);
  rmSync(folder, { recursive: true, force: true });
  return running.firstAnswerMs;
}

const ms = (value) => `${Math.round(value)} ms`;
