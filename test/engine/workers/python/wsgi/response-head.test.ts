import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResponseFlag } from '../../../../../src/engine/workers/python/wsgi/lane-frames.ts';
import {
  type WsgiResponseHead,
  wsgiResponseHead,
} from '../../../../../src/engine/workers/python/wsgi/response-head.ts';

interface Given {
  method?: string;
  minor?: number;
  keepAlive?: boolean;
  status?: number;
  flags?: number;
  length?: number;
}

function answer({
  method = 'GET',
  minor = 1,
  keepAlive = true,
  status = 200,
  flags = 0,
  length,
}: Given): WsgiResponseHead {
  return wsgiResponseHead({ method, minor, keepAlive }, status, flags, length, 'test/1');
}

/** The lines that the server adds, except the date. */
const added = (given: Given): string[] => {
  const { rest } = answer(given);
  assert.ok(rest.endsWith('\r\n') && (rest === '\r\n' || rest.endsWith('\r\n\r\n')), rest);
  return rest.split('\r\n').filter((line) => line !== '' && !line.startsWith('Date: '));
};

const QUIET = ResponseFlag.SERVER | ResponseFlag.DATE;

describe('the head of a WSGI answer', () => {
  it('has a Date in the form of RFC 9110, 5.6.7, and a Server, unless the app gives them', () => {
    const [, date = ''] = /^Date: (.*)\r$/m.exec(answer({ length: 1 }).rest) ?? [];
    assert.match(date, /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
    assert.ok(Math.abs(Date.parse(date) - Date.now()) < 5_000, date);
    assert.deepEqual(added({ length: 1 }), ['Server: test/1', 'Content-Length: 1']);
    assert.equal(answer({ length: 1, flags: QUIET }).rest, 'Content-Length: 1\r\n\r\n');
  });

  it("has the length if it is known, and the app's own length if there is one", () => {
    assert.deepEqual(added({ flags: QUIET, length: 0 }), ['Content-Length: 0']);
    assert.deepEqual(added({ flags: QUIET | ResponseFlag.LENGTH, length: 5 }), []);
  });

  it('of unknown length is chunked; HTTP/1.0 knows no chunks, so there the end of the connection ends it', () => {
    const { chunked, close } = answer({});
    assert.deepEqual([chunked, close], [true, false]);
    assert.deepEqual(added({ flags: QUIET }), ['Transfer-Encoding: chunked']);
    const old = answer({ minor: 0 });
    assert.deepEqual([old.chunked, old.close], [false, true]);
    assert.deepEqual(added({ flags: QUIET, minor: 0 }), ['Connection: close']);
  });

  for (const given of [{ method: 'HEAD' }, { status: 204 }, { status: 304 }] as const) {
    it(`to ${JSON.stringify(given)} has no body, no chunks, and no end of the connection for a body`, () => {
      const { bodiless, chunked, close } = answer(given);
      assert.deepEqual([bodiless, chunked, close], [true, false, false]);
      assert.deepEqual(added({ ...given, flags: QUIET }), []);
    });
  }

  it('states that the connection ends if the client wants that, and to HTTP/1.0 that it stays', () => {
    assert.deepEqual(added({ flags: QUIET, keepAlive: false, length: 1 }), [
      'Content-Length: 1',
      'Connection: close',
    ]);
    assert.equal(answer({ keepAlive: false, length: 1 }).close, true);
    assert.deepEqual(added({ flags: QUIET, minor: 0, length: 1 }), [
      'Content-Length: 1',
      'Connection: keep-alive',
    ]);
    assert.equal(answer({ minor: 0, length: 1 }).close, false);
  });
});
