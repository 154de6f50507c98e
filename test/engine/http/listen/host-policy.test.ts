import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostPolicy } from '../../../../src/engine/http/listen/host-policy.ts';
import { parseRequestHead, type RequestHead } from '../../../../src/engine/http/parser/request-head.ts';

const policy = new HostPolicy('192.168.7.7', ['Shop.example', '.test.example']);

function upgrade(origin: string): RequestHead {
  const head = `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\nOrigin: ${origin}\r\n\r\n`;
  const bytes = Buffer.from(head, 'latin1');
  return parseRequestHead(bytes, 0, bytes.length) as RequestHead;
}

describe('a request for the host', () => {
  for (const host of [
    'localhost',
    'LOCALHOST:8000',
    'localhost.',
    'app.localhost:1',
    '127.0.0.1',
    '127.9.9.9:80',
    '[::1]:8000',
    '192.168.7.7:8000',
    'shop.example',
    'test.example',
    'a.b.test.example:9',
  ]) {
    it(`${host} is allowed`, () => assert.ok(policy.allows(host)));
  }

  for (const host of [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evillocalhost',
    'eviltest.example',
    'a.shop.example',
    '192.168.7.8',
    '[::2]',
    '',
  ]) {
    it(`"${host}" is refused`, () => assert.equal(policy.allows(host), false));
  }

  it('of the wildcard address is refused', () => {
    assert.equal(new HostPolicy('0.0.0.0', []).allows('0.0.0.0'), false);
  });
});

describe('the origin of a WebSocket', () => {
  for (const [origin, allowed] of [
    ['http://localhost:3000', true],
    ['https://shop.example', true],
    ['http://evil.example', false],
    ['null', false],
  ] as const) {
    it(`${origin} is ${allowed ? 'allowed' : 'refused'}`, () => {
      assert.equal(policy.forbids(upgrade(origin)) === undefined, allowed);
    });
  }

  it('that is refused gets the name of the setting that would allow it', () => {
    const localReply = policy.forbids(upgrade('http://evil.example'));
    assert.equal(localReply?.status, 403);
    assert.match(localReply?.paragraphs.join(' ') ?? '', /allowedHosts.*--allowed-host/);
  });
});
