/** `races --replay T --inspect`: a debugger that attaches stands where the schedule holds the request. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { startCli } from '../../support/cli.ts';

const DEADLINE_MS = 60_000;
const ADDRESS = /ws:\/\/127\.0\.0\.1:\d+\/\S+/;
const TOKEN = '1:one:cold:r0@await:apply:app.js:1';
const APP = `
let used = false;
const wait = () => new Promise((resolve) => setTimeout(resolve, 2));
async function apply(response) {
  if (used) return response.writeHead(410).end('used');
  await wait();
  used = true;
  response.end('applied');
}
require('node:http').createServer((request, response) => void apply(response)).listen(process.env.PORT);
`;

interface Frame {
  functionName: string;
}
interface Paused {
  method?: string;
  params?: {
    callFrames: Frame[];
    asyncStackTrace?: { callFrames: Frame[]; parent?: { callFrames: Frame[] } };
  };
}

/** Goes on at each stop; resolves with the functions of each stop when the process has ended. */
function debug(url: string): Promise<string[][]> {
  const socket = new WebSocket(url);
  const stops: string[][] = [];
  let id = 0;
  const send = (method: string, params = {}): void => {
    id += 1;
    socket.send(JSON.stringify({ id, method, params }));
  };
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      send('Runtime.enable');
      send('Debugger.enable');
      send('Debugger.setAsyncCallStackDepth', { maxDepth: 16 });
      send('Runtime.runIfWaitingForDebugger');
    });
    socket.on('message', (data) => {
      const { method, params } = JSON.parse(String(data)) as Paused;
      if (method !== 'Debugger.paused') return;
      const { callFrames, asyncStackTrace } = params!;
      const all = [
        ...callFrames,
        ...(asyncStackTrace?.callFrames ?? []),
        ...(asyncStackTrace?.parent?.callFrames ?? []),
      ];
      stops.push(all.map(({ functionName }) => functionName));
      send('Debugger.resume');
    });
    socket.on('close', () => resolve(stops));
  });
}

describe('races --replay --inspect', () => {
  let cwd = '';
  before(async () => {
    cwd = await mkdtemp(path.join(os.tmpdir(), 'races-inspect-'));
    await writeFile(path.join(cwd, 'app.js'), APP);
    await writeFile(path.join(cwd, 'coupon.http'), '# @together 2\nPOST /apply\n');
  });
  after(() => rm(cwd, { recursive: true, force: true }));

  function replay(): ReturnType<typeof startCli> {
    return startCli(['races', 'coupon.http', '--replay', TOKEN, '--inspect'], {
      cwd,
      json: false,
      address: undefined,
    });
  }

  it('stops in the held request, and finds the race when it goes on', async () => {
    const cli = replay();
    const [url] = await cli.waitForOutput(ADDRESS, DEADLINE_MS);
    const stops = await debug(url);
    const { code } = await cli.waitForExit(DEADLINE_MS);
    assert.equal(code, 1, cli.stdout + cli.stderr);
    const held = stops.filter((frames) => frames[0] === 'stopInDebugger');
    // Where it is held, and where it goes on.
    assert.equal(held.length, 2, JSON.stringify(stops));
    assert.ok(held[0]!.includes('apply'), held[0]!.join());
  });

  it('ends at a signal, though no debugger has come', async () => {
    const cli = replay();
    await cli.waitForOutput(ADDRESS, DEADLINE_MS);
    cli.child.kill('SIGINT');
    const { code } = await cli.waitForExit(DEADLINE_MS);
    assert.equal(code, 130, cli.stdout + cli.stderr);
  });
});
