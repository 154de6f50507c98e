import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { ask, connect } from './http-client.ts';
import { forEachMode, idleWorkers } from './modes.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { RunLog } from './run-log.ts';

/** Below, at and above the window of a stream, 256 KiB. */
const SIZES = [0, 200_000, 262_000, 262_144, 300_000, 1_000_000];
/** More than a window, so that part of it waits in the front. */
const LARGE = 300_000;
/** Part of bodies: it must never run as a request. */
const TRAP = 'GET /trap HTTP/1.1\r\nHost: evil.example\r\n\r\n';

function body(size: number): string {
  return TRAP.repeat(Math.ceil(size / TRAP.length)).slice(0, size);
}

function post(client: RawClient, target: string, size: number, chunked = false): void {
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`;
  client.write(`POST ${target} HTTP/1.1\r\nHost: localhost\r\n${framing}\r\n\r\n`);
  if (!chunked) client.write(body(size));
  else client.write(`${size === 0 ? '' : `${size.toString(16)}\r\n${body(size)}\r\n`}0\r\n\r\n`);
}

forEachMode(['node', 'wsgi', 'asgi'], (start, mode, speech) => {
  const log = new RunLog();
  let cli: Cli;
  before(async () => {
    cli = await start('uploads.cjs', ['--workers', '1', '--max-workers', '1'], { env: log.env });
  });

  for (const chunked of [false, true]) {
    const how = chunked ? 'in chunks' : 'of a known length';
    it(`an upload ${how} that is answered before it was read is only its own body`, async () => {
      for (const size of SIZES) {
        const client = await connectRaw(cli.url);
        // Bytes that the app did not read could swallow the next request's head; the trap would then be read as a
        // request.
        post(client, `/early?${how.length}-${size}`, size, chunked);
        post(client, '/next', LARGE, chunked);
        post(client, '/last', 0, chunked);
        const answers = [await client.answer(), await client.answer(), await client.answer()];
        assert.deepEqual(
          answers.map((answer) => answer.body.toString()),
          ['too much', `POST /next ${LARGE}`, 'POST /last 0'],
          `${size} bytes`,
        );
        client.destroy();
      }
      assert.deepEqual(log.counts('trap'), []);
    });
  }

  it('an upload that ends long after its early answer is followed by the next request', async () => {
    const client = await connectRaw(cli.url);
    client.write(`POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${2 * LARGE}\r\n\r\n`);
    assert.equal((await client.answer()).status, 413);
    client.write(body(LARGE));
    assert.equal((await ask(`${cli.url}/other`)).status, 200);
    client.write(body(LARGE));
    post(client, '/after', LARGE);
    assert.equal((await client.answer()).body.toString(), `POST /after ${LARGE}`);
    client.destroy();
  });

  it('a worker that crashes after an interim answer gets 502 with the reason', async () => {
    // Deaths in other tests must not delay this one.
    cli.send({ type: 'restart' });
    const client = await connectRaw(cli.url);
    client.write(
      'POST /?die HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
    );
    assert.equal((await client.answer()).status, 100);
    client.write('hello');
    const answer = await client.answer();
    assert.equal(answer.status, 502);
    assert.match(answer.body.toString(), /exit code 7/);
  });

  it('a worker that crashes after early hints gets 502', {
    skip: speech !== 'node' && 'WSGI and uvicorn send no early hints',
  }, async () => {
    cli.send({ type: 'restart' });
    const early = await connectRaw(cli.url);
    early.write('GET /hints?die HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.deepEqual([(await early.answer()).status, (await early.answer()).status], [103, 502]);
    early.destroy();
  });

  for (const descriptor of speech === 'node' ? [3, 4, 5] : [3]) {
    it(`an app that writes to descriptor ${descriptor} ends its worker, and the server continues`, {
      skip: speech === 'node' && mode === 'thread' && "a thread's wire has no descriptor",
    }, async () => {
      cli.send({ type: 'restart' });
      const from = cli.events.length;
      const answer = await ask(`${cli.url}/?write=${descriptor}`);
      // If the bytes are never read, nothing is broken.
      if (answer.status === 502) {
        await cli.waitFor((e) => e.type === 'worker' && /protocol/.test(e.exit ?? ''), { from });
      }
      assert.equal((await ask(`${cli.url}/alive`)).status, 200);
    });
  }

  it('an upload that a blocked worker gives back runs on another one, and so do those after it', {
    skip: speech === 'wsgi' && 'a WSGI worker gets only requests that it starts at once',
  }, async () => {
    const pair = await start('uploads.cjs', ['--workers', '2', '--max-workers', '2'], { env: log.env });
    await idleWorkers(pair, 2);
    for (const round of [1, 2, 3]) {
      const kept = await connectRaw(pair.url);
      post(kept, `/warm?${round}`, LARGE);
      assert.equal((await kept.answer()).status, 200);
      // All in one turn, so that the upload is offered to a worker that is about to block; one blocks for long.
      const stuck = [`block=stuck${round}`, 'ms=20'].map((how) => ask(`${pair.url}/?${how}`));
      post(kept, `/moved?${round}`, LARGE);
      assert.equal((await kept.answer()).body.toString(), `POST /moved?${round} ${LARGE}`);
      log.release(`stuck${round}`);
      await Promise.all(stuck);
      for (const again of [1, 2, 3, 4]) {
        post(kept, `/again?${again}`, LARGE);
        assert.equal((await kept.answer()).body.toString(), `POST /again?${again} ${LARGE}`);
      }
      kept.destroy();
      assert.deepEqual(log.counts(`/moved?${round}`), [1]);
    }
    await pair.stop();
  });

  it("a client's end reaches the app, even if a blocked worker gave its connection back", {
    skip: speech !== 'node' && 'WSGI and ASGI apps get requests, not connections',
  }, async () => {
    const pair = await start('says-bye.cjs', ['--workers', '2', '--max-workers', '2'], { env: log.env });
    await idleWorkers(pair, 2);
    const url = pair.url.replace('tcp:', 'http:');
    for (const round of [1, 2, 3]) {
      const [stuck, busy] = [await connect(url), await connect(url)];
      const client = await connectRaw(url);
      // All in one turn, so that the client is offered to a worker that is about to block; one blocks for long.
      stuck.write(`block stuck${round}\n`);
      busy.write('busy 20\n');
      client.write(`hello ${round}`);
      client.socket.end();
      assert.equal((await client.rest()).toString(), `bye hello ${round}`);
      log.release(`stuck${round}`);
      for (const socket of [stuck, busy]) socket.destroy();
    }
    await pair.stop();
  });
});
