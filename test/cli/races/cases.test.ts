/**
 * The finder on small apps of every kind, as `npm run bench:races` runs many more: racy ones are found, by one pause that
 * replays each time; correct ones are not reported.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { startCli } from '../../support/cli.ts';

const DEADLINE_MS = 150_000;
const BENCH = path.resolve('bench/races');

interface Case {
  name: string;
  racy: boolean;
  kind?: string[];
  args?: string[];
  inTests?: boolean;
}

interface Report {
  type: string;
  verdict: string;
  explored: { done: number };
  findings: Array<{
    kind: string;
    severity: string;
    token: string;
    schedule: { pauses: unknown[] };
    replays: { reproduced: number; times: number };
  }>;
}

const { CASES } = (await import(pathToFileURL(path.join(BENCH, 'cases.mjs')).href)) as { CASES: Case[] };

async function find(cwd: string, ...words: string[]): Promise<{ report: Report; code: number | null }> {
  const cli = startCli(
    ['races', 'race.http', '--json', '--yes', '--seed', '5', '--budget', '120s', ...words],
    {
      cwd,
      json: false,
      address: undefined,
    },
  );
  const { code } = await cli.waitForExit(DEADLINE_MS);
  const report = JSON.parse(cli.stdout.trim().split('\n').at(-1)!) as Report;
  assert.equal(report.type, 'races', cli.stdout + cli.stderr);
  return { report, code };
}

describe('races finds', { concurrency: false }, () => {
  let folder = '';
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'race-cases-'));
    fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'junction');
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  function copyOf({ name }: Case): string {
    const cwd = path.join(folder, name);
    fs.cpSync(path.join(BENCH, 'cases', name), cwd, { recursive: true });
    return cwd;
  }

  for (const one of CASES.filter(({ inTests }) => inTests)) {
    const { name, racy, kind = [], args = [] } = one;
    if (racy) {
      it(`the race of ${name}, and replays it`, async () => {
        const cwd = copyOf(one);
        const { report, code } = await find(cwd, '--first', ...args);
        assert.equal(code, 1);
        const found = report.findings.find(({ severity }) => severity !== 'note')!;
        assert.ok(kind.includes(found.kind), `${found.kind} is none of ${kind.join()}`);
        assert.deepEqual(found.replays, { reproduced: 10, times: 10 });
        assert.equal(found.schedule.pauses.length, 1);
        const again = await find(cwd, '--replay', found.token, ...args);
        assert.equal(again.code, 1);
        assert.equal(again.report.findings[0]!.token, found.token);
      });
    } else {
      it(`nothing in ${name}`, async () => {
        const { report, code } = await find(copyOf(one), '--schedules', '30', ...args);
        assert.equal(code, 0, JSON.stringify(report));
        assert.equal(report.verdict, 'none');
        assert.ok(report.explored.done > 0);
        assert.deepEqual(
          report.findings.filter(({ severity }) => severity !== 'note'),
          [],
        );
      });
    }
  }
});
