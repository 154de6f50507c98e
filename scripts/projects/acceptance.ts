/**
 * Runs a framework's acceptance tests, unchanged, against our port: a hook in mocha gives the tests our address where
 * they ask for their app, and supertest sends its requests there.
 */
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from './ask.ts';
import { folderOf } from './cache.ts';
import { ourCommand } from './examine.ts';
import { shell } from './install.ts';
import type { ModeName, TestedProject } from './project.ts';
import type { Tested } from './result.ts';
import { Running } from './running.ts';

/** What the tests get instead of the app: supertest takes an address, and Koa's tests call `listen` first. */
const HOOK = `
const Module = require('node:module');
const { ACCEPTANCE_FOLDER: folder, ACCEPTANCE_TEST: test, ACCEPTANCE_URL: url } = process.env;
const nothing = () => {};
const ours = { listen: () => ours, callback: () => ours, close: nothing, on: nothing, once: nothing };
const load = Module._load;
Module._load = function (request, parent, isMain) {
  const isApp = request.startsWith('.') && parent?.filename === test;
  if (isApp && Module._resolveFilename(request, parent, isMain).startsWith(folder)) return ours;
  return load.call(this, request, parent, isMain);
};
const file = require.resolve('supertest', { paths: [process.cwd()] });
const supertest = require(file);
const target = (app) => (app === ours ? url : app);
const hooked = (app, ...rest) => supertest(target(app), ...rest);
hooked.agent = (app, ...rest) => supertest.agent(target(app), ...rest);
require.cache[file].exports = hooked;
`;

interface MochaReport {
  stats: { passes: number };
  failures: { fullTitle: string; err: { message?: string } }[];
}

/** The tests of all examples, in each mode. */
export async function acceptance(project: TestedProject): Promise<Record<ModeName, Tested>> {
  let bare = 0;
  for (const { test } of project.examples) bare += (await mocha(project, test, {})).stats.passes;
  return { thread: await inMode(project, 'thread', bare), fork: await inMode(project, 'fork', bare) };
}

async function inMode(project: TestedProject, mode: ModeName, bare: number): Promise<Tested> {
  const folder = folderOf(project);
  fs.writeFileSync(path.join(folder, 'acceptance-hook.cjs'), HOOK);
  const total: Tested = { passed: 0, skipped: [], failed: [], bare, left: [] };
  for (const example of project.examples) {
    const port = await freePort();
    const command = ourCommand(project, [String(port), '--mode', mode, '--allowed-host', '.example.com']);
    const app = new Running(project, path.join(folder, example.folder), command, port);
    try {
      await app.firstAnswer({ path: '/' }, 20_000, () => true);
      const report = await mocha(project, example.test, {
        ACCEPTANCE_URL: `http://localhost:${port}`,
        ACCEPTANCE_FOLDER: path.join(folder, example.folder),
        ACCEPTANCE_TEST: path.join(folder, example.test),
      });
      total.passed += report.stats.passes;
      for (const { fullTitle, err } of report.failures) {
        if (project.needApp?.includes(fullTitle)) total.skipped.push(fullTitle);
        else total.failed.push({ title: fullTitle, error: (err.message ?? '').slice(0, 200) });
      }
    } catch (error) {
      total.failed.push({ title: example.folder, error: (error as Error).message });
    } finally {
      total.left.push(...(await app.stop()).left);
    }
  }
  return total;
}

async function mocha(
  project: TestedProject,
  test: string,
  variables: Record<string, string>,
): Promise<MochaReport> {
  const folder = folderOf(project);
  const hook = 'ACCEPTANCE_URL' in variables ? '--require ./acceptance-hook.cjs' : '';
  const assignments = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  const report = path.join(folder, 'mocha.json');
  fs.rmSync(report, { force: true });
  const command = `NODE_ENV=test ${assignments.join(' ')} npx mocha --exit ${hook} --reporter json --reporter-option output=mocha.json ./${test}`;
  // Mocha's exit code is the number of failures, which the report has.
  await shell(project, `${command} || true`, folder);
  return JSON.parse(fs.readFileSync(report, 'utf8')) as MochaReport;
}
