/** What of a folder Node could run, in the order of preference, and what was looked at. Nothing is run. */
import path from 'node:path';
import {
  builtBy,
  frontEndOfPackages,
  frontEndOfScript,
  type ProjectManifest,
  SCRIPT_NAMES,
  servesFiles,
} from '../../common/front-end-of.ts';
import type { FrontEnd } from '../../common/front-ends.ts';
import { builtServers, newerSource } from './builds.ts';
import { guesses, kindOf, notImported } from './entry-files.ts';
import { fileNamed, type Manifest, readManifest } from './package-json.ts';
import { pageScripts } from './page-scripts.ts';
import type { Project, ScriptPlan } from './script/plan.ts';
import { projectIn } from './script/project.ts';
import { readNamedScript } from './script/read-script.ts';
import { type Leads, workspacesOf } from './script-workspaces.ts';
import { seemsServer, serversAmong } from './server-signs.ts';

export interface NodeChoice {
  /** Absolute path of the app's file. */
  file: string;
  /** Where it was found: `scripts.dev`, `main`, `a build`, `a usual name`. */
  from: string;
  /** How the script runs it; undefined if no script names it. */
  plan?: ScriptPlan;
  /** What the user should know about it. */
  warning?: string;
}

/** A front end's tool, and the script that runs it. */
export interface FoundFrontEnd {
  tool: FrontEnd;
  /** Undefined if the project was recognised by its packages. */
  script: string | undefined;
}

/** A script that runs those of other workspaces. */
export interface Lead {
  script: string;
  leads: Leads;
}

/** What was looked at, and why it is no app. */
export interface Looked {
  what: string;
  why: string;
}

export interface NodeLook {
  /** The likeliest first, each file once. */
  choices: NodeChoice[];
  /** Files of usual names among which nothing decides; only without choices. */
  equals: string[];
  frontEnd: FoundFrontEnd | undefined;
  /** Scripts that lead to other workspaces, in their order; those after the first choice are left out. */
  leads: Lead[];
  /** A script runs this command of a package, which is not installed. */
  missing: { command: string; says: string } | undefined;
  /** What would make a script work that comes before the choices. */
  advice: string | undefined;
  looked: Looked[];
}

/** As `from` of a choice: nothing says that it is the app, except what it is called. */
export const BY_NAME = 'its name';

export const PAGE_SCRIPTS = 'files that index.html loads';

/** Scripts that run what a build has made. */
const BUILT_SCRIPT = /^(?:start:prod(?:uction)?|serve:ssr\b.*|prod|production)$/;

export async function lookIn(folder: string): Promise<NodeLook> {
  const look: NodeLook = {
    choices: [],
    equals: [],
    frontEnd: undefined,
    leads: [],
    looked: [],
    missing: undefined,
    advice: undefined,
  };
  const manifest = await readManifest(folder);
  const project = projectIn(folder);
  if (manifest === undefined) look.looked.push({ what: 'package.json', why: 'none' });
  else if (manifest === 'broken' || project === undefined)
    look.looked.push({ what: 'package.json', why: 'not valid JSON' });
  else {
    for (const name of SCRIPT_NAMES) await addScript(look, manifest, name, project);
    // `main` and the rest may be modules that the missing command loads, and no programs.
    if (look.missing !== undefined && look.choices.length === 0) return look;
    const late = await addMain(look, folder, manifest);
    await addBuilds(look, folder, manifest, project);
    if (look.choices.length === 0) await addNames(look, folder, manifest);
    // A build that is older than its source is better than nothing.
    if (late !== undefined && look.equals.length === 0) addChoice(look, late);
    return look;
  }
  await addNames(look, folder, undefined);
  return look;
}

async function addScript(look: NodeLook, manifest: Manifest, name: string, project: Project): Promise<void> {
  const script = manifest.scripts[name];
  if (script === undefined) return;
  const { folder } = project;
  const says = `scripts.${name} "${script}"`;
  if (servesFiles(script, manifest) && hasFrontEnd(manifest)) {
    look.looked.push({ what: says, why: 'it serves the files of a front end' });
    return;
  }
  const tool = frontEndOfScript(script, manifest);
  const needs = tool === undefined ? undefined : builtBy(tool, script, manifest);
  const isBuilt = needs !== undefined && (await kindOf(path.join(folder, needs))) !== 'none';
  const reading = readNamedScript(name, project);
  const { plan } = reading;
  // A script may run a front end and a server beside each other.
  const isTool = tool !== undefined && !isBuilt && (plan === undefined || 'command' in plan.program);
  if (tool !== undefined && !isBuilt) look.frontEnd ??= { tool, script: name };
  if (tool !== undefined && isTool) {
    const state = needs === undefined ? 'serves it' : `serves its build, and there is no ${needs}`;
    look.looked.push({ what: says, why: `${tool.name} ${state}` });
    return;
  }
  if (plan === undefined) {
    const leads = workspacesOf(script, manifest.scripts);
    if (leads !== undefined && look.choices.length === 0) look.leads.push({ script: name, leads });
    look.looked.push({ what: says, why: reading.why });
    const { missing, advises } = reading;
    if (advises) look.advice ??= `${says}: ${reading.why}`;
    if (missing !== undefined) look.missing ??= { command: missing, says };
    return;
  }
  const file = await fileNamed(plan.folder, plan.program.file);
  if (file === undefined) {
    look.looked.push({ what: says, why: `there is no ${plan.program.file}` });
    return;
  }
  addChoice(look, { file, from: `scripts.${name}`, plan, ...(await ageOf(folder, file)) });
}

