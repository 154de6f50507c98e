/** From the text of a script to the one server it runs. Pure: the project answers what it is asked. */
import { readAce } from './adonis.ts';
import { readNest } from './nest.ts';
import { readNodeWords } from './node-flags.ts';
import { readNodemon } from './nodemon.ts';
import { readManager, withArguments } from './package-managers.ts';
import {
  type Draft,
  emptyDraft,
  type Project,
  type ScriptPlan,
  type ScriptReading,
  withMore,
} from './plan.ts';
import { readRunner } from './runners.ts';
import { type OneOfSeveral, readSeveral } from './several.ts';
import { quoteWords, readShell, type ShellCommand } from './shell-words.ts';
import { refusal, workerArguments } from './tools.ts';
import { readAssignments, unwrap } from './wrappers.ts';

/** Scripts that call scripts, wrappers in wrappers: more than this is a circle. */
const MAX_DEPTH = 24;
/** Names of the parts that serve, where several run at once. */
const SERVER_NAME = /server|api|back|^start|^serve|nest|express|fastify/i;
const TRIVIAL = new Set(['sleep', 'true', ':', 'wait', 'echo', 'clear', 'printf', 'kill-port', 'wait-on']);

/** What script `name` of a project runs. Never throws. */
export function readNamedScript(name: string, project: Project): ScriptReading {
  const script = project.scripts[name];
  if (script === undefined) return { why: `there is no script ${name}` };
  const before = project.scripts[`pre${name}`];
  const notTaken = before === undefined ? [] : [`pre${name}`];
  return readScript(script, project, withMore(emptyDraft(project.folder), { notTaken }));
}

function readScript(script: string, project: Project, draft: Draft, depth = 0): ScriptReading {
  if (depth > MAX_DEPTH) return { why: 'calls itself' };
  const variables = (name: string): string | undefined => draft.env[name] ?? project.variables(name);
  const shell = readShell(script, variables);
  if ('why' in shell) return shell;
  const parts = groups(shell.commands);
  if (parts.length === 0) return { why: 'is empty' };
  const readings = parts.map((part) => ({
    name: part.map(({ words }) => quoteWords(words)).join(' && '),
    reading: inTurn(part, project, draft, depth + 1),
  }));
  return oneOf(readings);
}

/** Commands that run at once: separated by a single `&`. Within one, those that run in turn. */
function groups(commands: readonly ShellCommand[]): ShellCommand[][] {
  const all: ShellCommand[][] = [[]];
  for (const command of commands) {
    all.at(-1)!.push(command);
    if (command.joint === '&') all.push([]);
  }
  return all.filter((group) => group.length > 0);
}

/** The last command that is a server; what comes before it is made by hand, and named. */
function inTurn(
  commands: readonly ShellCommand[],
  outer: Project,
  outerDraft: Draft,
  depth: number,
): ScriptReading {
  let project = outer;
  let draft = outerDraft;
  let found: ScriptReading | undefined;
  let last: ScriptReading = { why: 'runs no command' };
  const others: string[] = [];
  for (let at = 0; at < commands.length; at++) {
    const { words, joint, redirections } = commands[at]!;
    const piped = pipe(commands, at);
    const notTaken = [...redirections, ...piped.map((text) => `| ${text}`)];
    at += piped.length;
    const [name, target] = words;
    if (name === 'cd' || name === 'pushd') {
      const next = target === undefined ? undefined : project.at(target);
      if (next === undefined) return { why: `runs in ${target ?? 'another folder'}` };
      project = next;
      draft = { ...draft, folder: next.folder };
      continue;
    }
    const set = variablesSet(words);
    if (set !== undefined) {
      draft = withMore(draft, { env: set });
      continue;
    }
    const reading = readCommand(words, project, draft, depth);
    if (reading.plan !== undefined) {
      if (found?.plan !== undefined) others.push(found.plan.program.file);
      found = { plan: { ...reading.plan, notTaken: [...reading.plan.notTaken, ...notTaken] } };
    } else {
      last = reading;
      if (!TRIVIAL.has(name!)) others.push(quoteWords(words));
    }
    // What follows `||` runs only where this fails.
    if (joint === '||' && reading.plan !== undefined) break;
  }
  if (found?.plan === undefined) return last;
  return { plan: { ...found.plan, notTaken: [...found.plan.notTaken, ...others] } };
}

/** The commands that read what the one at `at` writes. */
function pipe(commands: readonly ShellCommand[], at: number): string[] {
  const texts: string[] = [];
  for (let next = at; commands[next]?.joint === '|' && commands[next + 1] !== undefined; next++) {
    texts.push(quoteWords(commands[next + 1]!.words));
  }
  return texts;
}

/** `export NAME=value`, Windows' `set NAME=value`, or nothing but assignments. */
function variablesSet(words: readonly string[]): Record<string, string> | undefined {
  const [name] = words;
  const { env, rest } = readAssignments(name === 'export' || name === 'set' ? words.slice(1) : words);
  return rest.length === 0 && Object.keys(env).length > 0 ? env : undefined;
}

