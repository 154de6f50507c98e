import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { findApp } from '../../../src/engine/app/find-app.ts';
import { listEntries } from '../../../src/engine/app/node-entry.ts';
import { ServerError } from '../../../src/protocol/errors.ts';

const made: string[] = [];
after(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder with these files; a value that is not a string is written as JSON. */
async function folderOf(files: Record<string, unknown>): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'entry-')));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

/** The entry found in such a folder, relative to it, with `/`. */
async function found(files: Record<string, unknown>, entry?: string): Promise<string> {
  const folder = await folderOf(files);
  return path.relative(folder, (await findApp(entry, folder)).entry).replaceAll('\\', '/');
}

async function localReply(files: Record<string, unknown>, entry?: string): Promise<ServerError> {
  const error: unknown = await found(files, entry).then(
    (file) => assert.fail(`found ${file}`),
    (error: unknown) => error,
  );
  assert.ok(error instanceof ServerError);
  return error;
}

describe('a named entry', () => {
  it('is the file itself, whatever its extension', async () => {
    assert.equal(await found({ 'bin/www': '', 'app.js': '' }, 'bin/www'), 'bin/www');
    assert.equal(await found({ 'a.mts': '' }, 'a.mts'), 'a.mts');
  });

  it('may be absolute', async () => {
    const folder = await folderOf({ 'app.js': '' });
    const { entry } = await findApp(path.join(folder, 'app.js'), os.tmpdir());
    assert.equal(entry, path.join(folder, 'app.js'));
  });

  it('may omit its extension, and JavaScript comes before TypeScript, as in Node', async () => {
    assert.equal(await found({ 'src/app.ts': '', 'src/app.mjs': '' }, 'src/app'), 'src/app.mjs');
    assert.equal(await found({ 'app.cts': '' }, './app'), 'app.cts');
  });

  it('that is a folder stands for the file that Node runs there', async () => {
    const files = { 'api/package.json': { main: 'lib/run' }, 'api/lib/run.js': '', 'api/index.js': '' };
    assert.equal(await found(files, 'api'), 'api/lib/run.js');
    assert.equal(await found({ 'api/index.js': '', 'api/server.js': '' }, 'api/'), 'api/index.js');
  });

  it('that is a folder without main or index is searched like the current folder', async () => {
    assert.equal(await found({ 'api/src/server.ts': '' }, 'api'), 'api/src/server.ts');
  });

  it('that does not exist is refused, with a list of the files that were found', async () => {
    const error = await localReply({ 'server.js': '' }, 'sever.js');
    assert.equal(error.code, 'ENTRY_NOT_FOUND');
    assert.match(error.message, /no file sever\.js/);
    assert.match(error.hint ?? '', /server\.js/);
  });
});

describe('package.json', () => {
  it('names the app by its scripts, then by main, before the usual names', async () => {
    const files = { 'a.js': '', 'b.js': '', 'server.js': '' };
    const scripts = { start: 'node b.js' };
    assert.equal(await found({ 'package.json': { main: 'a.js', scripts }, ...files }), 'b.js');
    assert.equal(await found({ 'package.json': { main: 'a.js' }, ...files }), 'a.js');
  });

  it('is ignored if main does not exist', async () => {
    const manifest = { main: 'index.js', scripts: { start: 'node b' } };
    assert.equal(await found({ 'package.json': manifest, 'b.js': '' }), 'b.js');
  });

  it('names the app by scripts.dev before scripts.start', async () => {
    const manifest = { scripts: { start: 'node dist/a.js', dev: 'node --watch src/a.js' } };
    assert.equal(await found({ 'package.json': manifest, 'dist/a.js': '', 'src/a.js': '' }), 'src/a.js');
  });

  it('may contain `node .`', async () => {
    assert.equal(
      await found({ 'package.json': { scripts: { start: 'node .' } }, 'index.js': '' }),
      'index.js',
    );
  });

  it('that is broken, or of an unexpected shape, does not hide the app', async () => {
    assert.equal(await found({ 'package.json': '{', 'app.js': '' }), 'app.js');
    assert.equal(await found({ 'package.json': { main: 3, scripts: [] }, 'app.js': '' }), 'app.js');
    assert.equal(await found({ 'package.json': '[1]', 'app.js': '' }), 'app.js');
  });
});

describe('without a given entry', () => {
  for (const folder of ['', 'src/']) {
    for (const name of ['server', 'app', 'index', 'main']) {
      for (const ending of ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']) {
        it(`${folder}${name}${ending} is found`, async () => {
          const file = `${folder}${name}${ending}`;
          assert.equal(await found({ [file]: '', 'README.md': '', 'index.d.ts': '' }), file);
        });
      }
    }
  }

  it('a file that imports the others is the app', async () => {
    const app = { 'app.js': 'export default 1' };
    assert.equal(await found({ ...app, 'index.js': "const app = require('./app')" }), 'index.js');
    assert.equal(await found({ ...app, 'main.mjs': "import app from './app.js';" }), 'main.mjs');
    assert.equal(await found({ ...app, 'src/index.ts': "await import('../app')" }), 'src/index.ts');
    assert.equal(
      await found({ 'src/app.ts': '', 'src/server.ts': "import { app } from './app.js';" }),
      'src/server.ts',
    );
  });

  it('server.js in the folder itself is the app, as it is for `npm start`', async () => {
    assert.equal(await found({ 'server.js': '', 'app.js': '', 'src/main.ts': '' }), 'server.js');
  });

  it('TypeScript beside its JavaScript is one app, not two', async () => {
    assert.equal(await found({ 'app.ts': '', 'app.js': '' }), 'app.js');
  });

  it('a React component App.js is not app.js, even if file names ignore case', async () => {
    const error = await localReply({ 'src/App.js': '' });
    assert.equal(error.code, 'NO_APP');
  });

  it('a folder with a usual name is not an app', async () => {
    assert.equal(await found({ 'app.js/page.txt': '', 'index.js': '' }), 'index.js');
  });

  it('several candidates are all named, and none is chosen', async () => {
    const error = await localReply({ 'app.js': '', 'main.js': '', 'src/index.ts': '' });
    assert.equal(error.code, 'ENTRY_AMBIGUOUS');
    assert.deepEqual(error.details, { candidates: ['app.js', 'main.js', path.join('src', 'index.ts')] });
    assert.match(error.message, /app\.js, main\.js/);
  });

  it('two that import each other are both named', async () => {
    const error = await localReply({ 'app.js': "require('./main')", 'main.js': "require('./app')" });
    assert.deepEqual(error.details, { candidates: ['app.js', 'main.js'] });
  });
});

describe('listEntries', () => {
  it('lists the files in package.json first, then the usual names, each once', async () => {
    const folder = await folderOf({
      'package.json': { main: 'app.js', scripts: { dev: 'node tools/run.js' } },
      'app.js': '',
      'tools/run.js': '',
      'src/server.ts': '',
    });
    const listed = (await listEntries(folder)).map((file) => path.relative(folder, file));
    assert.deepEqual(listed, [path.join('tools', 'run.js'), 'app.js', path.join('src', 'server.ts')]);
  });

  it('is empty for a folder that does not exist', async () => {
    assert.deepEqual(await listEntries(path.join(os.tmpdir(), 'no', 'such', 'folder')), []);
  });
});