function hasFrontEnd(manifest: Manifest): boolean {
  const scripts = SCRIPT_NAMES.flatMap((name) => manifest.scripts[name] ?? []);
  const byScript = scripts.some((script) => frontEndOfScript(script, manifest) !== undefined);
  return byScript || frontEndOfPackages(manifest) !== undefined;
}

/** The choice that counts only if nothing else does: a build that is older than its source. */
async function addMain(look: NodeLook, folder: string, manifest: Manifest): Promise<NodeChoice | undefined> {
  const { main } = manifest;
  if (main === undefined) return undefined;
  const says = `main "${main}"`;
  const file = await fileNamed(folder, main);
  if (file === undefined) {
    look.looked.push({ what: says, why: 'no such file' });
    return undefined;
  }
  if (look.frontEnd !== undefined && !(await seemsServer(file))) {
    const why = `${look.frontEnd.tool.name} serves this project, and the file looks like no server`;
    look.looked.push({ what: says, why });
    return undefined;
  }
  const age = await ageOf(folder, file);
  const choice = { file, from: 'main', ...age };
  if (age.warning === undefined) {
    addChoice(look, choice);
    return undefined;
  }
  look.looked.push({ what: says, why: age.warning });
  return choice;
}

async function addBuilds(
  look: NodeLook,
  folder: string,
  manifest: Manifest,
  project: Project,
): Promise<void> {
  for (const name of Object.keys(manifest.scripts)) {
    if (!BUILT_SCRIPT.test(name)) continue;
    const { plan } = readNamedScript(name, project);
    if (plan === undefined || 'command' in plan.program) continue;
    const file = await fileNamed(plan.folder, plan.program.file);
    if (file !== undefined)
      addChoice(look, { file, from: `scripts.${name}`, plan, ...(await ageOf(folder, file)) });
  }
  for (const file of await builtServers(folder, manifest.packages)) {
    addChoice(look, { file, from: 'a build', ...(await ageOf(folder, file)) });
  }
}

async function addNames(
  look: NodeLook,
  folder: string,
  manifest: ProjectManifest | undefined,
): Promise<void> {
  if (look.frontEnd !== undefined) {
    look.looked.push({ what: 'files of usual names', why: `${look.frontEnd.tool.name} serves this project` });
    return;
  }
  const tool = manifest === undefined ? undefined : frontEndOfPackages(manifest);
  const inPages = await pageScripts(folder);
  const all = (await guesses(folder)).filter((file) => !inPages.has(file));
  // No script says that the tool serves, so a file may still be a server.
  const fitting = await notImported(tool === undefined ? all : await certainServers(all));
  if (tool !== undefined && fitting.length === 0) look.frontEnd = { tool, script: undefined };
  if (inPages.size > 0) look.looked.push({ what: PAGE_SCRIPTS, why: 'they run in the browser' });
  const file = await decidedAmong(folder, fitting);
  if (file !== undefined) addChoice(look, { file, from: BY_NAME });
  else look.equals = fitting;
}

async function certainServers(files: readonly string[]): Promise<string[]> {
  const servers = await serversAmong(files);
  return files.filter((file) => isServer(file) || servers.includes(file));
}

async function decidedAmong(folder: string, files: readonly string[]): Promise<string | undefined> {
  const [first] = files;
  if (first === undefined || files.length === 1) return first;
  // Guesses come in the order of preference, so a `server` of the folder itself is the first.
  if (path.dirname(first) === folder && isServer(first)) return first;
  const servers = await serversAmong(files);
  return servers.length === 1 ? servers[0] : undefined;
}

function isServer(file: string): boolean {
  return path.parse(file).name === 'server';
}

async function ageOf(folder: string, file: string): Promise<{ warning?: string }> {
  const newer = await newerSource(folder, file);
  if (newer === undefined) return {};
  const [own, source] = [file, newer].map((one) => path.relative(folder, one));
  return { warning: `${own} is older than ${source}: run the build` };
}

function addChoice(look: NodeLook, choice: NodeChoice): void {
  if (look.choices.some(({ file }) => file === choice.file)) return;
  // The build is newer, and still no save of a source changes it.
  const warning = choice.warning ?? look.advice;
  look.choices.push(warning === undefined ? choice : { ...choice, warning });
}
