import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { problemText } from '../../../src/races/scenario/place.ts';
import { readDotenv, readScenarios } from '../../../src/races/scenario/read-scenario.ts';

const GROUP = '# @together 2\nPOST /group\n';

/** Files in a folder of their own, which the test removes. */
function folderWith(t: { after(end: () => void): void }, files: Record<string, string>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'scenario-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

async function read(folder: string, ...words: string[]) {
  const { scenarios, problems, missing } = await readScenarios(words, folder);
  return {
    files: scenarios.map(({ scenario }) => scenario.file),
    problems: problems.map(problemText),
    missing,
  };
}

describe('reading scenarios', () => {
  it('takes files and patterns, each file once, in the order of the words', async (t) => {
    const folder = folderWith(t, {
      'races/b.http': GROUP,
      'races/a.http': GROUP,
      'races/c.txt': 'x',
      'races/in/d.http': GROUP,
      'node_modules/x/e.http': GROUP,
      '[id].http': GROUP,
    });
    const of = async (...words: string[]) => (await read(folder, ...words)).files;
    assert.deepEqual(await of('races/b.http', 'races/*.http'), ['races/b.http', 'races/a.http']);
    assert.deepEqual(await of('races/**/*.http'), ['races/a.http', 'races/b.http', 'races/in/d.http']);
    assert.deepEqual(await of('**/*.http'), ['[id].http', 'races/a.http', 'races/b.http', 'races/in/d.http']);
    assert.deepEqual(await of('node_modules/*/*.http'), ['node_modules/x/e.http'], 'packages only if named');
    assert.deepEqual(await of('[id].http'), ['[id].http']);
    assert.deepEqual(await of('*.http'), ['[id].http']);
    assert.deepEqual(await of(path.join(folder, 'races/{a,b}.http')), ['races/a.http', 'races/b.http']);
  });

  it('names words without a file', async (t) => {
    const folder = folderWith(t, { 'a.http': GROUP });
    const { missing } = await read(folder, 'b.http', 'races/*.http', '*.rest');
    assert.deepEqual(missing, [
      'There is no file b.http.',
      'No file matches races/*.http.',
      'No file matches *.rest.',
    ]);
  });

  it('tells the mistakes of all files', async (t) => {
    const folder = folderWith(t, { 'a.http': 'GET', 'b.http': `# @prob\n${GROUP}` });
    const { files, problems } = await read(folder, 'a.http', 'b.http');
    assert.deepEqual(files, []);
    assert.deepEqual(
      problems.map((text) => text.split('. ')[0]),
      [
        'a.http:1: GET has no target',
        'a.http:1: No request of the file is together with another',
        'b.http:1: @prob is unknown',
      ],
    );
  });

  it('reads the files of bodies beside the scenario, and substitutes only where it is asked to', async (t) => {
    const body = '\n< ./in/a.json\n<@ ./in/a.json\n';
    const folder = folderWith(t, { 'races/a.http': GROUP + body, 'races/in/a.json': '{{$guidd}}' });
    const { problems } = await read(folder, 'races/a.http');
    assert.deepEqual(problems, ['races/in/a.json:1: {{$guidd}} is unknown. Did you mean $guid?']);
  });

  it('names a file of a body that is missing, at its line', async (t) => {
    const folder = folderWith(t, { 'a.http': `${GROUP}\n< ./none.json\n` });
    const { files, problems } = await read(folder, 'a.http');
    const message =
      'a.http:4: There is no file ./none.json. The path is relative to the folder of the scenario.';
    assert.deepEqual([files, problems], [[], [message]]);
  });

  it('sends a request that only the file of a body refers to', async (t) => {
    const folder = folderWith(t, {
      'a.http': `${GROUP}\n<@ b.txt\n### login\nPOST /login\n`,
      'b.txt': 'a\n{{login.token}}',
    });
    const { scenarios } = await readScenarios(['a.http'], folder);
    assert.deepEqual(
      scenarios[0]!.scenario.requests.map(({ sent }) => sent),
      [true, true],
    );
  });

  it('reads the .env file beside the scenario', async (t) => {
    const folder = folderWith(t, { '.env': 'KEY="a b"\n', 'in/a.http': GROUP });
    assert.equal((await readDotenv(path.join(folder, 'a.http')))('KEY'), 'a b');
    assert.equal((await readDotenv(path.join(folder, 'in/a.http')))('KEY'), undefined);
  });
});
