import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startCli } from '../../support/cli.ts';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), 'races-usage-'));
  await writeFile(path.join(cwd, 'a.http'), '# @together 2\nPOST /a\n');
  await writeFile(path.join(cwd, 'b.http'), '# @together 2\nPOST /b\n');
  await writeFile(path.join(cwd, 'wrong.http'), '# @togethre\nPOST https://example.com/\n');
});
after(() => rm(cwd, { recursive: true, force: true }));

async function races(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const cli = startCli(['races', ...words], { cwd, json: false, address: undefined });
  const { code } = await cli.waitForExit();
  return { code, stdout: cli.stdout, stderr: cli.stderr };
}

describe('the command races', () => {
  it('is one only as the first word', async () => {
    const cli = startCli(['./races'], { cwd, json: false, address: undefined });
    assert.equal((await cli.waitForExit()).code, 1);
    assert.match(cli.stderr, /There is no file \.\/races/);
  });

  it('explains itself', async () => {
    const { code, stdout, stderr } = await races('--help');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Usage: concurrent-server races /);
  });

  it('is mentioned by --help', async () => {
    const cli = startCli(['--help'], { cwd, json: false, address: undefined });
    assert.equal((await cli.waitForExit()).code, 0);
    assert.match(cli.stdout, /concurrent-server races /);
  });

  it('exits with 2 if the words are wrong, and names its own --help', async () => {
    assert.deepEqual(await races('a.http', '--shard', '3/2'), {
      code: 2,
      stdout: '',
      stderr:
        'concurrent-server: --shard: K/N, such as 2/4, with K from 1 to N and N up to 10000, but got "3/2".\n' +
        '  Try races --help.\n',
    });
  });

  it('exits with 2 if a file is not there', async () => {
    const { code, stderr } = await races('none.http', 'no/*.http');
    assert.equal(code, 2);
    assert.match(stderr, /There is no file none\.http\. No file matches no\/\*\.http\./);
  });

  it('reports wrong words also as JSON', async () => {
    const { code, stdout } = await races('none.http', '--json');
    assert.equal(code, 2);
    const [line, ...rest] = stdout.trimEnd().split('\n');
    const { v, type, error } = JSON.parse(line!);
    assert.deepEqual([v, type, error.code, rest], [1, 'error', 'BAD_CONFIG', []]);
  });

  it('exits with 2 and runs nothing if any scenario has a mistake; all of them are named', async () => {
    const { code, stdout, stderr } = await races('a.http', 'wrong.http');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^wrong\.http:1: @togethre is unknown\. Did you mean @together\?$/m);
    assert.match(stderr, /^wrong\.http:2: .*example\.com/m);
    assert.doesNotMatch(stderr, /a\.http/);
  });

  it('reports such a mistake with its place as JSON', async () => {
    const { code, stdout, stderr } = await races('wrong.http', '--json');
    assert.deepEqual([code, stderr], [2, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(lines.length >= 2);
    for (const { v, type, scenario, error } of lines) {
      assert.deepEqual([v, type, scenario, error.code], [1, 'error', 'wrong.http', 'BAD_SCENARIO']);
      assert.equal(error.details.file, 'wrong.http');
    }
    assert.equal(lines[0].error.details.line, 1);
  });

  it('counts a token that can not be read as such a mistake', async () => {
    await writeFile(path.join(cwd, 'old.http'), '# @together 2\n# @schedule 0:one\nPOST /a\n');
    const { code, stderr } = await races('old.http');
    assert.equal(code, 2);
    assert.match(stderr, /^old\.http:2: The token .*"0".*\. A token has the form 1:one:\S+$/m);
  });

  it('replays one scenario only', async () => {
    const { code, stderr } = await races('a.http', 'b.http', '--replay', '1:one:warm:free');
    assert.equal(code, 2);
    assert.match(stderr, /--replay takes one scenario, the one of the token\./);
  });
});
