import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ReloadReport } from '../../src/protocol/messages.ts';
import type { Cli, CliOptions } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode, idleWorkers, requestStarted } from './modes.ts';
import { Asking, Gate, Project, SAVES, VERSION_APP, version } from './project.ts';

/** Longer than a tool needs between two files that it writes. */
const PAUSE_MS = 50;

forEachMode((start) => {
  const project = (files: Record<string, string> = {}): Project =>
    new Project({ 'app.js': VERSION_APP, 'version.js': version('one'), ...files });

  const run = (app: Project, args: string[] = [], options: CliOptions = {}): Promise<Cli> =>
    start(app.file('app.js'), ['--workers', '1', '--cwd', app.folder, ...args], options);

  /** Resolves with the report of the next reload that ended after the first `from` events. */
  async function reloaded(
    cli: Cli,
    from: number,
    state: ReloadReport['state'] = 'done',
  ): Promise<ReloadReport> {
    const event = await cli.waitFor((one) => one.type === 'reload' && one.state === state, {
      from,
      what: `a reload that is ${state}`,
    });
    assert.ok(event.type === 'reload');
    return event;
  }

  const ends = (cli: Cli): ReloadReport[] => cli.ofType('reload').filter(({ state }) => state !== 'started');

  describe('while it runs', () => {
    const app = project();
    let cli: Cli;
    before(async () => {
      cli = await run(app);
    });
    after(() => cli.stop());

    for (const [name, save] of Object.entries(SAVES)) {
      it(`a file that is ${name} is reloaded, every time`, async () => {
        for (const text of ['two', 'one']) {
          const from = cli.events.length;
          app.save('version.js', version(text), save);
          const report = await reloaded(cli, from);
          assert.deepEqual(report.files, [app.file('version.js')]);
          assert.equal((await ask(cli.url)).text, text);
        }
      });
    }

    it('a build that writes for a second is one reload', async () => {
      const before = ends(cli).length;
      const writes: number[] = [];
      for (let at = 0; at < 50; at++) {
        app.save('version.js', version(`part ${at}`));
        writes.push(performance.now());
        // This imitates a build; it is not a wait of the test.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      app.save('version.js', version('built'));
      while ((await ask(cli.url)).text !== 'built')
        await cli.waitFor(() => true, { from: cli.events.length });
      // If the machine made this process wait, the build paused.
      const pauses = writes.filter((time, at) => at > 0 && time - writes[at - 1]! > PAUSE_MS).length;
      const reloads = ends(cli).length - before;
      assert.ok(reloads <= 1 + pauses, `${reloads} reloads, ${pauses} pauses`);
    });

    it('under load no answer fails, and none comes from old code once the change was noticed', async () => {
      // From here on there is another one that could still run the old code.
      await cli.ask({ type: 'set', workers: 2 });
      await idleWorkers(cli, 2);
      const { text: old } = await ask(cli.url);
      const asking = new Asking(cli.url);
      await asking.until(old);
      const seen = [{ at: 0, text: old }];
      for (const text of ['second', 'third', 'fourth', 'fifth', 'sixth']) {
        const from = cli.events.length;
        app.save('version.js', version(text));
        await cli.waitFor((event) => event.type === 'reload' && event.state === 'started', { from });
        seen.push({ at: performance.now(), text });
        await asking.until(text);
      }
      const samples = await asking.stop();
      assert.deepEqual(
        samples.filter(({ status }) => status !== 200),
        [],
      );
      const stale = samples.filter(({ sentAt, text }) => {
        const oldest = seen.findLastIndex(({ at }) => sentAt >= at);
        return seen.findIndex((save) => save.text === text) < oldest;
      });
      assert.deepEqual(stale, []);
    });

    it('requests that started before the save are finished by their old code', async () => {
      const { text: old } = await ask(cli.url);
      const from = cli.events.length;
      const slow = ask(`${cli.url}/slow`);
      await requestStarted(cli, from);
      app.save('version.js', version('later'));
      await reloaded(cli, from);
      assert.equal((await ask(cli.url)).text, 'later');
      const answer = await slow;
      assert.deepEqual([answer.status, answer.text], [200, old]);
    });

    it('a restart by command fails no answer', async () => {
      const { text: old } = await ask(cli.url);
      const asking = new Asking(cli.url);
      await asking.until(old);
      for (let times = 0; times < 3; times++) {
        const from = cli.events.length;
        cli.send({ type: 'restart' });
        await reloaded(cli, from);
      }
      const samples = await asking.stop();
      assert.deepEqual(
        samples.filter(({ status, text }) => status !== 200 || text !== old),
        [],
      );
    });
  });

  it('requests wait for an app that starts slowly, and a save meanwhile supersedes the one before', async () => {
    const app = project();
    const gate = new Gate();
    const cli = await run(app, [], { env: gate.env });
    gate.close();
    app.save('version.js', version('two'));
    await gate.reached(cli, 0);
    const waiting = ask(cli.url);
    const from = cli.events.length;
    app.save('version.js', version('three'));
    await gate.reached(cli, from);
    gate.open();
    assert.equal((await waiting).text, 'three');
    // The event and the answer reach this process on different ways.
    await reloaded(cli, 0);
    assert.deepEqual(
      ends(cli).map(({ state }) => state),
      ['done'],
    );
    assert.equal((await ask(cli.url)).text, 'three');
    await cli.stop();
  });

  it('hundreds of files that change together are one reload', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `parts/p${at}.js`);
    const all = (text: string): Record<string, string> =>
      Object.fromEntries(names.map((name) => [name, version(text)]));
    const app = project({
      ...all('one'),
      'version.js': `module.exports = [...new Set([${names.map((name) => `require('./${name}')`)}])].join();`,
    });
    const cli = await run(app);
    assert.equal((await ask(cli.url)).text, 'one');
    for (const name of names) app.save(name, version('two'), SAVES['deleted and created again']);
    await reloaded(cli, 0);
    assert.equal((await ask(cli.url)).text, 'two');
    const from = cli.events.length;
    app.save('version.js', version('three'));
    await reloaded(cli, from);
    assert.equal((await ask(cli.url)).text, 'three');
    assert.deepEqual(
      ends(cli).map(({ state }) => state),
      ['done', 'done'],
    );
    await cli.stop();
  });

  it('a file that the app itself writes as it starts does not restart it endlessly', async () => {
    const app = project({
      'app.js': `
        const fs = require('node:fs');
        fs.writeFileSync(__dirname + '/version.js', 'module.exports = "made";');
        ${VERSION_APP}`,
    });
    const cli = await run(app);
    const asking = new Asking(cli.url);
    await asking.until('made');
    app.save('app.js', `// saved\n${VERSION_APP}`);
    await asking.until('made');
    const from = cli.events.length;
    app.save('version.js', version('by hand'));
    await reloaded(cli, from);
    assert.ok(ends(cli).length <= 4, JSON.stringify(ends(cli)));
    await asking.until('by hand');
    await asking.stop();
    await cli.stop();
  });

  it('packages, version control and files that were not loaded are not watched; a loaded file in any other folder is', async () => {
    const app = project({
      'node_modules/pack/index.js': version('pack'),
      'node_modules/pack/data.json': '{}',
      'dist/other.js': version('other'),
      'dist/made.js': version('made'),
      'version.js': `
        require('node:fs').readFileSync(require.resolve('pack/data.json'));
        require('pack');
        module.exports = require('./dist/made');`,
    });
    const cli = await run(app);
    const others = [
      'node_modules/pack/index.js',
      'node_modules/pack/data.json',
      'dist/other.js',
      '.git/HEAD',
    ];
    for (const name of [...others, 'new.js']) app.save(name, version('changed'));
    // Reloads by the earlier saves would have come before the one by this save.
    app.save('dist/made.js', version('built'));
    const { files } = await reloaded(cli, 0);
    assert.deepEqual(files, [app.file('dist/made.js')]);
    assert.equal((await ask(cli.url)).text, 'built');
    await cli.stop();
  });

  it('globs, package.json and the env file count even if the app did not load them', async () => {
    const app = project({
      'views/page.html': 'one',
      '.env': 'NAME=one\n',
      'version.js': 'module.exports = process.env.NAME;',
    });
    const cli = await run(app, ['--watch', 'views/**', '--env-file', app.file('.env')]);
    assert.equal((await ask(cli.url)).text, 'one');
    for (const [name, text] of [
      ['views/page.html', 'two'],
      ['views/new/page.html', 'new'],
      ['package.json', '{}'],
    ] as const) {
      const from = cli.events.length;
      app.save(name, text);
      const { files } = await reloaded(cli, from);
      assert.ok(files.includes(app.file(name)), files.join());
    }
    const from = cli.events.length;
    app.save('.env', 'NAME=two\n');
    await reloaded(cli, from);
    assert.equal((await ask(cli.url)).text, 'two');
    await cli.stop();
  });

  it('with --no-reload nothing restarts until reload is turned on', async () => {
    const app = project();
    const cli = await run(app, ['--no-reload']);
    app.save('version.js', version('two'));
    assert.equal((await ask(cli.url)).text, 'one');
    await cli.ask({ type: 'set', reload: { enabled: true } });
    // A change while reload was off counts all the same.
    await reloaded(cli, 0);
    assert.equal((await ask(cli.url)).text, 'two');
    await cli.stop();
  });

  it('a request that has waited long enough is refused, or served by old code if that is configured', async () => {
    const app = project();
    const gate = new Gate();
    const cli = await run(app, ['--reload-wait', '100'], { env: gate.env });
    gate.close();
    app.save('version.js', version('two'));
    await cli.waitFor((event) => event.type === 'reload' && event.state === 'started');
    const refused = await ask(cli.url);
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1']);
    gate.open();
    await reloaded(cli, 0);
    assert.equal((await ask(cli.url)).text, 'two');
    await cli.ask({ type: 'set', reload: { late: 'old' } });
    gate.close();
    const from = cli.events.length;
    app.save('version.js', version('three'));
    await cli.waitFor((event) => event.type === 'reload' && event.state === 'started', { from });
    assert.equal((await ask(cli.url)).text, 'two');
    gate.open();
    await reloaded(cli, from);
    assert.equal((await ask(cli.url)).text, 'three');
    await cli.stop();
  });

  for (const [late, answer] of [
    ['refuse', 503],
    ['old', 'one'],
  ] as const) {
    it(`a request that has waited long enough waits no longer because of one more save (${late})`, async () => {
      const app = project();
      const gate = new Gate();
      const cli = await run(app, ['--reload-wait', `100,${late}`], { env: gate.env });
      gate.close();
      for (const text of ['two', 'three']) {
        const from = cli.events.length;
        app.save('version.js', version(text));
        await gate.reached(cli, from);
        const { status, text: body } = await ask(cli.url);
        assert.equal(status === 200 ? body : status, answer);
      }
      gate.open();
      await reloaded(cli, 0);
      assert.equal((await ask(cli.url)).text, 'three');
      await cli.stop();
    });
  }
});
