/** The WSGI server of python/concurrent_server alone; its tests are in Python, in lane/. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { testPython } from '../support/python.ts';

/** Runs one file of tests. @returns unittest's result, and the text of each failure */
function unittest(file: string): Promise<{ code: number; output: string }> {
  const env = { ...process.env, PYTHONPATH: path.resolve('python'), PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve) => {
    const args = [path.resolve('test/python/lane', file)];
    const child = execFile(testPython(), args, { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

describe('the lane of a WSGI app', () => {
  for (const [what, file] of [
    ['gives the app each request and body as PEP 3333 requires', 'requests.py'],
    ['accepts the heads of PEP 3333, and refuses others in the call that gives them', 'heads.py'],
    ['makes a complete response or a clear error of everything that an app returns', 'answers.py'],
  ] as const) {
    it(what, async () => {
      const { code, output } = await unittest(file);
      assert.equal(code, 0, output);
      // A file without any test would pass as well.
      assert.match(output, /^Ran [1-9]\d* tests in/m);
    });
  }
});
