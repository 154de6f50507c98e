import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ConnectionFlow } from '../../../../../src/engine/workers/python/wsgi/connection-flow.ts';
import { FrameReader } from '../../../../../src/wire/frame-reader.ts';
import { FrameWriter } from '../../../../../src/wire/frame-writer.ts';
import {
  CREDIT_STEP_BYTES,
  Frame,
  MAX_DATA_BYTES,
  STREAM_WINDOW_BYTES,
} from '../../../../../src/wire/frames.ts';

describe('a client connection', () => {
  let flow: ConnectionFlow;
  let writer: FrameWriter;
  /** The engine's input: bytes of data, `end`, or `credit N`. */
  let sent: Array<number | string>;

  beforeEach(() => {
    sent = [];
    const reader = new FrameReader((type, stream, bytes, start, end) => {
      assert.equal(stream, 7);
      if (type === Frame.DATA) sent.push(end - start);
      else if (type === Frame.FIN) sent.push('end');
      else if (type === Frame.CREDIT) sent.push(`credit ${bytes.readUInt32LE(start)}`);
    });
    writer = new FrameWriter((bytes) => reader.feed(Buffer.from(bytes)));
    flow = new ConnectionFlow(7, writer);
  });

  const total = (): number => {
    writer.flush();
    return sent.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
  };

  it('gets no more than its window, and the rest as the client takes earlier bytes', () => {
    flow.send(Buffer.alloc(STREAM_WINDOW_BYTES + 1000));
    assert.deepEqual([total(), flow.waits], [STREAM_WINDOW_BYTES, true]);
    assert.ok(
      sent.every((one) => Number(one) <= MAX_DATA_BYTES),
      'in frames that the engine takes',
    );
    flow.grant(400);
    assert.deepEqual([total(), flow.waits], [STREAM_WINDOW_BYTES + 400, true]);
    flow.grant(5000);
    assert.deepEqual([total(), flow.waits], [STREAM_WINDOW_BYTES + 1000, false]);
  });

  it('ends after all bytes that were sent on it', () => {
    flow.send(Buffer.alloc(STREAM_WINDOW_BYTES + 10));
    flow.end();
    writer.flush();
    assert.ok(!sent.includes('end'));
    flow.grant(100);
    writer.flush();
    assert.deepEqual(sent.slice(-2), [10, 'end']);
  });

  it('ends at once if no bytes wait', () => {
    flow.end();
    writer.flush();
    assert.deepEqual(sent, ['end']);
  });

  it('gets no waiting bytes after its client has disconnected', () => {
    flow.send(Buffer.alloc(STREAM_WINDOW_BYTES + 10));
    flow.drop();
    flow.grant(100);
    assert.deepEqual([total(), flow.waits], [STREAM_WINDOW_BYTES, false]);
  });

  it('gives the engine credit in steps, and loses none', () => {
    for (let taken = 0; taken < 2 * CREDIT_STEP_BYTES; taken += CREDIT_STEP_BYTES / 4) {
      flow.credit(CREDIT_STEP_BYTES / 4);
    }
    writer.flush();
    assert.deepEqual(sent, [`credit ${CREDIT_STEP_BYTES}`, `credit ${CREDIT_STEP_BYTES}`]);
  });
});
