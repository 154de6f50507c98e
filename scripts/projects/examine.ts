/** Examines one project: its own command against ours, in each mode. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, differences, neutral } from './answers.ts';
import { ask, freePort, listens, talkTo } from './ask.ts';
import { appFolder, folderOf } from './cache.ts';
import { change } from './change.ts';
import { nodeOf } from './environment.ts';
import type { Change, ModeName, RefusedProject, ServedProject } from './project.ts';
import type { Compared, Result, Way } from './result.ts';
import { Running } from './running.ts';

const CLI = path.resolve('dist', 'cli.js');
/** How long a project waits for a port that others use for a moment, in ms. */
const PORT_MS = 60_000;
const REFUSED_MS = 30_000;

/** Our command for a shell. */
export function ourCommand(project: { node?: 'pinned' }, words: readonly string[]): string {
  const node = nodeOf(project as ServedProject);
  return ['exec', node, CLI, ...words]
    .map((word) => (/[^\w./:=-]/.test(word) ? `'${word}'` : word))
    .join(' ');
}

/**
 * All but the times of the first answer.
 *
 * @throws Error if the bare command does not answer
 */
export async function compare(project: ServedProject): Promise<Required<Pick<Result, 'bare' | 'modes'>>> {
  const keep = keepState(project);
  const modes: Partial<Record<ModeName, Compared>> = {};
  try {
    const first = await visit(project, await startBare(project, keep));
    const again = await visit(project, await startBare(project, keep));
    const bare: Way = { firstMs: [], memory: first.memory, stopMs: first.stopMs, left: first.left };
    const talkedBare = first.talk;
    for (const mode of project.modes ?? (['thread', 'fork'] as const)) {
      modes[mode] = await compareMode(project, mode, keep, first.answers, again.answers);
      // What the bare command can't do either is no fault of ours; the description has to be mended.
      if (talkedBare !== undefined && talkedBare !== 'same') throw new Error(`Bare: ${talkedBare}`);
    }
    // A build makes other files, so it comes after all comparisons.
    if (project.change?.build !== undefined)
      for (const [mode, way] of Object.entries(modes))
        Object.assign(way, await changeBuild(project, mode as ModeName, project.change, keep));
    return { bare, modes };
  } finally {
    keep.restore();
  }
}

/** Starts each way as often, in turns, so that a load of the machine meets all of them. */
export async function timeStarts(
  project: ServedProject,
  { bare, modes }: Required<Pick<Result, 'bare' | 'modes'>>,
  rounds: number,
): Promise<void> {
  const keep = keepState(project);
  // What did not start has no memory.
  const ours = Object.entries(modes).filter(([, { memory }]) => memory > 0) as [ModeName, Compared][];
  for (const way of [bare, ...ours.map(([, way]) => way)]) way.firstMs = [];
  try {
    for (let round = 0; round < rounds; round++) {
      bare.firstMs.push(await timed(await startBare(project, keep)));
      for (const [mode, way] of ours) way.firstMs.push(await timed(await startOurs(project, mode, keep)));
    }
  } finally {
    keep.restore();
  }
}

interface Started {
  app: Running;
  firstMs: number;
}

async function startBare(project: ServedProject, keep: State): Promise<Started> {
  keep.restore();
  const port = project.barePort ?? (await freePort());
  for (const until = performance.now() + PORT_MS; (await listens(port)) && performance.now() < until; )
    await delay(500);
  if (await listens(port)) throw new Error(`Something else listens on port ${port}, which it needs.`);
  return started(project, project.bare, port);
}

async function startOurs(project: ServedProject, mode: ModeName, keep: State): Promise<Started> {
  keep.restore();
  const port = await freePort();
  return started(
    project,
    ourCommand(project, ourWords(project.ours ?? [], [String(port), '--mode', mode])),
    port,
  );
}

/** Address and mode come behind the entry, and before the app's own arguments. */
function ourWords(ours: readonly string[], more: readonly string[]): string[] {
  const entry = ours.length > 0 && !ours[0]!.startsWith('-') ? ours.slice(0, 1) : [];
  return [...entry, ...more, ...ours.slice(entry.length)];
}

