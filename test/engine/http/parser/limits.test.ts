import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import {
  FRONT_LIMITS,
  type FrontHandler,
  type FrontLimits,
} from '../../../../src/engine/http/connection/types.ts';
import { type Connections, Listener } from '../../../../src/engine/http/listen/listener.ts';
import type { Exchange } from '../../../../src/engine/requests/exchange.ts';
import type { LocalReply } from '../../../../src/engine/requests/local-replies.ts';
import { Routes } from '../../../../src/engine/requests/route-stats.ts';
import { connectRaw } from '../../../contract/raw-client.ts';

const TEAPOT: LocalReply = { status: 418, title: 'Here', paragraphs: ['Answered.'], failure: 'answered' };

/** Takes requests and keeps them until the test answers. */
class Keeper implements FrontHandler {
  readonly routes = new Routes();
  readonly admitted: Exchange[] = [];
  readonly over: Exchange[] = [];
  #ids = 0;
  #changed = new EventEmitter();

  /** Resolves when `done` returns true; it is called whenever a request came or ended. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) await once(this.#changed, 'change');
  }

  nextRequestId(): number {
    return ++this.#ids;
  }

  admit(exchange: Exchange): void {
    this.admitted.push(exchange);
    this.#changed.emit('change');
  }

  finished(exchange: Exchange): void {
    this.over.push(exchange);
    this.#changed.emit('change');
  }

  forbids(): undefined {
    return undefined;
  }

  readonly pageContext = { editorLink: '', build: '' };

  reloadScript(): undefined {
    return undefined;
  }

  joinReloadEvents(): () => void {
    return () => {};
  }

  sessionGiven(): void {}
  answerPassed(): void {}
  warn(): void {}
}

const listeners: Listener[] = [];
after(() => Promise.all(listeners.map((listener) => listener.close())));

async function listen(limits: Partial<FrontLimits>): Promise<{ url: string; keeper: Keeper }> {
  const keeper = new Keeper();
  const connections: Connections = new Set();
  const listener = new Listener({
    server: 0,
    handler: keeper,
    limits: { ...FRONT_LIMITS, ...limits },
    connections,
  });
  listeners.push(listener);
  await listener.listen({ host: '127.0.0.1', port: 0 });
  listener.setKind(false, false);
  return { url: `http://127.0.0.1:${(listener.address as AddressInfo).port}`, keeper };
}

const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

// The tests wait for timers, so they run at the same time.
describe('limits of a connection', { concurrency: true }, () => {
  it('a head that does not come in time gets 408, and the connection ends', { timeout: 10_000 }, async () => {
    const { url, keeper } = await listen({ headMs: 50 });
    const client = await connectRaw(url);
    client.write('GET / HTTP/1.1\r\nHost: local');
    const answer = await client.answer();
    assert.deepEqual([answer.status, answer.headers.connection], [408, 'close']);
    assert.equal(await client.ending(), 'end');
    assert.deepEqual(keeper.admitted, []);
  });

  it('a head that comes byte by byte gets no extra time per byte', { timeout: 10_000 }, async () => {
    const { url } = await listen({ headMs: 300 });
    const client = await connectRaw(url);
    client.write('GET / HTTP/1.1\r\nX-Slow: ');
    const drip = setInterval(() => client.write('a'), 20);
    assert.equal((await client.answer()).status, 408);
    clearInterval(drip);
  });

  it('a body that stops gets 408; a body that continues does not', { timeout: 10_000 }, async () => {
    const { url, keeper } = await listen({ bodyMs: 1_500, headMs: 50 });
    const stopped = await connectRaw(url);
    const going = await connectRaw(url);
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n';
    stopped.write(`${head}begin`);
    going.write(head);
    const drip = setInterval(() => going.write('a'), 100);
    assert.equal((await stopped.answer()).status, 408);
    clearInterval(drip);
    const [failure] = keeper.over.map((exchange) => exchange.failure);
    assert.equal(failure, 'timed out');
    assert.equal(keeper.over.length, 1, 'the other one is still under way');
    going.destroy();
  });

  it('a connection without a request is closed silently', { timeout: 10_000 }, async () => {
    const { url } = await listen({ idleMs: 50 });
    const client = await connectRaw(url);
    assert.equal((await client.rest()).length, 0);
  });

  it('a request that the app handles slowly does not time out', { timeout: 10_000 }, async () => {
    const { url, keeper } = await listen({ idleMs: 50, headMs: 50, bodyMs: 50 });
    const [waiting, idle] = [await connectRaw(url), await connectRaw(url)];
    waiting.write(GET);
    // The check that closes the late connection would also close this one.
    await idle.ending();
    assert.equal(keeper.over.length, 0);
    const [exchange] = keeper.admitted;
    assert.ok(exchange !== undefined);
    exchange.client.refuse(exchange, TEAPOT);
    assert.equal((await waiting.answer()).status, 418);
  });

  it('a client that does not close after the last answer is closed', { timeout: 10_000 }, async () => {
    const { url, keeper } = await listen({ closingMs: 50 });
    const client = await connectRaw(url);
    client.write(GET);
    await keeper.until(() => keeper.admitted.length > 0);
    const [exchange] = keeper.admitted;
    assert.ok(exchange !== undefined);
    exchange.client.refuse(exchange, TEAPOT);
    await client.answer();
    await client.ending();
    // This end stays open: once the server has closed, a write is answered with a reset.
    const closed = new Promise((resolve) => client.socket.once('close', resolve));
    const knock = setInterval(() => client.write('x'), 50);
    await closed;
    clearInterval(knock);
  });

  it('a connection above the limit gets 503 with Retry-After, and a free place is reused', async () => {
    const { url, keeper } = await listen({ maxConnections: 2 });
    const [first, second] = [await connectRaw(url), await connectRaw(url)];
    for (const client of [first, second]) client.write(GET);
    await keeper.until(() => keeper.admitted.length === 2);
    const third = await connectRaw(url);
    const answer = await third.answer();
    assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1']);
    assert.equal(keeper.admitted.length, 2);
    first.socket.resetAndDestroy();
    await keeper.until(() => keeper.over.length > 0);
    const fourth = await connectRaw(url);
    fourth.write(GET);
    await keeper.until(() => keeper.admitted.length === 3);
    second.destroy();
    fourth.destroy();
  });
});
