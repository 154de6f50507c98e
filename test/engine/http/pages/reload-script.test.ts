import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isReloadEvents,
  RELOAD_EVENTS_PATH,
  widenHead,
} from '../../../../src/engine/http/pages/reload-script.ts';
import { closeFrame, WebSocketFrames } from '../../../../src/engine/http/parser/websocket-frames.ts';

const head = (fields: string): string => `HTTP/1.1 200 OK\r\nContent-Length: 99\r\n${fields}\r\n`;

describe('the head of a page', () => {
  it('gets room for the script', () => {
    assert.equal(widenHead(head('A: b\r\n'), 10), head('A: b\r\n').replace('99', '109'));
  });

  it('is unchanged if a script would do harm, or not run', () => {
    for (const field of [
      ...['Content-Encoding: br', 'content-range: bytes 0-1/2', 'Content-Digest: x', 'content-md5: x'],
      ...["Content-Security-Policy: default-src 'self'", 'Digest: x'],
    ]) {
      assert.equal(widenHead(head(`${field}\r\n`), 10), undefined, field);
    }
  });
});

describe('the path of reload events', () => {
  it('is matched exactly, and only for reading', () => {
    assert.ok(isReloadEvents({ method: 'GET', target: RELOAD_EVENTS_PATH }));
    assert.ok(isReloadEvents({ method: 'GET', target: `${RELOAD_EVENTS_PATH}?a.1` }));
    for (const target of [
      `${RELOAD_EVENTS_PATH}x`,
      `${RELOAD_EVENTS_PATH}/x`,
      '/',
      `/x${RELOAD_EVENTS_PATH}`,
    ]) {
      assert.ok(!isReloadEvents({ method: 'GET', target }), target);
    }
    assert.ok(!isReloadEvents({ method: 'POST', target: RELOAD_EVENTS_PATH }));
  });
});

describe('the frames of a WebSocket', () => {
  const frames = {
    empty: Buffer.from([0x81, 0]),
    short: Buffer.concat([Buffer.from([0x81, 5]), Buffer.alloc(5)]),
    medium: Buffer.concat([Buffer.from([0x82, 126, 1, 0]), Buffer.alloc(256)]),
    long: Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536)]),
    masked: Buffer.concat([Buffer.from([0x81, 0x80 | 3, 1, 2, 3, 4]), Buffer.alloc(3)]),
    close: closeFrame(1012),
  };

  for (const [name, frame] of Object.entries(frames)) {
    it(`end where a ${name} frame ends, however its bytes are cut`, () => {
      const scanner = new WebSocketFrames();
      for (let at = 0; at < frame.length; at++) {
        assert.equal(scanner.betweenFrames, at === 0, `byte ${at}`);
        scanner.scan(frame.subarray(at, at + 1));
      }
      assert.ok(scanner.betweenFrames);
      scanner.scan(Buffer.concat([frame, frame, frame.subarray(0, 1)]));
      assert.ok(!scanner.betweenFrames);
    });
  }

  it('are closed by a frame with the given code', () => {
    assert.deepEqual([...frames.close], [0x88, 2, 0x03, 0xf4]);
  });
});