/** The one that serves. The others are named. */
function oneOf(all: readonly { name: string; reading: ScriptReading }[]): ScriptReading {
  const servers = all.filter(({ reading }) => reading.plan !== undefined);
  const chosen = servers.find(({ name }) => SERVER_NAME.test(name)) ?? servers[0];
  if (chosen?.reading.plan === undefined) return all[0]?.reading ?? { why: 'is empty' };
  const { plan } = chosen.reading;
  const others = all.filter((one) => one !== chosen).map(({ name }) => name);
  return { plan: { ...plan, notTaken: [...plan.notTaken, ...others] } };
}

function readCommand(all: readonly string[], project: Project, draft: Draft, depth: number): ScriptReading {
  if (depth > MAX_DEPTH) return { why: 'calls itself' };
  const words = plainName(all);
  const wrapped = unwrap(words, draft, project);
  if (wrapped !== undefined) {
    if ('why' in wrapped) return wrapped;
    if ('script' in wrapped) return readScript(wrapped.script, project, wrapped.draft, depth + 1);
    return readCommand(wrapped.words, project, wrapped.draft, depth + 1);
  }
  const [name, ...rest] = words;
  if (name === undefined) return { why: 'runs no command' };
  const several = readSeveral(words, project);
  if (several !== undefined) return readAll(several, project, draft, depth + 1);
  const call = readManager(words, project);
  if (call !== undefined) {
    if ('why' in call) return call;
    if ('shell' in call) return readScript(call.shell, project, draft, depth + 1);
    if ('words' in call) return readCommand(call.words, project, draft, depth + 1);
    return callScript(call, project, draft, depth + 1);
  }
  if (name === 'nodemon') {
    const inner = readNodemon(rest, draft, project);
    return 'why' in inner ? inner : readScript(inner.script, project, inner.draft, depth + 1);
  }
  if (name === 'nest') return readNest(rest, draft, project);
  if (name === 'node') return readNode(rest, project, draft, depth);
  return readRunner(name, rest, draft) ?? packageCommand(name, rest, project, draft);
}

/** `./node_modules/.bin/NAME` is NAME. */
function plainName([name, ...rest]: readonly string[]): string[] {
  if (name === undefined) return [];
  const plain = /(?:^|\/)node_modules\/\.bin\/([\w.-]+?)(?:\.cmd)?$/.exec(name)?.[1];
  return [plain ?? name, ...rest];
}

function readNode(words: readonly string[], project: Project, draft: Draft, depth: number): ScriptReading {
  const { rest, script, nodeArgs, notTaken } = readNodeWords(words);
  if (script !== undefined) return callScript({ script, args: [] }, project, draft, depth + 1);
  const ace = readAce(rest, withMore(draft, { nodeArgs, notTaken }), project);
  if (ace !== undefined) return ace;
  const [command, ...args] = plainName(rest);
  if (command === undefined || command === rest[0]) return readRunner('node', words, draft) ?? { why: '' };
  return readCommand([command, ...args], project, withMore(draft, { nodeArgs, notTaken }), depth + 1);
}

function callScript(
  { script, args, folder }: { script: string; args: string[]; folder?: string },
  outer: Project,
  draft: Draft,
  depth: number,
): ScriptReading {
  const project = folder === undefined ? outer : outer.at(folder);
  if (project === undefined) return { why: `runs in ${folder}` };
  const text = project.scripts[script];
  if (text === undefined) return { why: `there is no script ${script}` };
  const before = project.scripts[`pre${script}`] === undefined ? [] : [`pre${script}`];
  const inner = { ...withMore(draft, { notTaken: before }), folder: project.folder };
  return readScript(withArguments(text, args), project, inner, depth);
}

function readAll(all: readonly OneOfSeveral[], project: Project, draft: Draft, depth: number): ScriptReading {
  const readings = all.map((one) => ({ ...one, reading: readScript(one.script, project, draft, depth) }));
  // Of those that run in turn, the last is what keeps running.
  const last = readings.filter(({ inTurn, reading }) => inTurn && reading.plan !== undefined).at(-1);
  const rest = readings.filter((one) => !one.inTurn || one === last);
  const result = oneOf(rest.length === 0 ? readings : rest);
  if (result.plan === undefined) return result;
  const before = readings.filter((one) => !rest.includes(one)).map(({ name }) => name);
  return { plan: { ...result.plan, notTaken: [...result.plan.notTaken, ...before] } };
}

/** `next start`, `fastify start app.js`: the JavaScript behind the command runs with its arguments. */
function packageCommand(
  name: string,
  words: readonly string[],
  project: Project,
  draft: Draft,
): ScriptReading {
  const refused = refusal(name, words);
  if (refused !== undefined) return { why: refused };
  if (/[\\/]/.test(name)) return ownFile(name, words, draft);
  const file = project.command(name);
  if (file === undefined) return { why: `${name} is not installed`, missing: name };
  const { args, notTaken } = workerArguments(name, words);
  const plan: ScriptPlan = { ...withMore(draft, { notTaken }), program: { command: name, file }, args };
  return { plan };
}

/** `./bin/www`: a file of the project that names its interpreter itself. */
function ownFile(file: string, args: readonly string[], draft: Draft): ScriptReading {
  if (/\.(?:sh|bash|py|rb|ps1|cmd|bat|exe)$/i.test(file)) return { why: `${file} is no JavaScript` };
  return { plan: { ...draft, program: { file }, args: [...args] } };
}
