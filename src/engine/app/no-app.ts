/** The error about a folder in which there is nothing to run: one sentence, what to do, and the facts. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../common/defined.ts';
import { GUESSED_NAMES, MANAGE, PYTHON_NAMES } from '../../common/entry-names.ts';
import { type NoAppDetails, ServerError } from '../../protocol/errors.ts';
import { type FoundFrontEnd, type Looked, type NodeLook, PAGE_SCRIPTS } from './node-look.ts';
import type { WorkspaceServers } from './workspace-apps.ts';

/** `folder` is as the user sees it from `cwd`, where the commands in the hint are typed. */
export async function noApp(
  { folder, cwd }: { folder: string; cwd: string },
  { looked, frontEnd, choices }: NodeLook,
  { servers, frontEnds, declared, apis }: WorkspaceServers & { apis: readonly string[] },
): Promise<ServerError> {
  const names = `${GUESSED_NAMES.join(', ')} with .js or .ts in the folder and src`;
  const python = `${MANAGE}; ${PYTHON_NAMES.join(', ')} with .py that define an app`;
  const workspaces = [
    ...servers.map((server) => ({
      path: server.path,
      name: server.name,
      entry: toEntry(cwd, server.folder),
    })),
    ...apis.map((file) => ({
      path: toEntry(folder, file),
      name: path.basename(file),
      entry: toEntry(cwd, file),
    })),
  ];
  const commands = workspaces.map(({ entry }) => `concurrent-server ${quoted(entry)}`);
  const tool = frontEnd?.tool;
  const command = frontEnd === undefined ? undefined : await runCommand(folder, frontEnd.script);
  const details: NoAppDetails = {
    folder,
    looked: [...looked.map(({ what, why }) => `${what} (${why})`), names, python],
    ...(tool === undefined
      ? {}
      : { frontEnd: defined({ name: tool.name, script: frontEnd?.script, command, proxy: tool.proxy }) }),
    ...(workspaces.length === 0 ? {} : { workspaces }),
  };
  const error = (message: string, hint: string): ServerError =>
    new ServerError('NO_APP', message, { hint, details: { ...details } });
  if (frontEnd !== undefined && choices.length === 0 && !(declared && servers.length > 0)) {
    return error(frontEndText(frontEnd, command), frontEndHint(frontEnd, commands));
  }
  const paths = workspaces.map(({ path }) => path).join(', ');
  if (servers.length > 1) {
    const message = `${declared ? 'Several workspaces' : 'Several projects in this folder'} have a server: ${paths}.`;
    return error(message, `Name the one to run: ${commands.join('   or   ')}`);
  }
  const message = `No app found in ${folder}: ${ofWorkspaces(frontEnds, declared) ?? reason(looked)}.`;
  if (servers.length === 1) return error(message, `There is one in ${paths}: run ${commands[0]}`);
  return error(
    message,
    'Name the file of your app: concurrent-server path/to/server.js, manage.py or module:app',
  );
}

function ofWorkspaces(frontEnds: readonly string[], declared: boolean): string | undefined {
  if (!declared || frontEnds.length === 0) return undefined;
  return `no workspace has a server; there are front ends (${frontEnds.join(', ')})`;
}

function reason(looked: readonly Looked[]): string {
  const script = looked.find(({ what }) => what.startsWith('scripts.'));
  const page = looked.find(({ what }) => what === PAGE_SCRIPTS);
  const usual = [...GUESSED_NAMES.map((name) => `${name}.js`), MANAGE].join(', ');
  const names = `there is no ${usual} or app.py that could be it`;
  if (script === undefined && page !== undefined) return `the ${page.what} run in the browser, and ${names}`;
  return script === undefined ? names : `${script.what} can't be run here (${script.why}), and ${names}`;
}

function frontEndText({ tool, script }: FoundFrontEnd, command: string | undefined): string {
  const article = /^[AEIOU]/.test(tool.name) ? 'an' : 'a';
  const runs = command === undefined || script === undefined ? '' : `: \`${command}\` serves it`;
  return `This is ${article} ${tool.name} project${runs}.`;
}

function frontEndHint({ tool }: FoundFrontEnd, commands: readonly string[]): string {
  const pass = tool.proxy === undefined ? '' : `, and let ${tool.name} pass requests on to it: ${tool.proxy}`;
  const [first, ...others] = commands;
  if (first === undefined) return `Run Concurrent Server in the folder of its API${pass}.`;
  const also = others.length === 0 ? '' : ` (or ${others.join(', ')})`;
  return `Run its API by \`${first}\`${also}${pass}.`;
}

/** How the project's package manager runs a script, by its lock file in the folder or above. */
async function runCommand(folder: string, script: string | undefined): Promise<string | undefined> {
  if (script === undefined) return undefined;
  for (let at = folder; ; at = path.dirname(at)) {
    const names = new Set(await readdir(at).catch((): string[] => []));
    if (names.has('pnpm-lock.yaml')) return `pnpm ${script}`;
    if (names.has('yarn.lock')) return `yarn ${script}`;
    if (names.has('bun.lock') || names.has('bun.lockb')) return `bun run ${script}`;
    const top = names.has('package-lock.json') || names.has('.git') || path.dirname(at) === at;
    if (top) return script === 'start' ? 'npm start' : `npm run ${script}`;
  }
}

function toEntry(cwd: string, folder: string): string {
  return path.relative(cwd, folder).replaceAll('\\', '/') || '.';
}

function quoted(entry: string): string {
  return /^[\w@./+-]+$/.test(entry) ? entry : `'${entry}'`;
}
