/** Finds the app to run and its runtime: a file for Node, or a Python app. */
import path from 'node:path';
import { MANAGE } from '../../common/entry-names.ts';
import { ServerError } from '../../protocol/errors.ts';
import { fileAt, kindOf } from './entry-files.ts';
import { noApp } from './no-app.ts';
import { noSuchEntry } from './node-entry.ts';
import { BY_NAME, lookIn } from './node-look.ts';
import { appIn, type LookOptions, type ProjectApp, type ProjectLook } from './project-app.ts';
import type { Variables } from './python-choice.ts';
import { namedPython } from './python-named.ts';
import { fileStart, type ScriptStart, scriptStart } from './script/start.ts';
import { scriptServers } from './script-servers.ts';
import { seemsServer } from './server-signs.ts';
import { serversBelow, serversOfLead, type WorkspaceServer } from './workspace-apps.ts';
import { declaredWorkspaces, isProject } from './workspaces.ts';

export interface FoundApp extends ProjectApp {
  /** The folder that the app runs in. */
  cwd: string;
  /** What else could be run, as a person would name it. */
  others: string[];
  /** How a script of package.json runs it, or which runner it needs. */
  start?: ScriptStart;
}

/**
 * The app that `entry` names, or the one in `cwd`. A folder stands for the project in it, and its app runs there. Without
 * an entry, in this order:
 *
 * 1. What a Python project names (manage.py, FLASK_APP, pyproject.toml), unless package.json names a server: its
 *    scripts often serve only a front end.
 * 2. `scripts.dev`, `start:dev`, `serve`, `start`, also if they run the app of one workspace.
 * 3. `main`, unless it is a build that is older than its source.
 * 4. A server that a build has left.
 * 5. Files of usual names, of Node before Python, unless a front end's tool serves the project.
 * 6. The one workspace that has a server.
 *
 * Rejects with `ENTRY_NOT_FOUND`, `ENTRY_AMBIGUOUS` or `NO_APP`. Nothing is run.
 */
export async function findApp(
  entry: string | undefined,
  cwd: string,
  { env = process.env, nodeArgs = [] }: { env?: Variables; nodeArgs?: readonly string[] } = {},
): Promise<FoundApp> {
  const found = await locate(entry, cwd, env);
  if (found.kind === 'python') return found;
  const { plan, from, entry: file } = found;
  const start =
    plan === undefined || from === undefined ? fileStart(file, nodeArgs) : scriptStart(plan, from, file);
  return start === undefined ? found : { ...found, start };
}

async function locate(entry: string | undefined, cwd: string, env: Variables): Promise<FoundApp> {
  if (entry === undefined) return inProject(cwd, { cwd, env, index: false });
  const target = path.resolve(cwd, entry);
  const python = await namedPython(entry, cwd);
  if (python !== undefined) {
    // A folder may also be a package, which is imported from where it lies.
    const inFolder = python === path.join(target, MANAGE);
    return { kind: 'python', entry: python, cwd: inFolder ? target : cwd, others: [] };
  }
  if ((await kindOf(target)) === 'folder') return inProject(target, { cwd, env: {}, index: true });
  const file = await fileAt(target);
  if (file === undefined) throw await noSuchEntry(entry, target, cwd);
  return { kind: 'node', entry: file, cwd, others: [], ...(await asInScript(file, cwd)) };
}

/** A file that a person names runs as a script of the folder runs it, if one does. */
async function asInScript(file: string, cwd: string): Promise<Partial<FoundApp>> {
  const { choices } = await lookIn(cwd);
  const same = choices.find((choice) => choice.file === file);
  return same?.plan === undefined ? {} : { from: same.from, plan: same.plan, cwd: same.plan.folder };
}

interface Options extends LookOptions {
  /** Where the commands in messages are typed. */
  cwd: string;
}

async function inProject(folder: string, { cwd, ...options }: Options): Promise<FoundApp> {
  const look = await appIn(folder, options);
  const { app, equals, node } = look;
  if (!look.named) {
    for (const lead of node.leads) {
      const [first, ...more] = await serversOfLead(folder, lead);
      if (first !== undefined && more.length === 0) return inWorkspace(first, cwd);
    }
  }
  const certain =
    app !== undefined &&
    (app.from !== BY_NAME || (node.leads.length === 0 && (await isCertain(app, folder))));
  if (certain) return found(app, look, folder, cwd);
  if (equals.length > 0) throw severalFit(equals, cwd);
  if (app === undefined && node.missing !== undefined) throw notInstalled(node.missing, folder);
  const below = await serversBelow(folder);
  const [only, ...more] = below.servers;
  if (below.declared && only !== undefined && more.length === 0) return inWorkspace(only, cwd);
  if (app !== undefined && below.servers.length === 0) return found(app, look, folder, cwd);
  const apis = node.frontEnd === undefined ? [] : await scriptServers(folder);
  throw await noApp({ folder, cwd }, node, { ...below, apis });
}

/** The root of a monorepo has files of such names for its tools, so its name alone makes no file the app. */
async function isCertain({ kind, entry }: ProjectApp, folder: string): Promise<boolean> {
  return kind === 'python' || (await declaredWorkspaces(folder)) === undefined || seemsServer(entry);
}

async function found(
  app: ProjectApp,
  { others }: ProjectLook,
  folder: string,
  cwd: string,
): Promise<FoundApp> {
  const names = [...new Set(others.map((file) => path.relative(cwd, file)))];
  const own = app.plan?.folder ?? ((await isProject(folder)) ? folder : cwd);
  return { ...app, cwd: own, others: names };
}

async function inWorkspace({ app, folder }: WorkspaceServer, cwd: string): Promise<FoundApp> {
  if (app !== undefined) return { ...app, cwd: app.plan?.folder ?? folder, others: [] };
  return inProject(folder, { cwd, env: {}, index: false });
}

function notInstalled({ command, says }: { command: string; says: string }, folder: string): ServerError {
  const message = `package.json ${says} runs ${command}, which is not installed in ${folder}.`;
  return new ServerError('ENTRY_NOT_FOUND', message, {
    hint: 'Install the packages of the project first: npm install',
    details: { folder, candidates: [says] },
  });
}

function severalFit(files: readonly string[], cwd: string): ServerError {
  const candidates = files.map((file) => path.relative(cwd, file));
  return new ServerError('ENTRY_AMBIGUOUS', `Several files could be the app: ${candidates.join(', ')}.`, {
    hint: `Name the one to run, for example: concurrent-server ${candidates[0]}`,
    details: { candidates },
  });
}

/** A line about what names a Python app; undefined if its own name or a person does. */
export function choiceText({ kind, entry, from }: FoundApp, cwd: string): string | undefined {
  if (kind === 'node' || from === undefined) return undefined;
  return `Runs ${path.isAbsolute(entry) ? path.relative(cwd, entry) : entry} (${from}).`;
}
