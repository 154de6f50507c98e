/** What a run of the real finder looks like from outside: its lines, its signals and its end. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Cli, startCli } from '../../support/cli.ts';

const DEADLINE_MS = 60_000;

/** A coupon that two requests can use: it is checked, and marked as used only in a later turn. */
const APP = `
let used = false;
let balance = 0;
require('node:http').createServer(async (request, response) => {
  if (request.method === 'GET') return response.end(String(balance));
  if (used) return response.writeHead(410).end('used');
  await new Promise((resolve) => setTimeout(resolve, 2));
  used = true;
  balance += 1;
  response.end('applied');
}).listen(process.env.PORT);
`;
const SCENARIO = '# @together 2\nPOST /apply\n\n###\n# @probe\nGET /balance\n';

let cwd = '';
before(async () => {
  cwd = await mkdtemp(path.join(os.tmpdir(), 'races-session-'));
  await writeFile(path.join(cwd, 'app.js'), APP);
  await writeFile(path.join(cwd, 'coupon.http'), SCENARIO);
  await writeFile(path.join(cwd, 'bad.js'), 'throw new Error("no database");');
});
after(() => rm(cwd, { recursive: true, force: true }));

function races(...words: string[]): Cli {
  return startCli(['races', 'coupon.http', '--seed', '7', ...words], {
    cwd,
    json: false,
    address: undefined,
  });
}

function linesOf({ stdout }: Cli): Array<Record<string, unknown>> {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('races --json', () => {
  it('goes on without stdin, reports a finding at once, and all of it at the first signal', async () => {
    const cli = races('--json');
    cli.child.stdin?.end();
    await cli.waitForOutput(/"type":"finding"/, DEADLINE_MS);
    cli.child.kill('SIGINT');
    assert.deepEqual(await cli.waitForExit(DEADLINE_MS), { code: 1, signal: null });
    const lines = linesOf(cli);
    for (const { v, scenario } of lines) assert.deepEqual([v, scenario], [1, 'coupon.http']);
    const { type, verdict, findings, seed } = lines.at(-1)!;
    assert.deepEqual([type, verdict, seed], ['races', 'race', 7]);
    assert.ok(Array.isArray(findings) && findings.length > 0);
    assert.equal(cli.stderr, '');
  });

  it('reports an app that does not start, once, and exits with 3', async () => {
    const cli = races('--json', '--entry', 'bad.js');
    assert.equal((await cli.waitForExit(DEADLINE_MS)).code, 3);
    const errors = linesOf(cli).filter(({ type }) => type === 'error');
    assert.equal(errors.length, 1);
    const { code, message } = errors[0]!.error as { code: string; message: string };
    assert.equal(code, 'APP_FAILED_TO_START');
    assert.match(message, /no database/);
  });
});

describe('races', () => {
  it('ends with 130 at a signal before anything was found', async () => {
    const cli = races('--json');
    await cli.waitForOutput(/"type":"progress"/, DEADLINE_MS);
    cli.child.kill('SIGINT');
    assert.equal((await cli.waitForExit(DEADLINE_MS)).code, 130);
    assert.ok(!cli.stdout.includes('"type":"finding"'));
  });

  it('prints a card whose command replays the race, and keeps it with --write-test', async () => {
    const first = races('--first', '--write-test');
    assert.equal((await first.waitForExit(DEADLINE_MS)).code, 1, first.stderr);
    const [, token] = /^ {2}replay node \S+ races coupon\.http --replay (\S+)$/m.exec(first.stdout) ?? [];
    assert.ok(token, first.stdout);
    assert.match(first.stdout, /^✗ coupon\.http: 1 race$/m);
    const file = path.join(cwd, 'coupon.http');
    assert.equal(await readFile(file, 'utf8'), `# @schedule ${token}\n${SCENARIO}`);
    const again = races('--replay', token);
    assert.equal((await again.waitForExit(DEADLINE_MS)).code, 1, again.stderr);
    assert.ok(again.stdout.includes(token));
  });
});

describe('a request that can not be built', () => {
  it('ends the run at its line, because the answer that it refers to is none', async () => {
    const scenario = `# @setup
# @name balance
GET /balance

###
# @together 2
POST /apply
Authorization: Bearer {{balance.response.body.$.token}}
`;
    await writeFile(path.join(cwd, 'token.http'), scenario);
    const cli = startCli(['races', 'token.http'], { cwd, json: false, address: undefined });
    assert.deepEqual(await cli.waitForExit(DEADLINE_MS), { code: 2, signal: null });
    assert.match(cli.stderr, /token\.http:8: /);
  });
});
