/** `npm run projects`: gets, runs and compares real projects, and writes the page. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { acceptance } from './acceptance.ts';
import { CACHE, keyOfProject, readResult, writeResult } from './cache.ts';
import { compare, refuse, timeStarts } from './examine.ts';
import { install } from './install.ts';
import { BUSY, PAGE, page, verdictOf } from './page.ts';
import type { Project } from './project.ts';
import type { Result } from './result.ts';
import { killRunning } from './running.ts';
import { PROJECTS } from './table/all.ts';
import { versionsOf } from './versions.ts';

const HELP = `Usage: npm run projects [-- [options] [name …]]

Installs real projects into ${CACHE}, runs each with its own
command and with this server, compares them, and writes ${PAGE}.
A project that has a result is left out, unless --again is given.

  --again    run the named projects (or all) anew
  --quick    without the timed starts; a later run without it does them
  --times    times the starts again where the machine had other work
  --install  only install them
  --page     only write the page from the results that are there
  --list     the names
  --help

CONCURRENT_SERVER_PROJECTS names another folder, CONCURRENT_SERVER_PROJECTS_GIT
another place of repositories than https://github.com/{owner}/{name}.`;

/** Starts of each way whose first answer is timed. */
const ROUNDS = 5;

/** @returns the exit code: 1 if a project that ran is wrong or not done, 2 if the command line is */
export async function main(args: string[]): Promise<number> {
  const flags = {
    again: false,
    quick: false,
    times: false,
    install: false,
    page: false,
    list: false,
    help: false,
  };
  const options = Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'boolean' as const }]));
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return say(HELP);
  if (values.list) return say(PROJECTS.map(({ name, title }) => `${name.padEnd(24)}${title}`).join('\n'));
  const unknown = positionals.filter((name) => !PROJECTS.some((project) => project.name === name));
  if (unknown.length > 0) {
    console.error(`No project is called ${unknown.join(', ')}. All names: npm run projects -- --list`);
    return 2;
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      killRunning();
      process.exit(130);
    });
  }
  let wrong = 0;
  if (!values.page) {
    const chosen = PROJECTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    const rounds = values.quick ? 0 : ROUNDS;
    for (const project of chosen) {
      if (values.install) {
        await install(project).catch((error: Error) => console.error(`${project.name}: ${error.message}`));
        continue;
      }
      const known = values.again ? undefined : readResult(project);
      const isTimedAgain = values.times === true && (known?.load ?? 0) > BUSY;
      if (known !== undefined && isComplete(known, rounds) && !isTimedAgain) continue;
      const result = await examine(project, known);
      if (rounds > 0) await addTimes(project, result, rounds);
      writeResult(result);
      if (report(project, result)) wrong++;
    }
  }
  const found = PROJECTS.flatMap((project) => readResult(project) ?? []);
  fs.writeFileSync(PAGE, page(PROJECTS, new Map(found.map((result) => [result.name, result]))));
  console.log(`${PAGE} is written: ${found.length} of ${PROJECTS.length} projects have a result.`);
  return wrong === 0 ? 0 : 1;
}

/** Whether there is a result, with times if they are asked for. */
function isComplete({ notDone, bare }: Result, rounds: number): boolean {
  return notDone === undefined && (bare?.firstMs.length ?? rounds) >= rounds;
}

async function addTimes(project: Project, result: Result, rounds: number): Promise<void> {
  const { bare, modes } = result;
  if (project.kind !== 'served' || bare === undefined || modes === undefined) return;
  result.load = load();
  await timeStarts(project, { bare, modes }, rounds).catch((error: Error) => {
    result.notDone = error.message;
  });
}

function load(): number {
  return Number((os.loadavg()[0] ?? 0).toFixed(1));
}

function say(text: string): number {
  console.log(text);
  return 0;
}

/** One line about a result; @returns whether it is wrong or not done */
function report(project: Project, result: Result): boolean {
  const { verdict, why } = verdictOf(project, result);
  console.log(`${project.name}: ${verdict}${why.map((text) => `\n    ${text}`).join('')}`);
  return why.length > 0;
}

/** @param known a result that lacks nothing but times; it is returned as it is */
async function examine(project: Project, known: Result | undefined): Promise<Result> {
  if (known?.modes !== undefined) return known;
  const build = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  const facts = { name: project.name, key: keyOfProject(project), date, build };
  try {
    await install(project);
  } catch (error) {
    return { ...facts, versions: {}, load: load(), notDone: `not installed: ${(error as Error).message}` };
  }
  const found = { ...facts, versions: versionsOf(project), load: load() };
  try {
    if (project.kind === 'served') return { ...found, ...(await compare(project)) };
    if (project.kind === 'refused') return { ...found, ...(await refuse(project)) };
    return { ...found, tests: await acceptance(project) };
  } catch (error) {
    return { ...found, notDone: (error as Error).message };
  }
}
