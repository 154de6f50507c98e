/** One trial of a case under plain Node, without the finder: start, warm up, setup, group, probes, end. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { copyCase, here } from './install.mjs';
import { filled } from './scenario.mjs';
import { send } from './send.mjs';
import { freePort } from './services.mjs';

/** How an app is started by hand: by its script, else the file that a person would name. */
function commandOf(folder) {
  const manifest = join(folder, 'package.json');
  const scripts = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')).scripts ?? {}) : {};
  const script = scripts.dev ?? scripts.start;
  if (script) return script.split(' ');
  const file = readdirSync(folder).find((name) => /^(server|app|index|main)\.[cm]?js$/.test(name));
  if (!file) throw new Error(`${folder} has nothing to start.`);
  // A fetch handler needs a server around it; this is the smallest.
  const source = readFileSync(join(folder, file), 'utf8');
  return /^export default/m.test(source) ? ['node', join(here, 'serve-fetch.mjs'), file] : ['node', file];
}

async function accepts(port, child) {
  for (let attempt = 0; attempt < 1500; attempt++) {
    if (child.exitCode !== null) throw new Error(`The app ended with ${child.exitCode}:\n${child.said()}`);
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      wait(1000, false),
    ]);
    socket.destroy();
    if (open) return;
    await wait(10);
  }
  throw new Error(`The app does not listen:\n${child.said()}`);
}

async function startApp(folder, installed, env) {
  const port = await freePort();
  const [command, ...args] = commandOf(folder);
  const child = spawn(command, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...env,
      PORT: String(port),
      PATH: [dirname(process.execPath), join(installed, 'node_modules', '.bin'), process.env.PATH].join(
        delimiter,
      ),
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  child.said = () => said;
  const ended = once(child, 'exit');
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  };
  process.on('exit', end);
  await accepts(port, child);
  return {
    port,
    said: () => said,
    async stop() {
      end();
      await ended;
      process.off('exit', end);
    },
  };
}

function withResolvers() {
  const made = {};
  made.promise = new Promise((resolve) => {
    made.resolve = resolve;
  });
  return made;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is compared of an answer, as races.md has it. */
const compared = ({ status, headers, cookies, text }, { mask }) => ({
  status,
  ...(headers.location && { location: headers.location }),
  ...(cookies.length > 0 && { cookies: cookies.sort() }),
  ...(!mask.includes('body') && { body: parsed(text) }),
});

/** The commands behind `--reset` in a case's arguments. */
const resetCommands = (args) => args.filter((_, index) => args[index - 1] === '--reset');

/** The group of a scenario, copies written out. */
export const groupOf = ({ requests }) =>
  requests
    .filter(({ role }) => role === 'together')
    .flatMap((request) => Array.from({ length: request.copies }, () => request));

/**
 * Runs the scenario once in fresh processes and a fresh copy of the case. `order` lists indexes of the group that are
 * sent one after the other; without it all are sent at once. Returns the answers, `seen` by index of the group, and
 * what the app printed.
 */
export async function trial(bench, scenario, { order, warm = false, apart = false }) {
  const { subject, env, installed, folder } = bench;
  await copyCase(subject.name, folder);
  const apps = [];
  try {
    for (let n = 0; n < (subject.topology === 'many' ? 2 : 1); n++)
      apps.push(await startApp(folder, installed, env));
    const group = groupOf(scenario);
    const having = (role) => scenario.requests.filter((request) => request.role === role);
    const jars = new Map();
    const answers = {};
    const jarOf = ({ client }) => jars.get(client) ?? jars.set(client, new Map()).get(client);
    const heads = new Map();
    const headOf = (name) => {
      if (!heads.has(name)) heads.set(name, withResolvers());
      return heads.get(name);
    };
    const ask = async (request, app, late) => {
      const { name } = request;
      const onHead = () => name && headOf(name).resolve();
      const answer = await send(
        app.port,
        filled(request, scenario.variables, answers),
        jarOf(request),
        late,
        onHead,
      );
      onHead();
      if (name) answers[name] = answer;
      return compared(answer, request);
    };
    const settle = () => wait(Math.max(15, ...scenario.requests.map((request) => request.settle ?? 0)));

    if (warm) {
      const probes = having('probe').filter(
        ({ target, headers }) => !`${target}${JSON.stringify(headers)}`.includes('{{'),
      );
      for (const app of apps)
        await Promise.all(
          [...group, ...group].flatMap(() =>
            probes.map((probe) => send(app.port, filled(probe, scenario.variables, {}), new Map(), false)),
          ),
        );
    }
    for (const command of resetCommands(subject.args ?? [])) {
      const { status, stderr } = spawnSync('sh', ['-c', command], {
        cwd: folder,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${command}: ${stderr}`);
    }
    for (const request of having('reset')) await ask(request, apps[0]);
    const setup = [];
    for (const request of having('setup')) setup.push(await ask(request, apps[0]));

    const seen = [];
    if (order)
      for (const index of order) {
        seen[index] = await ask(group[index], apps[index % apps.length]);
        await settle();
      }
    else
      await Promise.all(
        group.map(async (request, index) => {
          // `# @after login headers`: sent as a browser follows a redirect, which does not wait for the end.
          if (request.after) await headOf(request.after.split(' ')[0]).promise;
          seen[index] = await ask(request, apps[index % apps.length], apart);
        }),
      );
    if (!order) await settle();

    const probes = [];
    for (const request of having('probe')) probes.push(await ask(request, apps[0]));
    return { setup, seen, probes, said: apps.map(({ said }) => said()).join('') };
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
  }
}

/**
 * The outcome of a trial. Copies of one request are interchangeable: their answers compare as a multiset. Of requests
 * that are not among `members` (indexes of the group) nothing is compared.
 */
export function outcomeOf({ setup, seen, probes }, group, members = group.map((_, index) => index)) {
  const together = [...new Set(group)].map((request) =>
    members
      .filter((index) => group[index] === request)
      .map((index) => seen[index])
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
  return { setup, together, probes };
}
