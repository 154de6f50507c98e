/** Which changes count as a save: which files, and which writes of them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { ask } from './http-client.ts';
import { forEachMode } from './modes.ts';
import { Asking, Project, VERSION_APP, version } from './project.ts';

/** An app that answers with the result of `get`, which is called once. */
const answering = (get: string): string => `
  const fs = require('node:fs');
  const path = require('node:path');
  ${get}
  require('node:http').createServer((req, res) => Promise.resolve(get(req)).then((text) => res.end(text))).listen(3000);
`;

/** Ways to cache the content of a file. */
const READS = {
  readFileSync:
    "const text = fs.readFileSync(path.join(__dirname, 'page.html'), 'utf8'); const get = () => text;",
  'readFile at the first request': `
    let text;
    const get = () => (text ??= new Promise((done) => fs.readFile('./page.html', 'utf8', (e, all) => done(all))));`,
  'promises.readFile of a URL': `
    const { pathToFileURL } = require('node:url');
    const text = require('node:fs/promises').readFile(pathToFileURL('page.html'), 'utf8'); const get = () => text;`,
  'a stream before any request': `
    const text = fs.createReadStream('page.html', 'utf8').toArray(); const get = async () => (await text).join('');`,
  'a loop over descriptors': `
    const fd = fs.openSync('page.html'); const text = fs.readFileSync(fd, 'utf8'); const get = () => text;`,
  'an import of node:fs': `
    const text = import('./read.mjs'); const get = async () => (await text).default;`,
};

