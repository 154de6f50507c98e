/** `# @after login headers`: a client that follows a redirect as soon as it has the head, with the cookies of that head. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startCli } from '../../support/cli.ts';

const DEADLINE_MS = 60_000;
/** The session is saved after the head is on its way, or before it. */
const appOf = (savesFirst: boolean): string => `
let saved = false;
const save = async () => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  saved = true;
};
require('node:http').createServer(async (request, response) => {
  if (request.method === 'GET') {
    return response.end(saved && request.headers.cookie === 'sid=1' ? 'hello' : 'who are you');
  }
  ${savesFirst ? 'await save();' : ''}
  response.writeHead(302, { location: '/account', 'set-cookie': 'sid=1; Path=/' });
  response.write('saving');
  ${savesFirst ? '' : 'await save();'}
  response.end();
}).listen(process.env.PORT);
`;
const SCENARIO = `# @name login
# @together
POST /login

###
# @together
# @after login headers
GET /account
`;

describe('a request that follows the head of an answer', () => {
  let cwd = '';
  before(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'races-after-'));
    await writeFile(path.join(cwd, 'late.js'), appOf(false));
    await writeFile(path.join(cwd, 'early.js'), appOf(true));
    await writeFile(path.join(cwd, 'login.http'), SCENARIO);
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  async function races(entry: string): Promise<{ code: number | null; output: string }> {
    const words = ['races', 'login.http', '--entry', entry, '--first', '--topology', 'one'];
    const cli = startCli(words, { cwd, json: false, address: undefined });
    const { code } = await cli.waitForExit(DEADLINE_MS);
    return { code, output: cli.stdout + cli.stderr };
  }

  it('meets an app that is not ready for it', async () => {
    const { code, output } = await races('late.js');
    assert.equal(code, 1, output);
    assert.match(output, /who are you/);
  });

  it('is answered as in a serial order by one that is', async () => {
    const { code, output } = await races('early.js');
    assert.equal(code, 0, output);
  });
});
