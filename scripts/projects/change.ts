/** Changes one file of a running project as a developer does. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './ask.ts';
import { appFolder } from './cache.ts';
import { shell } from './install.ts';
import type { Change, ServedProject } from './project.ts';
import type { Compared } from './result.ts';

const SEEN_MS = 20_000;
const SEEN_POLL_MS = 25;

/** Edits the file and asks until the new text is seen; puts the old text back in any case. */
export async function change(
  project: ServedProject,
  { file, from, to, path: asked, headers = {}, sees = to, build }: Change,
  port: number,
): Promise<Pick<Compared, 'changeMs' | 'changeFailed'>> {
  const name = path.join(appFolder(project), file);
  const before = fs.readFileSync(name, 'utf8');
  const { atime, mtime } = fs.statSync(name);
  if (!before.includes(from)) return { changeFailed: `${file} does not have the text ${from}` };
  try {
    fs.writeFileSync(
      name,
      before.replaceAll(from, () => to),
    );
    if (build !== undefined) await shell(project, build, appFolder(project));
    const startedAt = performance.now();
    let body = '';
    while (performance.now() - startedAt < SEEN_MS) {
      body = await ask(port, { path: asked, headers }).then(
        (answer) => answer.body,
        (error: Error) => error.message,
      );
      if (body.includes(sees)) return { changeMs: Math.round(performance.now() - startedAt) };
      await delay(SEEN_POLL_MS);
    }
    return { changeFailed: `not seen within ${SEEN_MS / 1000} s: ${body.slice(0, 100)}` };
  } finally {
    fs.writeFileSync(name, before);
    // Servers of files show its time.
    fs.utimesSync(name, atime, mtime);
    if (build !== undefined) await shell(project, build, appFolder(project));
  }
}
