import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ReloadReport } from '../../src/protocol/messages.ts';
import { type Cli, startCli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode, requestStarted } from './modes.ts';
import { Asking, Project, VERSION_APP, version } from './project.ts';

const ES_APP = `
  import http from 'node:http';
  import { version } from './version.mjs';
  http.createServer((req, res) => res.end(version)).listen(3000);
`;

/** Saves that do not start, and the location of each error. */
const BAD = {
  'a syntax error': {
    text: 'const a = 1;\nconst b = ;\n',
    line: 2,
    column: 11,
    message: "Unexpected token ';'",
  },
  'an exception': { text: 'function f() {\n  null.x;\n}\nf();\n', line: 2, column: 8, message: /null/ },
  'a module that there is not': {
    text: "\n\nrequire('./nowhere');\n",
    line: 3,
    column: 10,
    message: /nowhere/,
  },
} as const;

forEachMode((start, mode) => {
  const run = (app: Project, entry = 'app.js', args: string[] = []): Promise<Cli> =>
    start(app.file(entry), ['--workers', '1', '--cwd', app.folder, ...args]);

  async function ended(cli: Cli, from: number, state: ReloadReport['state']): Promise<void> {
    await cli.waitFor((event) => event.type === 'reload' && event.state === state, {
      from,
      what: `reload ${state}`,
    });
  }

  it('a start that fails when a newer save is known answers no request: requests wait for that save', async () => {
    const app = new Project({ 'app.js': VERSION_APP, 'version.js': version('one') });
    const cli = await run(app);
    const asking = new Asking(cli.url);
    await asking.until('one');
    for (const text of ['two', 'three', 'four']) {
      const from = cli.events.length;
      // It fails as soon as there is a newer save, before that one starts.
      const slow = `
        const { readFileSync } = require('node:fs');
        const old = readFileSync(__filename, 'utf8');
        console.log('request started');
        while (readFileSync(__filename, 'utf8') === old);
        throw new Error('old');`;
      app.save('version.js', slow);
      await requestStarted(cli, from);
      app.save('version.js', version(text));
      await asking.until(text);
    }
    const samples = await asking.stop();
    assert.deepEqual(
      samples.filter(({ status }) => status !== 200),
      [],
    );
    await cli.stop();
  });

  it('a failed start is reported once, with its location, and the next save fixes it', async (t) => {
    const app = new Project({ 'app.js': VERSION_APP, 'version.js': version('one') });
    const cli = await run(app);
    for (const [name, bad] of Object.entries(BAD)) await t.test(name, () => toldAndMended(app, cli, bad));
    await cli.stop();
  });

  async function toldAndMended(app: Project, cli: Cli, bad: (typeof BAD)[keyof typeof BAD]): Promise<void> {
    const { text, line, column, message } = bad;
    const errorsBefore = cli.ofType('error').length;
    const saved = cli.events.length;
    app.save('version.js', text);
    await ended(cli, saved, 'failed');
    const answer = await ask(cli.url, { headers: { accept: 'application/json' } });
    assert.equal(answer.status, 500);
    const { source, message: said } = JSON.parse(answer.text) as {
      source: { file: string; line: number; column: number; frame: string };
      message: string;
    };
    assert.deepEqual([source.file, source.line], [app.file('version.js'), line]);
    assert.equal(source.column, column);
    assert.match(source.frame, new RegExp(`^> ${line} \\|`, 'm'));
    assert.match(said, new RegExp(message));
    const errors = cli.ofType('error').slice(errorsBefore);
    assert.equal(errors.length, 1);
    assert.deepEqual(
      [errors[0]!.error.details?.file, errors[0]!.error.details?.line],
      [app.file('version.js'), line],
    );
    const from = cli.events.length;
    app.save('version.js', version('fixed'));
    await ended(cli, from, 'done');
    assert.equal((await ask(cli.url)).text, 'fixed');
    assert.equal(cli.ofType('error').length, errorsBefore + 1);
  }

  it('an ES module that is not JavaScript is reported with its location', async () => {
    const app = new Project({ 'app.mjs': ES_APP, 'version.mjs': "export const version = 'one';" });
    const cli = await run(app, 'app.mjs');
    app.save('version.mjs', 'export const version = 1;\n\nlet 5 = 2;\n');
    await ended(cli, 0, 'failed');
    const { text, status } = await ask(cli.url, { headers: { accept: 'application/json' } });
    const { source } = JSON.parse(text) as { source: { file: string; line: number } };
    assert.deepEqual([status, source.file, source.line], [500, app.file('version.mjs'), 3]);
    const from = cli.events.length;
    app.save('version.mjs', "export const version = 'fixed';");
    await ended(cli, from, 'done');
    assert.equal((await ask(cli.url)).text, 'fixed');
    await cli.stop();
  });

  it('a missing module is loaded once it is created', async () => {
    const app = new Project({ 'app.js': VERSION_APP });
    const cli = await startBroken(app);
    const from = cli.events.length;
    app.save('version.js', version('made'));
    await ended(cli, from, 'done');
    assert.equal((await ask(cli.url)).text, 'made');
    await cli.stop();
  });

  it('an app that never listens is reported, and the next save tries again', async () => {
    const app = new Project({ 'app.js': VERSION_APP, 'version.js': version('one') });
    const cli = await run(app);
    app.save('app.js', 'console.log("no server here");\n');
    await ended(cli, 0, 'failed');
    assert.equal((await ask(cli.url)).status, 500);
    const from = cli.events.length;
    app.save('app.js', VERSION_APP);
    await ended(cli, from, 'done');
    assert.equal((await ask(cli.url)).text, 'one');
    await cli.stop();
  });

  it('the error page of a bad save links to the location and reloads after the next good one', async () => {
    const app = new Project({ 'app.js': VERSION_APP, 'version.js': version('one') });
    const cli = await run(app, 'app.js', ['--editor-link', 'editor://open']);
    app.save('version.js', '<script>alert(1)</script>');
    await ended(cli, 0, 'failed');
    const { text } = await ask(cli.url, { headers: { accept: 'text/html' } });
    assert.ok(text.includes(`href="editor://open${app.file('version.js')}:1:1"`), text);
    assert.ok(!text.includes('<script>alert'), text);
    const [, target = ''] = /new EventSource\("([^"]+)"\)/.exec(text) ?? [];
    const stream = await fetch(cli.url + target);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value ?? '', /^retry: /);
    app.save('version.js', version('fixed'));
    assert.match((await reader.read()).value ?? '', /^data: /);
    await reader.cancel();
    // A submitted form must not be sent again by itself.
    const from = cli.events.length;
    app.save('version.js', ';;)');
    await ended(cli, from, 'failed');
    const posted = await ask(cli.url, { method: 'POST', headers: { accept: 'text/html' } });
    assert.equal(posted.text.includes('EventSource'), false);
    await cli.stop();
  });

  it('all addresses of the app stay up, and answer why it does not start', async () => {
    const app = new Project({ 'app.js': VERSION_APP, 'version.js': version('one') });
    const second = "http.createServer((req, res) => res.end('second')).listen(0)";
    // The first server that listens gets the public address.
    app.save('app.js', `${VERSION_APP}\nsetTimeout(() => ${second}, 20);\n`);
    const cli = await run(app);
    const { url } = await cli.waitForType('listener');
    assert.equal((await ask(url)).text, 'second');
    app.save('version.js', 'no JavaScript');
    await ended(cli, 0, 'failed');
    for (const address of [cli.url, url]) assert.equal((await ask(address)).status, 500, address);
    const from = cli.events.length;
    app.save('version.js', version('fixed'));
    await ended(cli, from, 'done');
    assert.deepEqual([(await ask(cli.url)).text, (await ask(url)).text], ['fixed', 'second']);
    await cli.stop();
  });

  it('an app that keeps crashing waits for the next save', async () => {
    const dies = "setTimeout(() => { throw new Error('again'); }, 1);\n";
    const app = new Project({ 'app.js': VERSION_APP, 'version.js': version('one') });
    const cli = await run(app, 'app.js', ['--workers', '4', '--max-workers', '4']);
    app.save('app.js', `${VERSION_APP}\n${dies.replace(', 1)', ', 30)')}`);
    await cli.waitFor((event) => event.type === 'error' && event.error.code === 'CRASH_LOOP', {
      deadlineMs: 40_000,
    });
    const from = cli.events.length;
    app.save('app.js', VERSION_APP);
    await ended(cli, from, 'done');
    assert.equal((await ask(cli.url)).text, 'one');
    await cli.stop();
  });

  /** If the first start fails, no worker accepts, so there is none to wait for. */
  async function startBroken(app: Project): Promise<Cli> {
    const cli = startCli([app.file('app.js'), '--cwd', app.folder, '--mode', mode]);
    await cli.waitForType('error');
    return cli;
  }
});