forEachMode((start) => {
  const run = (app: Project, args: string[] = []): Promise<Cli> =>
    start(app.file('app.js'), ['--workers', '1', '--cwd', app.folder, ...args]);

  const reloads = (cli: Cli): number =>
    cli.ofType('reload').filter(({ state }) => state === 'started').length;

  async function saved(cli: Cli, save: () => void): Promise<string> {
    const from = cli.events.length;
    save();
    const what = 'a reload that is done';
    await cli.waitFor((event) => event.type === 'reload' && event.state === 'done', { from, what });
    return (await ask(cli.url)).text;
  }

  for (const [name, get] of Object.entries(READS)) {
    it(`a cached file is read again after a save: ${name}`, async () => {
      const read = "import fs from 'node:fs';\nexport default fs.readFileSync('page.html', 'utf8');\n";
      const app = new Project({ 'app.js': answering(get), 'page.html': 'one', 'read.mjs': read });
      const cli = await run(app);
      assert.equal((await ask(cli.url)).text, 'one');
      assert.equal(await saved(cli, () => app.save('page.html', 'two')), 'two');
      assert.equal(await saved(cli, () => app.save('page.html', 'six')), 'six');
      await cli.stop();
    });
  }

  it('a file that is created after the app looked for it in vain counts', async () => {
    const get = `
      const text = fs.existsSync('local.json') || read(); const get = () => String(text);
      function read() { try { return fs.readFileSync('local.json'); } catch { return 'none'; } }`;
    const app = new Project({ 'app.js': answering(get) });
    const cli = await run(app);
    assert.equal((await ask(cli.url)).text, 'none');
    assert.equal(await saved(cli, () => app.save('local.json', '{}')), 'true');
    await cli.stop();
  });

  it('a file that is streamed to a client does not count, nor one that the app watches itself', async () => {
    const get = `
      fs.watch(path.join(__dirname, 'live'), () => {});
      const text = fs.readFileSync('live/page.html', 'utf8');
      const get = (req) => new Promise((done) => {
        let all = '';
        fs.createReadStream('style.css', 'utf8').on('data', (part) => (all += part)).on('end', () => done(all));
      });`;
    const app = new Project({ 'app.js': answering(get), 'style.css': 'one', 'live/page.html': 'one' });
    const cli = await run(app);
    assert.equal((await ask(cli.url)).text, 'one');
    app.save('style.css', 'two');
    app.save('live/page.html', 'two');
    assert.equal((await ask(cli.url)).text, 'two');
    // Reloads by the earlier saves would have come before the one by this save.
    await saved(cli, () => app.save('app.js', answering(`${get} // saved`)));
    assert.deepEqual(cli.ofType('reload').at(-1)?.files, [app.file('app.js')]);
    await cli.stop();
  });

  it('a save that restores size and time is noticed, written in place or renamed', async () => {
    const app = new Project({ 'app.js': VERSION_APP, 'version.js': version('one') });
    const cli = await run(app);
    const restoring = (file: string, text: string, write: (file: string) => void): void => {
      const { atime, mtime } = fs.statSync(file);
      write(text);
      fs.utimesSync(file, atime, mtime);
    };
    for (const text of ['two', 'six', 'ten']) {
      const file = app.file('version.js');
      const inPlace = (written: string): void => fs.writeFileSync(file, written);
      const renamed = (written: string): void => {
        fs.writeFileSync(`${file}.tmp`, written);
        fs.renameSync(`${file}.tmp`, file);
      };
      const write = text === 'six' ? renamed : inPlace;
      assert.equal(await saved(cli, () => restoring(file, version(text), write)), text);
    }
    await cli.stop();
  });

  it("the app's own writes do not restart it, and a log line says so once; a save of the file does", async () => {
    const get = `
      fs.writeFileSync(path.join(__dirname, 'build.json'), JSON.stringify({ at: process.hrtime.bigint().toString() }));
      const build = require('./build.json');
      const data = JSON.parse(fs.readFileSync('data.json', 'utf8'));
      const get = (req) => {
        if (req.url === '/count') {
          data.count += 1;
          fs.writeFileSync('data.tmp', JSON.stringify(data));
          fs.renameSync('data.tmp', 'data.json');
        }
        return String(data.count);
      };`;
    const app = new Project({ 'app.js': answering(get), 'data.json': '{"count":1}' });
    const cli = await start(app.file('app.js'), ['--workers', '2', '--cwd', app.folder]);
    for (let times = 0; times < 3; times++) await ask(`${cli.url}/count`);
    const said = (text: string): boolean => text.startsWith('The app writes ');
    await cli.waitFor((event) => event.type === 'log' && said(event.text), { what: 'that it writes itself' });
    // Longer than the time in which a change of this file is the app's own.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.equal(reloads(cli), 0);
    assert.equal(await saved(cli, () => app.save('data.json', '{"count":7}')), '7');
    assert.equal(cli.ofType('log').filter(({ text }) => said(text)).length, 1);
    assert.equal(reloads(cli), 1);
    await cli.stop();
  });

  for (const [name, way] of Object.entries({
    'writeSync of a descriptor': `
      const fd = fs.openSync('data.db', 'r+');
      const write = () => fs.writeSync(fd, text(), 0);`,
    'write of a descriptor': `
      let fd;
      fs.open('data.db', 'r+', (error, opened) => { fd = opened; });
      const write = () => fs.write(fd, text(), 0, () => {});`,
    'write of a handle': `
      let handle;
      fs.promises.open('data.db', 'r+').then((opened) => { handle = opened; });
      const write = () => handle.write(text(), 0);`,
  })) {
    it(`a database that the app keeps open does not restart it, however long it writes (${name})`, async () => {
      const get = `
        let writes = 0;
        const text = () => String(++writes).padStart(9, '0');
        fs.readFileSync('data.db');
        ${way}
        const get = (req) => { if (req.url === '/write') write(); return String(writes); };`;
      const app = new Project({ 'app.js': answering(get), 'data.db': '000000000' });
      const cli = await start(app.file('app.js'), ['--workers', '1', '--cwd', app.folder]);
      const serves = async (ms: number): Promise<void> => {
        for (const end = performance.now() + ms; performance.now() < end; ) await ask(cli.url);
      };
      // An opened file counts as written by the app for less than this.
      await serves(1300);
      await ask(`${cli.url}/write`);
      await serves(300);
      assert.equal(reloads(cli), 0);
      assert.equal(await saved(cli, () => app.save('app.js', `${answering(get)}// saved`)), '0');
      await cli.stop();
    });
  }

  it('a link with a new target is a save: to a file, to a folder, and above the app', async () => {
    const app = new Project({
      'releases/1/app.js': `${VERSION_APP.replace('./version', '../conf/version')}`.replace(
        "require('../conf/version')",
        "require('./file') + require('./conf/version') + 'a'",
      ),
      'releases/1/file1.js': version('one '),
      'releases/1/file2.js': version('two '),
      'releases/1/conf1/version.js': version('one '),
      'releases/1/conf2/version.js': version('two '),
    });
    const turn = (name: string, target: string): void => {
      fs.symlinkSync(target, app.file(`${name}.new`));
      fs.renameSync(app.file(`${name}.new`), app.file(name));
    };
    turn('releases/1/file.js', 'file1.js');
    turn('releases/1/conf', 'conf1');
    fs.cpSync(app.file('releases/1'), app.file('releases/2'), { recursive: true, verbatimSymlinks: true });
    app.save(
      'releases/2/app.js',
      fs.readFileSync(app.file('releases/2/app.js'), 'utf8').replace("'a'", "'b'"),
    );
    turn('current', 'releases/1');
    const cli = await start(app.file('current/app.js'), ['--workers', '1', '--cwd', app.file('current')]);
    assert.equal((await ask(cli.url)).text, 'one one a');
    // A link that gets a new target in the moments after a worker has followed it is missed: docs/reload.md.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await saved(cli, () => turn('releases/1/file.js', 'file2.js')), 'two one a');
    assert.equal(await saved(cli, () => turn('releases/1/conf', 'conf2')), 'two two a');
    assert.equal(await saved(cli, () => turn('current', 'releases/2')), 'one one b');
    assert.equal(await saved(cli, () => turn('releases/2/conf', 'conf2')), 'one two b');
    await cli.stop();
  });

  it('a replaced folder is a save of its files, each time', async () => {
    const app = new Project({ 'app.js': VERSION_APP.replace('./version', './dist/deep/version') });
    const build = (folder: string, text: string): void =>
      app.save(`${folder}/deep/version.js`, version(text));
    build('dist', 'one');
    const cli = await run(app);
    for (const text of ['two', 'three']) {
      const swapped = await saved(cli, () => {
        build('dist.new', text);
        fs.renameSync(app.file('dist'), app.file('dist.old'));
        fs.renameSync(app.file('dist.new'), app.file('dist'));
        fs.rmSync(app.file('dist.old'), { recursive: true });
      });
      assert.equal(swapped, text);
    }
    const cleaned = await saved(cli, () => {
      fs.rmSync(app.file('dist'), { recursive: true });
      build('dist', 'clean');
    });
    assert.equal(cleaned, 'clean');
    assert.equal(await saved(cli, () => build('dist', 'in place')), 'in place');
    await cli.stop();
  });

  it('--watch covers everything that a person names: folders, packages, files outside, files created later', async () => {
    const outside = new Project({ 'shared/a.yml': 'one' });
    const app = new Project({
      'app.js': VERSION_APP,
      'version.js': version('one'),
      'views/deep/page.html': 'one',
      'node_modules/pack/index.js': 'one',
      'build/made.txt': 'one',
      'later.txt': 'one',
    });
    fs.rmSync(app.file('later.txt'));
    const watch = [
      'views/',
      './build',
      'node_modules/pack',
      'later.txt',
      `${outside.folder}/**/*.yml`,
      '!views/tmp',
    ];
    const cli = await run(
      app,
      watch.flatMap((name) => ['--watch', name]),
    );
    app.save('views/tmp/page.html', 'not counted');
    for (const file of [
      ...['views/deep/page.html', 'views/new/deep/page.html', 'views/new/deep/other.html'].map((f) =>
        app.file(f),
      ),
      ...['node_modules/pack/index.js', 'build/made.txt', 'later.txt', 'later.txt'].map((f) => app.file(f)),
      ...['shared/a.yml', 'new/b.yml'].map((f) => outside.file(f)),
    ]) {
      const from = cli.events.length;
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, `changed at ${performance.now()}`);
      const done = await cli.waitFor((event) => event.type === 'reload' && event.state === 'done', {
        from,
        what: file,
      });
      assert.ok(done.type === 'reload' && done.files.includes(file), file);
    }
    await cli.stop();
  });

  const unshared = spawnSync('unshare', ['-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_inotify_instances']);
  const limits =
    unshared.status === 0 ? {} : { skip: 'limits of inotify can only be set in a namespace of Linux' };
  it(
    'a save is noticed even if the system has no watch left, and a log line says so once',
    limits,
    async () => {
      const app = new Project({
        'app.js': VERSION_APP,
        'version.js': version('one'),
        'views/page.html': 'one',
      });
      const cli = await start(app.file('app.js'), ['--cwd', app.folder, '--watch', 'views'], {
        under: [
          'unshare',
          '-Ur',
          'sh',
          '-c',
          'echo 1 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"',
        ],
      });
      assert.equal(await saved(cli, () => app.save('version.js', version('two'))), 'two');
      assert.equal(await saved(cli, () => app.save('version.js', version('six'))), 'six');
      assert.equal(await saved(cli, () => app.save('views/new/page.html', 'two')), 'six');
      const warnings = cli.ofType('log').filter(({ level }) => level === 'warn');
      assert.equal(warnings.length, 1, JSON.stringify(warnings));
      assert.equal(cli.stderr, '');
      await cli.stop();
    },
  );

  it('saves that come faster than the app starts let answers through, and the last one is served', async () => {
    const slow = `const until = Date.now() + 400; while (Date.now() < until);\n${VERSION_APP}`;
    const app = new Project({ 'app.js': slow, 'version.js': version('0') });
    const cli = await run(app);
    const asking = new Asking(cli.url, 50);
    await asking.until('0');
    const served = new Set<string>();
    let saves = 0;
    // This imitates a person who keeps saving; it is not a wait of the test.
    for (const began = performance.now(); served.size < 3 && performance.now() - began < 40_000; ) {
      app.save('version.js', version(String(++saves)));
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const { text } of asking.samples) served.add(text);
    }
    assert.ok(served.size >= 3, `after ${saves} saves: ${[...served]}`);
    await asking.until(String(saves));
    const samples = await asking.stop();
    assert.deepEqual(
      samples.filter(({ status }) => status !== 200),
      [],
    );
    assert.equal((await ask(cli.url)).text, String(saves));
    await cli.stop();
  });
});
