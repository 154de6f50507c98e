/** How large heads may be: heads of requests up to the app's limit, heads of answers beyond the limits of clients. */
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, it } from 'node:test';
import type { Cli } from '../support/cli.ts';
import { forEachMode } from './modes.ts';
import { connectRaw, type RawClient } from './raw-client.ts';

const KIB = 1024;

/** The head of a request with a field of this many bytes, and this many short fields. */
function head({ bytes = 0, fields = 0, method = 'GET', more = '' }): string {
  const long = bytes === 0 ? '' : `Cookie: ${'c'.repeat(bytes)}\r\n`;
  const short = Array.from({ length: fields }, (_, at) => `X${at}: y\r\n`).join('');
  return `${method} / HTTP/1.1\r\nHost: localhost\r\n${more}${long}${short}\r\n`;
}

async function status(url: string, request: string): Promise<number> {
  const client = await connectRaw(url);
  client.write(request);
  try {
    return (await client.answer()).status;
  } finally {
    client.destroy();
  }
}

/** Whether a server accepts a request; if it refuses, it may cut the connection before its answer is read. */
const takes = (url: string, request: string) =>
  status(url, request).then(
    (code) => code === 200,
    () => false,
  );

interface Body {
  fields: number;
  size: number;
}
const answer = async (client: RawClient) => JSON.parse((await client.answer()).body.toString()) as Body;

forEachMode(['node', 'wsgi', 'asgi'], (start, _mode, speech) => {
  it('an answer with 160 KiB of cookies reaches the client complete, and the next request is served', async () => {
    const cli = await start('heads.cjs', ['--workers', '1']);
    const client = await connectRaw(cli.url);
    client.write('GET /cookies HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const { status: code, head: lines } = await client.answer();
    assert.deepEqual([code, lines.match(/^set-cookie: c=v{1000}$/gim)?.length], [200, 160]);
    client.write(head({}));
    assert.equal((await client.answer()).status, 200);
    client.destroy();
  });

  it('a Python app gets heads of up to 128 KiB and 1,000 fields', {
    skip: speech === 'node' && 'the limits of a Node app are those of its own parser',
  }, async () => {
    const cli = await start('heads.cjs', ['--workers', '1']);
    const client = await connectRaw(cli.url);
    client.write(head({ bytes: 120 * KIB, method: 'POST', more: 'Content-Length: 5\r\n' }));
    client.write('hello');
    assert.equal((await answer(client)).size, 5);
    client.write(head({ fields: 990 }));
    assert.ok((await answer(client)).fields >= 990);
    client.destroy();
    assert.equal(await status(cli.url, head({ bytes: 128 * KIB })), 431);
    assert.equal(await status(cli.url, head({ fields: 1000 })), 431);
  });
});

forEachMode((start) => {
  /**
   * The server must accept heads that plain node accepts with these options, and refuse those that it refuses. Before
   * Node 24, node accepts any number of fields and drops those above its limit without the app's knowledge: these are
   * refused.
   */
  async function compare(
    cli: Cli,
    options: { maxHeaderSize?: number; maxHeadersCount?: number },
  ): Promise<void> {
    const { maxHeaderSize, maxHeadersCount } = options;
    const plain = http.createServer({ maxHeaderSize }, (_req, res) => res.end());
    plain.maxHeadersCount = maxHeadersCount ?? null;
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const limit = maxHeaderSize ?? 16 * KIB;
    const count = maxHeadersCount ?? 1000;
    const lengths = [limit / 2, limit - 100, limit, limit + 100, 2 * limit, 6 * limit];
    const counts = [100, 120, count - 1, count, count + 1, 3 * count].filter(
      (fields) => 9 * fields < 6 * limit,
    );
    try {
      for (const bytes of lengths) {
        const request = head({ bytes });
        assert.equal(await takes(cli.url, request), await takes(url, request), `${bytes} bytes`);
      }
      for (const fields of counts) {
        const request = head({ fields });
        // Host is one more field.
        const dropped = fields + 1 > Math.max(count, 1000);
        assert.equal(
          await takes(cli.url, request),
          !dropped && (await takes(url, request)),
          `${fields} fields`,
        );
      }
    } finally {
      plain.close();
    }
  }

  let usual: Cli;
  let large: Cli;
  before(async () => {
    usual = await start('heads.cjs', ['--workers', '1']);
    large = await start('heads.cjs', ['--workers', '2'], { env: { MAX_HEADER_SIZE: String(1024 * KIB) } });
  });

  it('an app without its own limits accepts the same heads as plain node', () => compare(usual, {}));

  it('the app’s maxHeaderSize counts, a small one and a large one', async () => {
    const small = await start('heads.cjs', ['--workers', '1'], { env: { MAX_HEADER_SIZE: '4000' } });
    await compare(small, { maxHeaderSize: 4000 });
    await compare(large, { maxHeaderSize: 1024 * KIB });
  });

  it('the app’s maxHeadersCount counts, even if it is set after listen', async () => {
    const many = await start('heads.cjs', ['--workers', '1'], { env: { MAX_HEADERS_COUNT: '1500' } });
    await compare(many, { maxHeadersCount: 1500 });
    const few = await start('heads.cjs', ['--workers', '1'], { env: { MAX_HEADERS_COUNT: '110' } });
    await compare(few, { maxHeadersCount: 110 });
  });

  it('--max-http-header-size counts, as an argument of Node and in NODE_OPTIONS', async () => {
    const flag = `--max-http-header-size=${128 * KIB}`;
    const argument = await start('heads.cjs', ['--workers', '1', `--node-arg=${flag}`]);
    await compare(argument, { maxHeaderSize: 128 * KIB });
    const variable = await start('heads.cjs', ['--workers', '1'], { env: { NODE_OPTIONS: flag } });
    await compare(variable, { maxHeaderSize: 128 * KIB });
  });

  it('a head larger than a stream’s window arrives with its body, even in portions, and others follow', async () => {
    const client = await connectRaw(large.url);
    const request = head({ bytes: 700 * KIB, method: 'POST', more: 'Content-Length: 600000\r\n' });
    const body = 'b'.repeat(600_000);
    client.write(`${request}${body}${request}${body}`);
    assert.equal((await answer(client)).size, 600_000);
    assert.equal((await answer(client)).size, 600_000);
    for (let at = 0; at < request.length; at += 10_000) {
      client.write(request.slice(at, at + 10_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.write(body);
    assert.equal((await answer(client)).size, 600_000);
    client.destroy();
  });

  it('a head without an end is refused at the limit, not kept', async () => {
    const client = await connectRaw(usual.url);
    client.write(`GET / HTTP/1.1\r\nX: ${'y'.repeat(160 * KIB)}`);
    const refused = await client.answer();
    assert.equal(refused.status, 431);
    assert.match(refused.body.toString(), /request head is longer than 128 KiB/);
    client.destroy();
  });
});
