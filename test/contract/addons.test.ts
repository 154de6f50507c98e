/** A native addon in the app never ends the server, whatever runs the app. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { buildAddon, noCompiler } from '../support/addon.ts';
import { type Cli, startCli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { isTested } from './modes.ts';
import { Asking, Project, version } from './project.ts';

/** Loads an addon at its start, or at a request for `/load`, and keeps it working; answers with its version. */
const APP = `
  const http = require('node:http');
  const version = require('./version');
  const load = () => {
    const addon = require(process.env.ADDON);
    if (typeof addon !== 'function') return;
    let jobs = 0;
    const work = () => {
      if (jobs >= 4) return;
      jobs += 1;
      addon(() => { jobs -= 1; });
    };
    setInterval(work, 2);
  };
  if (process.env.LOAD === 'at the start') load();
  http.createServer((req, res) => {
    if (req.url === '/load') load();
    if (req.url === '/exit') setTimeout(() => process.exit(1), 30);
    if (req.url === '/throw') setTimeout(() => { throw new Error('on purpose'); }, 30);
    if (req.url === '/slow') setTimeout(() => res.end(version), 300);
    else res.end(version);
  }).listen(3000);`;

interface How {
  addon: string;
  load?: 'at the start' | 'at a request';
  args?: string[];
}

describe('an app with a native addon', {
  skip: noCompiler ?? (!isTested('node') && 'only what runs on Node is tested'),
  concurrency: 3,
}, () => {
  const packages = new Project();
  const [pool, handle, tried] = ['pool', 'handle', 'better-sqlite3'].map((name) =>
    packages.file(`node_modules/${name}/addon.node`),
  ) as [string, string, string];

  before(() => {
    for (const [source, target] of [
      ['pool.c', pool],
      ['handle.c', handle],
      ['pool.c', tried],
    ] as const) {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      buildAddon(source, target);
    }
  });

  /** Each test has its own files, because tests run at the same time. */
  function test(title: string, body: (start: (how: How) => Promise<Cli>, project: Project) => Promise<void>) {
    const project = new Project({ 'app.cjs': APP, 'version.js': version('1') });
    const start = async ({ addon, load = 'at the start', args = [] }: How): Promise<Cli> => {
      const cli = startCli([project.file('app.cjs'), '--workers', '2', ...args], {
        cwd: project.folder,
        env: { ADDON: addon, LOAD: load },
      });
      await cli.ready;
      await ask(cli.url);
      return cli;
    };
    it(title, () => body(start, project));
  }

  /** Saves `times` other versions and waits until each is served, while requests continue; no request may be lost. */
  async function saves(cli: Cli, project: Project, times: number): Promise<void> {
    const asking = new Asking(`${cli.url}/slow`, 20);
    for (let at = 0; at < times; at++) {
      const text = `saved ${at} ${performance.now()}`;
      project.save('version.js', version(text));
      await asking.until(text);
    }
    const samples = await asking.stop();
    assert.deepEqual(
      samples.filter(({ status }) => status !== 200),
      [],
    );
  }

  /** The server's mode, and those of the workers with the newest code. */
  async function modeOf(cli: Cli): Promise<string> {
    const status = await cli.ask({ type: 'status' });
    assert.ok(status.type === 'status');
    const newest = Math.max(...status.workers.map(({ generation }) => generation));
    const current = status.workers.filter(({ generation }) => generation === newest);
    return [status.mode, ...new Set(current.map(({ mode }) => mode))].join(' ');
  }

  function said(cli: Cli, pattern: RegExp): number {
    return cli.ofType('log').filter(({ source, text }) => source === 'server' && pattern.test(text)).length;
  }

  async function stops(cli: Cli): Promise<void> {
    cli.send({ type: 'stop' });
    assert.deepEqual(await cli.exit, { code: 0, signal: null });
    assert.equal(cli.stderr, '');
  }

  for (const [name, addon] of [
    ['pool', pool],
    ['handle', handle],
  ] as const) {
    test(`runs in processes if its start loads one (${name}), and a log line says so`, async (start, project) => {
      const cli = await start({ addon });
      assert.equal(await modeOf(cli), 'fork fork');
      await saves(cli, project, 3);
      assert.equal(said(cli, /runs in processes, because the native addon (pool|handle) /), 1);
      assert.deepEqual(cli.ofType('error'), []);
      await stops(cli);
    });

    test(`runs in processes from the next save on if a request loads one (${name})`, async (start, project) => {
      const cli = await start({ addon, load: 'at a request' });
      assert.equal((await ask(`${cli.url}/load`)).text, '1');
      await saves(cli, project, 2);
      assert.equal(await modeOf(cli), 'fork fork');
      assert.equal(said(cli, /will run in processes after its next restart, because/), 1);
      assert.deepEqual(cli.ofType('error'), []);
      if (addon === pool) await stops(cli);
    });

    test(`stays in threads if the user set that mode, and survives saves (${name})`, async (start, project) => {
      const cli = await start({ addon, args: ['--mode', 'thread'] });
      await saves(cli, project, 3);
      assert.equal(await modeOf(cli), 'thread thread');
      assert.equal(said(cli, /processes/), 0);
      if (addon === pool) await stops(cli);
    });
  }

  test('stays in threads if a command sets that mode', async (start, project) => {
    const cli = await start({ addon: pool, load: 'at a request' });
    await cli.ask({ type: 'set', mode: 'thread' });
    await ask(`${cli.url}/load`);
    await saves(cli, project, 1);
    assert.equal(await modeOf(cli), 'thread thread');
    assert.equal(said(cli, /processes/), 0);
    await stops(cli);
  });

  test('gets a log line about a thread that the addon does not release', async (start, project) => {
    const cli = await start({ addon: handle, args: ['--mode', 'thread', '--workers', '1'] });
    project.save('version.js', version('2'));
    await cli.waitFor((event) => event.type === 'log' && /Worker 1 can't be terminated/.test(event.text));
    await cli.waitFor((event) => event.type === 'worker' && event.id === 1 && event.state === 'stopped');
    assert.equal((await ask(cli.url)).text, '2');
  });

  for (const end of ['exit', 'throw']) {
    test(`loses one thread and not the server at ${end}`, async (start) => {
      const cli = await start({ addon: pool, args: ['--mode', 'thread'] });
      for (let at = 0; at < 3; at++) {
        const from = cli.events.length;
        await ask(`${cli.url}/${end}`);
        await cli.waitFor((event) => event.type === 'worker' && event.state === 'crashed', { from });
      }
      assert.equal((await ask(cli.url)).text, '1');
      await stops(cli);
    });
  }

  test('lets a person kill a worker', async (start) => {
    const cli = await start({ addon: pool, args: ['--mode', 'thread'] });
    const from = cli.events.length;
    await cli.ask({ type: 'killWorker', worker: 1 });
    await cli.waitFor((event) => event.type === 'worker' && event.id === 1 && event.state === 'stopped', {
      from,
    });
    assert.equal((await ask(cli.url)).text, '1');
    await stops(cli);
  });

  test('stays in threads with a tested addon, and no log line mentions it', async (start) => {
    const cli = await start({ addon: tried });
    assert.equal(await modeOf(cli), 'thread thread');
    assert.equal(said(cli, /processes/), 0);
  });
});