async function started(project: ServedProject, command: string, port: number): Promise<Started> {
  const app = new Running(project, appFolder(project), command, port);
  const firstMs = await app.firstAnswer(project.requests[0]!, (project.startS ?? 30) * 1000);
  return { app, firstMs };
}

async function timed({ app, firstMs }: Started): Promise<number> {
  await app.stop();
  return Math.round(firstMs);
}

interface Visit {
  answers: (Answer | Error)[];
  talk: string | undefined;
  memory: number;
  stopMs: number;
  left: string[];
}

/** Makes the requests one after another, calls `meanwhile`, and stops it. */
async function visit(
  project: ServedProject,
  { app }: Started,
  meanwhile: (app: Running) => Promise<void> = async () => {},
): Promise<Visit> {
  try {
    const answers: (Answer | Error)[] = [];
    for (const asked of project.requests) {
      const answer = await ask(app.port, asked).catch((error: Error) => error);
      answers.push(answer instanceof Error ? answer : neutral(answer, app.port, project.masks));
    }
    const talk = project.talk && (await talkTo(app.port, project.talk));
    const memory = app.memory();
    await meanwhile(app);
    if (app.ended !== undefined) throw new Error(`It ${app.ended}, by itself: ${app.output}`);
    return { answers, talk, memory, ...(await app.stop()) };
  } finally {
    app.kill();
  }
}

async function compareMode(
  project: ServedProject,
  mode: ModeName,
  keep: State,
  bare: readonly (Answer | Error)[],
  again: readonly (Answer | Error)[],
): Promise<Compared> {
  const requests = project.requests.length;
  const result: Compared = { firstMs: [], memory: 0, stopMs: 0, left: [], requests, different: [] };
  try {
    const one = await startOurs(project, mode, keep);
    const { answers, talk, ...way } = await visit(project, one, async (app) => {
      if (project.change && project.change.build === undefined)
        Object.assign(result, await change(project, project.change, app.port));
    });
    Object.assign(result, way);
    if (talk !== undefined) result.talk = talk;
    answers.forEach((answer, at) => {
      const { method = 'GET', path } = project.requests[at]!;
      const found = against(bare[at]!, again[at]!, answer);
      if (found.length > 0) result.different.push(`${method} ${path}: ${found.join('; ')}`);
    });
  } catch (error) {
    result.different.push((error as Error).message);
  }
  return result;
}

async function changeBuild(
  project: ServedProject,
  mode: ModeName,
  edit: Change,
  keep: State,
): Promise<Pick<Compared, 'changeMs' | 'changeFailed'>> {
  try {
    const { app } = await startOurs(project, mode, keep);
    try {
      return await change(project, edit, app.port);
    } finally {
      await app.stop();
    }
  } catch (error) {
    return { changeFailed: (error as Error).message };
  }
}

function against(bare: Answer | Error, again: Answer | Error, ours: Answer | Error): string[] {
  if (bare instanceof Error || again instanceof Error) return ours instanceof Error ? [] : ['bare fails'];
  return ours instanceof Error ? [ours.message] : differences(bare, again, ours);
}

interface State {
  /** Puts the files back that runs change. */
  restore(): void;
}

function keepState(project: ServedProject): State {
  const pairs = (project.state ?? []).map((name) => ({
    file: path.join(appFolder(project), name),
    copy: path.join(folderOf(project), '.state', name.replaceAll('/', '+')),
  }));
  for (const { file, copy } of pairs) {
    if (fs.existsSync(copy) || !fs.existsSync(file)) continue;
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.cpSync(file, copy, { recursive: true });
  }
  return {
    restore: () => {
      for (const { file, copy } of pairs) {
        fs.rmSync(file, { recursive: true, force: true });
        if (fs.existsSync(copy)) fs.cpSync(copy, file, { recursive: true });
      }
    },
  };
}

/** Our command in a project that we do not run. */
export async function refuse(project: RefusedProject): Promise<Pick<Result, 'refusal'>> {
  const app = new Running(project, appFolder(project), ourCommand(project, ['0']), await freePort());
  const exitCode = await app.exitCode(REFUSED_MS);
  const message = app.output.split('\n').slice(0, 3).join(' ');
  return { refusal: { exitCode, message, isRight: exitCode === 4 && message.includes(project.says) } };
}
