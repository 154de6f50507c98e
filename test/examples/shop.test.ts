/** The app of `npm start` does what its page says. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { describe, it } from 'node:test';
import type { RaceMessage } from '../../src/protocol/race-messages.ts';
import { type Cli, startCli } from '../support/cli.ts';

const SHOP = 'examples/shop/server.js';

async function increments(cli: Cli, count: number): Promise<number> {
  const { url } = await cli.ready;
  await fetch(`${url}api/counter`, { method: 'DELETE' });
  const answers = await Promise.all(
    Array.from({ length: count }, () => fetch(`${url}api/counter`, { method: 'POST' })),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  const { value } = (await (await fetch(`${url}api/counter`)).json()) as { value: number };
  return value;
}

describe('the example shop', () => {
  it('has a page, and quick answers while a worker is busy for a second', async () => {
    const cli = startCli([SHOP, '--workers', '2']);
    const { url } = await cli.ready;
    assert.match(await (await fetch(url)).text(), /<title>The shop<\/title>/);
    const order: string[] = [];
    const done = (name: string) => () => void order.push(name);
    const slow = fetch(`${url}api/block`).then(done('slow'));
    const quick = Array.from({ length: 10 }, () => fetch(`${url}api/quick`).then(done('quick')));
    await Promise.all([slow, ...quick]);
    assert.equal(order.at(-1), 'slow');
    assert.equal((await cli.stop()).code, 0);
  });

  it('loses updates when they overlap', async () => {
    const cli = startCli([SHOP, '--workers', '2', '--overlap', '2', '--overlap-routes', 'POST /api/counter']);
    const value = await increments(cli, 10);
    assert.ok(value < 10, `counted to ${value}`);
    await cli.stop();
  });

  it('says how to find its race in one command, which finds it', async () => {
    const page = fs.readFileSync('examples/shop/public/index.html', 'utf8');
    const command = /<code id="races">([^<]+)</.exec(page)?.[1];
    assert.ok(command);
    for (const file of ['README.md', 'docs/finding-races.md'])
      assert.ok(fs.readFileSync(file, 'utf8').includes(`\n    ${command}\n`), file);
    const [program, ...words] = command.split(' ');
    assert.equal(program, 'node');
    const [code, output] = await new Promise<[number | string | null | undefined, string]>((resolve) =>
      execFile(process.execPath, [...words, '--first', '--json'], (error, stdout) =>
        resolve([error === null ? 0 : error.code, stdout]),
      ),
    );
    const messages = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RaceMessage);
    const report = messages.at(-1);
    assert.ok(report?.type === 'races', output);
    assert.equal(report.findings[0]?.kind, 'wrong-state');
    assert.ok(report.findings[0].replays.reproduced === 10);
    assert.equal(code, 1);
  });

  it('shows its crash, and continues', async () => {
    const cli = startCli([SHOP, '--workers', '2']);
    const { url } = await cli.ready;
    const crash = await fetch(`${url}api/crash`, { headers: { Accept: 'text/html' } });
    assert.equal(crash.status, 502);
    assert.match(await crash.text(), /The shop is on fire/);
    assert.equal((await fetch(`${url}api/quick`)).status, 200);
    await cli.stop();
  });
});
