/** Answers of WSGI apps for their two readers: the front, which passes them on, and an HTTP client. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { parseResponseHead, type ResponseHead } from '../../../../../src/engine/http/parser/response-head.ts';
import { ResponseFlag } from '../../../../../src/engine/workers/python/wsgi/lane-frames.ts';
import { WsgiResponse } from '../../../../../src/engine/workers/python/wsgi/response.ts';

interface Case {
  method: string;
  minor: number;
  keepAlive: boolean;
  status: number;
  /** The app sets the length of its body. */
  length: boolean;
  /** The body comes with the head, in one frame. */
  whole: boolean;
  body: string;
}

const CASES: Case[] = [];
for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS'])
  for (const minor of [0, 1])
    for (const keepAlive of [true, false])
      for (const status of [200, 204, 205, 304, 404, 500])
        for (const length of [true, false])
          for (const whole of [true, false])
            for (const body of ['', '0\r\n\r\n'])
              CASES.push({ method, minor, keepAlive, status, length, whole, body });

/** The bytes that the front gets for this answer, and whether the connection ends then. */
function sent({ method, minor, keepAlive, status, length, whole, body }: Case): {
  wire: string;
  close: boolean;
} {
  const answer = new WsgiResponse({ method, minor, keepAlive }, 'test/1');
  const head = Buffer.from(`${status} Some Reason\r\n${length ? `Content-Length: ${body.length}\r\n` : ''}`);
  const flags = length ? ResponseFlag.LENGTH : 0;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  // Frames are part of a larger buffer.
  const at = (payload: Uint8Array[]): [Buffer, number, number] => {
    const bytes = Buffer.concat([Buffer.from('<<'), ...payload, Buffer.from('>>')]);
    return [bytes, 2, bytes.length - 2];
  };
  const parts = whole
    ? [answer.whole(...at([size, Buffer.from([flags]), head, Buffer.from(body)]))]
    : [
        answer.start(...at([Buffer.from([flags]), head])),
        // An app returns no empty parts, and parts may be cut anywhere.
        ...[...body].map((byte) => answer.data(...at([Buffer.from(byte)]))),
        answer.end(),
      ];
  return { wire: Buffer.concat(parts).toString('latin1'), close: answer.close };
}

function headOf(wire: string): ResponseHead {
  const head = parseResponseHead(Buffer.from(wire, 'latin1'), 0, wire.length);
  assert.ok(head !== undefined && !('error' in head), JSON.stringify({ wire, head }));
  return head;
}

const bodiless = ({ method, status }: Case) => method === 'HEAD' || status === 204 || status === 304;

describe('every answer of a WSGI app to every request', () => {
  it('has one possible framing, and ends where the app ended it (RFC 9112, 6.3)', () => {
    for (const one of CASES) {
      const { wire, close } = sent(one);
      const { contentLength, chunked, end } = headOf(wire);
      const rest = wire.slice(end);
      const what = JSON.stringify({ ...one, wire });
      if (bodiless(one)) assert.equal(rest, '', what);
      else if (chunked) {
        assert.equal(rest, `${[...one.body].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`, what);
      } else {
        assert.equal(rest, one.body, what);
        assert.ok(contentLength === one.body.length || (contentLength === -1 && close), what);
      }
      assert.ok(!chunked || one.minor === 1, `HTTP/1.0 knows no chunks: ${what}`);
    }
  });

  it('states once, to a client of either version, whether the connection stays open (RFC 9112, 9.3)', () => {
    for (const one of CASES) {
      const { wire, close } = sent(one);
      const options = [...wire.matchAll(/^Connection: (.*)\r$/gm)].map(([, option]) => option);
      const said = close ? ['close'] : one.minor === 0 ? ['keep-alive'] : [];
      assert.deepEqual(options, said, JSON.stringify(one));
      assert.ok(close || one.keepAlive, `who wants an end gets it: ${JSON.stringify(one)}`);
      const endless = !one.whole && !one.length && one.minor === 0 && !bodiless(one);
      assert.equal(close, !one.keepAlive || endless, `no other connection is ended: ${JSON.stringify(one)}`);
    }
  });

  it('reaches an HTTP client with its status, reason and body', async () => {
    let wire = '';
    const server = createServer((socket) => {
      socket.once('data', () => socket.end(Buffer.from(wire, 'latin1')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      for (const one of CASES.filter(({ minor, body }) => minor === 1 && body !== '')) {
        ({ wire } = sent(one));
        const { statusCode, statusMessage, headers, text } = await ask(port, one.method);
        assert.deepEqual([statusCode, statusMessage], [one.status, 'Some Reason']);
        assert.equal(text, bodiless(one) ? '' : one.body, JSON.stringify({ ...one, wire }));
        assert.equal(headers.server, 'test/1');
      }
    } finally {
      server.close();
    }
  });
});

function ask(
  port: number,
  method: string,
): Promise<Partial<http.IncomingMessage> & { text: string; headers: http.IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port, host: '127.0.0.1', method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode, statusMessage, headers } = response;
        resolve({ statusCode, statusMessage, headers, text } as never);
      });
    });
    request.on('error', reject);
    request.end();
  });
}
