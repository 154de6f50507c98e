import assert from 'node:assert/strict';
import http from 'node:http';
import { before, it } from 'node:test';
import type { ServerEvent } from '../../src/protocol/messages.ts';
import type { Cli } from '../support/cli.ts';
import { type Answer, ask } from './http-client.ts';
import { forEachMode, idleWorkers, requestStarted } from './modes.ts';

const WORKERS = ['--workers', '3', '--max-workers', '3'];
/** At the same time, so that they reach several workers. */
const CLIENTS = 6;

forEachMode((start) => {
  let cli: Cli;
  before(async () => {
    cli = await start('sessions.cjs', WORKERS);
    await idleWorkers(cli, 3);
  });

  const together = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, at) => make(at)));

  /** Several sessions, each with several requests at a time. @returns the workers that had one */
  async function eachKept(
    open: (at: number) => Promise<{ worker: number; go(): Promise<Answer> }>,
  ): Promise<void> {
    const sessions = await together(CLIENTS, open);
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        sessions.flatMap(({ worker, go }) => [1, 2, 3].map(async () => ({ worker, answer: await go() }))),
      );
      for (const { worker, answer } of answers)
        assert.deepEqual([answer.status, answer.worker], [200, worker]);
    }
    assert.ok(new Set(sessions.map(({ worker }) => worker)).size > 1, 'more than one worker had one');
  }

  it('the requests of a socket.io session go to the worker that gave it', () => {
    const url = `${cli.url}/socket.io/?EIO=4&transport=polling`;
    return eachKept(async () => {
      const { worker, text } = await ask(url);
      const { sid } = JSON.parse(text.slice(1)) as { sid: string };
      return { worker, go: () => ask(`${url}&sid=${sid}`) };
    });
  });

  it('so do those of SockJS, whose clients name their session', () =>
    eachKept(async (at) => {
      const session = `${cli.url}/echo/00${at}/session${at}`;
      const { worker } = await ask(`${session}/xhr`, { method: 'POST' });
      return { worker, go: () => ask(`${session}/xhr_send`, { method: 'POST' }) };
    }));

  it('those of MCP, by its header', () =>
    eachKept(async () => {
      const { worker, headers } = await ask(`${cli.url}/mcp`, { method: 'POST' });
      const session = { 'Mcp-Session-Id': String(headers['mcp-session-id']) };
      return { worker, go: () => ask(`${cli.url}/mcp`, { method: 'POST', headers: session }) };
    }));

  it('and those of its former transport, by what the event stream says', async () => {
    const streams: http.ClientRequest[] = [];
    await eachKept(async () => {
      const stream = http.get(`${cli.url}/sse`);
      streams.push(stream);
      const response = await new Promise<http.IncomingMessage>((resolve) => stream.on('response', resolve));
      const text = await new Promise<string>((resolve) =>
        response.once('data', (data) => resolve(`${data}`)),
      );
      const [, path] = /data: (\S+)/.exec(text)!;
      const [, worker] = /worker;desc="(\d+)"/.exec(String(response.headers['server-timing']))!;
      return { worker: Number(worker), go: () => ask(cli.url + path, { method: 'POST' }) };
    });
    for (const stream of streams) stream.destroy();
  });

  it('a request of a session that waits for news holds up no restart and no stop', async () => {
    const patient = await start('sessions.cjs', [...WORKERS, '--stop-timeout', '60000']);
    const url = `${patient.url}/socket.io/?EIO=4&transport=polling`;
    for (const how of ['restart', 'stop'] as const) {
      const from = patient.events.length;
      const { text, worker } = await ask(url);
      const { sid } = JSON.parse(text.slice(1)) as { sid: string };
      const waiting = ask(`${url}&wait&sid=${sid}`).catch(() => {});
      await requestStarted(patient, from);
      if (how === 'stop') await patient.stop();
      else {
        await patient.ask({ type: 'restart' });
        const gone = (event: ServerEvent): boolean =>
          event.type === 'worker' && event.id === worker && event.state === 'stopped';
        await patient.waitFor(gone, { what: `the end of worker ${worker}` });
      }
      await waiting;
    }
  });

  it('one line for each protocol says that messages stay within a worker', async () => {
    const lines = cli.ofType('log').filter(({ text }) => text.includes('stays with one worker'));
    assert.deepEqual(
      lines.map(({ level, text }) => `${level} ${text.split(':')[0]}`),
      ['info socket.io', 'info SockJS', 'info MCP'],
    );
  });

  /** Logs in, and asks for a page that needs it, several times at once. */
  async function browse(path: string): Promise<number[]> {
    const { headers } = await ask(`${cli.url}/login`, { method: 'POST' });
    const Cookie = (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) {
      const answers = await together(6, () => ask(`${cli.url}${path}`, { headers: { Cookie } }));
      statuses.push(...answers.map(({ status }) => status));
    }
    return statuses;
  }

  it('sessions in a worker are reported once, with the cookie; sessions in cookies are not', async () => {
    assert.deepEqual(new Set(await browse('/signed')), new Set([200]));
    assert.deepEqual(cli.ofType('stateInWorker'), []);
    assert.deepEqual(new Set(await browse('/memory')), new Set([200, 401]));
    await browse('/memory');
    const [found, ...more] = cli.ofType('stateInWorker');
    assert.deepEqual([found?.cookie, found?.route, found?.setting], ['sid', 'GET /memory', 'workers']);
    assert.notEqual(found?.knows, found?.lost);
    assert.deepEqual(more, []);
  });

  it('affinity of a server that runs keeps each client on a worker', async () => {
    await cli.ask({ type: 'set', affinity: 'client' });
    assert.deepEqual(new Set(await browse('/memory')), new Set([200]));
    await cli.ask({ type: 'set', affinity: 'none' });
    assert.deepEqual(new Set(await browse('/memory')), new Set([200, 401]));
  });
});
