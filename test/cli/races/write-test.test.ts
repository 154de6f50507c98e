import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withSchedules, writeSchedules } from '../../../src/cli/races/write-test.ts';
import { readScenarios } from '../../../src/races/scenario/read-scenario.ts';

const TOKEN = '1:one:warm:r0@query:redeem:redeem.js:1';
const OTHER = '1:many:cold:r1@body:::1';

const SCENARIO = `# a comment
POST /login
###
# @name apply
# @together 2
POST /apply

{ "code": "X" }
###
# @together
POST /other
`;

const EXPECTED = SCENARIO.replace('# @together 2\n', `# @schedule ${TOKEN}\n# @together 2\n`);

describe('--write-test', () => {
  it('adds one line before the first request of the group, and changes nothing else', () => {
    assert.deepEqual(withSchedules(SCENARIO, [TOKEN]), { written: [TOKEN], changed: EXPECTED });
  });

  it('writes no token twice', () => {
    assert.deepEqual(withSchedules(EXPECTED, [TOKEN]), { written: [], changed: EXPECTED });
    assert.deepEqual(withSchedules(SCENARIO, [TOKEN, TOKEN]).written, [TOKEN]);
    const both = withSchedules(EXPECTED, [TOKEN, OTHER]);
    assert.deepEqual(both.written, [OTHER]);
    assert.ok(both.changed.includes(`# @schedule ${TOKEN}\n# @schedule ${OTHER}\n# @together 2\n`));
  });

  it('keeps the newlines, the indentation and the sign of the comment', () => {
    const windows = SCENARIO.replaceAll('\n', '\r\n');
    assert.equal(withSchedules(windows, [TOKEN]).changed, EXPECTED.replaceAll('\n', '\r\n'));
    assert.equal(
      withSchedules('  // @together\nPOST /a', [TOKEN]).changed,
      `  // @schedule ${TOKEN}\n  // @together\nPOST /a`,
    );
  });

  it('takes the comment of the request, not one in a body above it', () => {
    const text = `POST /a\n\n# @together in a text\n###\n# @together\nPOST /b\n`;
    const { changed } = withSchedules(text, [TOKEN], 6);
    assert.equal(changed, text.replace('# @together\n', `# @schedule ${TOKEN}\n# @together\n`));
  });

  it('finds it as well if lines were added while the finder ran', () => {
    const moved = `# new\n# new\n# new\n${SCENARIO}`;
    assert.equal(withSchedules(moved, [TOKEN], 2).changed, `# new\n# new\n# new\n${EXPECTED}`);
  });

  it('leaves a file alone that has no group any more', () => {
    assert.deepEqual(withSchedules('GET /\n', [TOKEN]), { written: [], changed: 'GET /\n' });
  });

  describe('in a file', () => {
    let folder = '';
    before(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'write-test-'));
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it('keeps every byte, also of a text that is not UTF-8', async () => {
      const file = path.join(folder, 'bytes.http');
      const start = Buffer.from([0xef, 0xbb, 0xbf, 0x23, 0x20, 0xe4, 0xff, 0x0a]);
      await writeFile(file, Buffer.concat([start, Buffer.from(SCENARIO)]));
      const token = '1:one:warm:r0@await:größe:käse.js:1';
      assert.deepEqual(await writeSchedules(file, [token]), [token]);
      const expected = Buffer.concat([start, Buffer.from(EXPECTED.replace(TOKEN, token))]);
      assert.deepEqual(await readFile(file), expected);
      assert.deepEqual(await writeSchedules(file, [token]), []);
      assert.deepEqual(await readFile(file), expected);
    });

    it('makes a scenario that is read with this schedule', async () => {
      const file = path.join(folder, 'read.http');
      await writeFile(file, SCENARIO);
      await writeSchedules(file, [TOKEN]);
      const { scenarios, problems } = await readScenarios(['read.http'], folder);
      assert.deepEqual(problems, []);
      assert.deepEqual(scenarios[0]?.scenario.schedules, [{ token: TOKEN, line: 5 }]);
      assert.equal(scenarios[0]?.scenario.requests.find(({ role }) => role === 'together')?.copies, 2);
    });
  });
});
