/** The app of one folder: a Node app or a Python one. Other folders of a monorepo are found by workspace-apps.ts. */
import path from 'node:path';
import { GUESSED_NAMES } from '../../common/entry-names.ts';
import { inBuildFolder } from './builds.ts';
import { fileAt, notImported } from './entry-files.ts';
import { BY_NAME, lookIn, type NodeChoice, type NodeLook } from './node-look.ts';
import { discoverPython, namedByProject, type Variables } from './python-choice.ts';
import type { ScriptPlan } from './script/plan.ts';
import { seemsServer, serversAmong } from './server-signs.ts';

export interface ProjectApp {
  kind: 'node' | 'python';
  /** Absolute path, or `module:attribute` for Python. */
  entry: string;
  /** Where it was found, such as `scripts.dev`, or `FLASK_APP in .flaskenv`. */
  from?: string;
  /** How a script runs it. */
  plan?: ScriptPlan;
  warning?: string;
}

export interface ProjectLook {
  app: ProjectApp | undefined;
  /** Absolute paths of what else could be run here. */
  others: string[];
  /** The project's own files name it, and not a name that is usual. */
  named: boolean;
  /** Absolute paths among which nothing decides; only without an app. */
  equals: string[];
  node: NodeLook;
}

export interface LookOptions {
  /** Variables that may name a Python app of this folder. */
  env: Variables;
  /** A person named the folder: as for Node, its `index` is before files of other names. */
  index: boolean;
}

export async function appIn(folder: string, { env, index }: LookOptions): Promise<ProjectLook> {
  const [named, node] = await Promise.all([namedByProject(folder, env), lookIn(folder)]);
  const choice = index ? await withIndex(folder, node) : node.choices[0];
  const nothing = { others: [], equals: [], named: false, node };
  if (named !== undefined && !(await isCertain(choice))) {
    return { ...nothing, app: { kind: 'python', ...named }, named: true };
  }
  if (choice === undefined && node.equals.length > 0)
    return { ...nothing, app: undefined, equals: node.equals };
  const python = named === undefined ? await discoverPython(folder) : { ...named, others: [] };
  const apps = python === undefined ? [] : [python.entry, ...python.others];
  if (choice !== undefined) {
    const { file, ...rest } = choice;
    const others = [...(await otherChoices(folder, choice, node)), ...apps];
    return { ...nothing, app: { kind: 'node', entry: file, ...rest }, others };
  }
  if (python === undefined) return { ...nothing, app: undefined };
  const { others, ...app } = python;
  return { ...nothing, app: { kind: 'python', ...app }, others };
}

async function withIndex(folder: string, { choices, frontEnd }: NodeLook): Promise<NodeChoice | undefined> {
  const [choice] = choices;
  if ((choice !== undefined && choice.from !== BY_NAME) || frontEnd !== undefined) return choice;
  const file = await fileAt(path.join(folder, 'index'));
  return file === undefined ? choice : { file, from: BY_NAME };
}

/** Beside a manage.py most of what package.json has is for its styles and scripts. */
async function isCertain(choice: NodeChoice | undefined): Promise<boolean> {
  if (choice === undefined || !/^(?:scripts\.|main$)/.test(choice.from)) return false;
  const { name } = path.parse(choice.file);
  return GUESSED_NAMES.some((known) => known === name) || seemsServer(choice.file);
}

/** A build of the same app, and a file that belongs to the same program, are nothing else. */
async function otherChoices(folder: string, { file }: NodeChoice, { choices }: NodeLook): Promise<string[]> {
  const files = choices
    .filter((other) => other.file !== file && !(other.plan !== undefined && 'command' in other.plan.program))
    .map((other) => other.file)
    .filter((other) => !inBuildFolder(folder, other));
  const servers = await serversAmong(files);
  const apart = await Promise.all(
    servers.map(async (other) => (await notImported([file, other])).length === 2),
  );
  return servers.filter((_, at) => apart[at]);
}
