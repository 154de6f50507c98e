import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ResponseRelay } from '../../../../src/engine/http/connection/response-relay.ts';
import type { Exchange } from '../../../../src/engine/requests/exchange.ts';
import { FakeClient } from '../../scheduling/fake-worker.ts';

const TIMING = 'Server-Timing: worker;desc="0", queue;dur=0, delay;dur=0\r\n';

interface Relayed {
  relay: ResponseRelay;
  exchange: Exchange;
  /** The bytes that the client got. */
  out: string;
}

/** Sends an answer of the app, in these pieces, to a request with this method. */
function relayed(pieces: readonly string[], method = 'GET'): Relayed {
  const relay = new ResponseRelay();
  const { exchange } = new FakeClient(`${method} /`);
  relay.begin(method);
  const out = pieces.map((piece) => relay.feed(Buffer.from(piece, 'latin1'), exchange).toString('latin1'));
  return { relay, exchange, out: out.join('') };
}

const withTiming = (head: string) => head.replace(/\r\n\r\n$/, `\r\n${TIMING}\r\n`);

const LENGTH = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Answers with an end; head and body are separate. */
const WHOLE: Array<[what: string, head: string, body: string]> = [
  ['a length', LENGTH, 'hello'],
  ['a length of 0', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
  ['chunks', CHUNKED, '5\r\nhello\r\n3;x="y"\r\nyou\r\n0\r\n\r\n'],
  ['chunks and trailers', CHUNKED, '5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n'],
  ['status 204', 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n', ''],
  ['status 304', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', ''],
  ['no reason phrase', 'HTTP/1.1 404\r\nContent-Length: 2\r\n\r\n', 'no'],
];

describe('the bytes of an app', () => {
  it('before the final answer are passed on, and another answer can still follow', () => {
    const { relay, out } = relayed(['HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n', 'HTTP/1.1 20']);
    assert.equal(out, 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n');
    assert.deepEqual([relay.state, relay.answered], ['head', false]);
  });

  for (const [what, pieces] of [
    ['that follow the answer in one piece', [`${LENGTH}helloHTTP/1.1 200 OK\r\n`]],
    ['that come after the answer', [`${LENGTH}hello`, 'HTTP/1.1 200 OK\r\n']],
    ['that come after an answer without a body', ['HTTP/1.1 204 No Content\r\n\r\n', 'hello']],
  ] as const) {
    it(`${what} are not passed on, and end the connection`, () => {
      const { relay, out } = relayed(pieces);
      assert.ok(!out.includes('HTTP/1.1 200 OK\r\n', 1));
      assert.deepEqual([relay.state, relay.close], ['done', true]);
    });
  }

  it('that are empty have no effect', () => {
    const { relay } = relayed([`${LENGTH}hello`, '']);
    assert.deepEqual([relay.state, relay.close], ['done', false]);
  });
});

describe('an answer', () => {
  for (const [what, head, body] of WHOLE) {
    it(`with ${what} passes unchanged up to its end, except for Server-Timing, however it is cut`, () => {
      const whole = `${head}${body}`;
      fc.assert(
        fc.property(fc.array(fc.nat(whole.length), { maxLength: 8 }), (cuts) => {
          const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
          const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
          const { relay, out } = relayed(pieces);
          assert.equal(out, `${withTiming(head)}${body}`);
          assert.deepEqual([relay.state, relay.close], ['done', false]);
        }),
      );
    });

    it(`with ${what} ends there: later bytes of the app are not passed on`, () => {
      const { relay, out } = relayed([`${head}${body}HTTP/1.1 200 OK\r\n`, 'more']);
      assert.equal(out, `${withTiming(head)}${body}`);
      assert.equal(relay.state, 'done');
    });
  }

  it('to HEAD has no body, whatever its head says', () => {
    for (const head of [LENGTH, CHUNKED]) {
      const { relay, out } = relayed([`${head}hello`], 'HEAD');
      assert.equal(out, withTiming(head));
      assert.equal(relay.state, 'done');
    }
  });

  it('follows the interim answers, which pass unchanged', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    const together = relayed([`${interim}${LENGTH}hello`]);
    assert.equal(together.out, `${interim}${withTiming(LENGTH)}hello`);
    const apart = relayed([interim, `${LENGTH}hello`]);
    assert.equal(apart.out, together.out);
    assert.deepEqual([apart.exchange.status, apart.relay.state], [200, 'done']);
    const alone = relayed([interim]);
    assert.deepEqual([alone.out, alone.exchange.status, alone.relay.state], [interim, 0, 'head']);
  });

  it('shows in its head whether the connection stays open', () => {
    for (const [head, close] of [
      ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n', false],
      ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n', true],
      ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n', true],
      ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n', false],
    ] as const) {
      assert.equal(relayed([`${head}\r\n`]).relay.close, close, head);
    }
  });

  it('without a length continues until the app ends the connection', () => {
    const head = 'HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\n';
    const { relay, out } = relayed([`${head}one`, 'two']);
    assert.equal(out, `${withTiming(head)}onetwo`);
    assert.deepEqual([relay.state, relay.close, relay.endsWithConnection], ['body', true, true]);
  });

  it('that is cut short does not count as complete', () => {
    for (const bytes of [LENGTH.slice(0, 10), `${LENGTH}hell`, `${CHUNKED}5\r\nhello\r\n`]) {
      const { relay } = relayed([bytes]);
      assert.notEqual(relay.state, 'done');
      assert.equal(relay.endsWithConnection, false, bytes);
    }
  });

  it('that switches protocols becomes a tunnel, and all bytes pass', () => {
    for (const [head, method] of [
      ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n', 'GET'],
      ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', 'CONNECT'],
    ] as const) {
      const { relay, out, exchange } = relayed([`${head}\0any`, 'HTTP/1.1 thing\r\n'], method);
      assert.equal(out, `${withTiming(head)}\0anyHTTP/1.1 thing\r\n`);
      assert.deepEqual([relay.state, exchange.endless], ['tunnel', true]);
    }
  });

  it('that is an event stream counts as endless', () => {
    const head = (type: string) =>
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: ${type}\r\n\r\n`;
    assert.equal(relayed([head('text/event-stream; charset=utf-8')]).exchange.endless, true);
    assert.equal(relayed([head('text/html')]).exchange.endless, false);
  });

  for (const [what, bytes] of [
    ['not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['of two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['of a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['without end of its head', `HTTP/1.1 200 OK\r\n${'X-A: aaaaaaaaaaaaaa\r\n'.repeat(60_000)}`],
  ] as const) {
    it(`that is ${what} is broken, and no byte of it passes`, () => {
      const { relay, out } = relayed([bytes]);
      assert.deepEqual([relay.state, out], ['broken', '']);
    });
  }

  it('with an invalid chunk is broken from there on', () => {
    const { relay, out } = relayed([`${CHUNKED}5\r\nhello\r\nzz\r\n`, 'more']);
    assert.equal(relay.state, 'broken');
    assert.ok(out.startsWith(`${withTiming(CHUNKED)}5\r\nhello`), out);
    assert.ok(!out.includes('more'));
  });

  it('leaves no state for the next one on the connection', () => {
    const { relay } = relayed(['HTTP/1.0 200 OK\r\n\r\nuntil the end']);
    relay.begin('GET');
    const { exchange } = new FakeClient();
    const out = relay.feed(Buffer.from(`${LENGTH}hello`), exchange).toString();
    assert.equal(out, `${withTiming(LENGTH)}hello`);
    assert.deepEqual([relay.state, relay.close, relay.endsWithConnection], ['done', false, false]);
  });
});
