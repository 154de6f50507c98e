/** An app sees the same terminal as under plain Node or Python. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { MODES } from '../../../src/protocol/config.ts';
import { startCli } from '../../support/cli.ts';
import { testPython } from '../../support/python.ts';

const PTY = path.resolve('test/fixtures/in-terminal.py');
const CLI = path.resolve('dist/cli.js');
const NODE_APP = 'test/fixtures/terminal.cjs';
const PYTHON_APP = 'test/fixtures/python/wsgi/terminal.py';
const DEADLINE_MS = 15_000;

const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs a program in its own terminal; resolves with its output. */
class InTerminal {
  child: ChildProcess;
  text = '';
  #wake = (): void => {};

  constructor(...words: string[]) {
    const env = { ...process.env, TERM: 'xterm-256color', FORCE_COLOR: undefined, NO_COLOR: undefined };
    this.child = spawn(testPython(), [PTY, ...words], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    running.add(this.child);
    this.child.stdin?.on('error', () => {});
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
      this.#wake();
    });
  }

  resize(columns: number, rows: number): void {
    this.child.stdin?.write(`${columns} ${rows}\n`);
  }

  async until(pattern: RegExp, nth = 1): Promise<string> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const found = [...this.text.matchAll(new RegExp(pattern, 'g'))][nth - 1];
      if (found !== undefined) return found[1] ?? '';
      if (performance.now() > deadline) assert.fail(`no ${pattern} in ${this.text}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 100);
      });
    }
  }

  end(): void {
    this.child.kill('SIGKILL');
    running.delete(this.child);
  }
}

const FACTS = /facts (.*?) end/;

describe('an app in a terminal', { skip: process.platform === 'win32' && 'there is no pty' }, () => {
  for (const mode of MODES) {
    it(`finds the same as under plain Node, with ${mode} workers`, async () => {
      const words = [CLI, NODE_APP, '0', '--mode', mode, '--workers', '1', '--max-workers', '1'];
      const terminals = [
        new InTerminal(process.execPath, NODE_APP),
        new InTerminal(process.execPath, ...words),
      ] as const;
      const [plain, ours] = await Promise.all(terminals.map((terminal) => terminal.until(FACTS)));
      assert.deepEqual(JSON.parse(ours ?? ''), JSON.parse(plain ?? ''));
      assert.match(plain ?? '', /77,21/);
      for (const terminal of terminals) terminal.resize(99, 33);
      const [wider, oursWider] = await Promise.all(terminals.map((terminal) => terminal.until(FACTS, 2)));
      assert.deepEqual(JSON.parse(oursWider ?? ''), JSON.parse(wider ?? ''));
      assert.match(wider ?? '', /99,33/);
      for (const terminal of terminals) {
        assert.doesNotMatch(terminal.text, /stdin has ended/);
        terminal.end();
      }
    });

    it(`finds the same as under plain Python, with ${mode} workers`, async () => {
      const words = [CLI, PYTHON_APP, '0', '--mode', mode, '--python', testPython()];
      const alone = new InTerminal(testPython(), PYTHON_APP);
      const [seen, , plain, changes] = JSON.parse(await alone.until(FACTS)) as unknown[];
      assert.deepEqual([seen, plain, changes], [[true, true, true], [77, 21], 0]);
      const ours = new InTerminal(process.execPath, ...words);
      const url = await ours.until(/(http:\/\/[\d.:]+)/);
      const ask = async (): Promise<unknown[]> => JSON.parse(await (await fetch(url)).text());
      assert.deepEqual(await ask(), [seen, seen, [77, 21], 0]);
      ours.resize(99, 33);
      const deadline = performance.now() + DEADLINE_MS;
      let facts = await ask();
      while (facts[3] === 0 && performance.now() < deadline) facts = await ask();
      assert.deepEqual(facts, [seen, seen, [99, 33], 1]);
      for (const terminal of [alone, ours]) terminal.end();
    });
  }
});

describe('an app whose output goes to a program', () => {
  for (const mode of MODES) {
    it(`finds no terminal, and uses no colours that the user did not ask for, with ${mode} workers`, async () => {
      const cli = startCli([NODE_APP, '--mode', mode, '--workers', '1']);
      const log = await cli.waitFor((event) => event.type === 'log' && FACTS.test(event.text));
      const facts = JSON.parse((log.type === 'log' && FACTS.exec(log.text)?.[1]) || '{}');
      assert.deepEqual(facts.isatty, [false, false, false, false]);
      assert.deepEqual(facts.env, [null, null, null]);
      assert.equal(facts.stdout.isTTY, undefined);
      assert.equal((await cli.stop()).code, 0);
    });
  }
});
