import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { describe, it } from 'node:test';
import {
  type AnyFunction,
  type CallbackStyle,
  wrapCallback,
} from '../../../../../src/engine/workers/node/races/callbacks.ts';
import { ObservedRequest } from '../../../../../src/engine/workers/node/races/observed-request.ts';
import { Turns } from '../../../../../src/engine/workers/node/races/turns.ts';

const SITE = { kind: 'callback', fn: 'f', file: 'app.js', line: 1, label: 'f' };
const turns = new Turns(() => undefined);
turns.install();
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @param owned the request hands the function over; else it was there from the start */
function held(fn: AnyFunction, style: CallbackStyle, owned = true) {
  const request = new ObservedRequest(1, [{ ...SITE, occurrence: 1 }], undefined, () => {});
  request.turn = turns.now;
  let current: ObservedRequest | undefined = owned ? request : undefined;
  const parts = {
    turns,
    current: () => current,
    runIn: <T>(_request: ObservedRequest, run: () => T): T => run(),
    unknown: () => {},
  };
  const wrapped = wrapCallback(parts, fn, () => SITE, style);
  current = request;
  return { request, wrapped, go: () => request.go(() => turns.now) };
}

describe('a callback', () => {
  it('finds the values of its caller when it runs later', async () => {
    const storage = new AsyncLocalStorage<string>();
    const { request, wrapped, go } = held(() => storage.getStore(), 'value');
    await nextTurn();
    const result = storage.run('ann', () => wrapped());
    assert.ok(request.held);
    go();
    assert.equal(await result, 'ann');
  });

  it('is not held in the turn in which it was handed over', () => {
    const { request, wrapped } = held((x) => x, 'value');
    assert.equal(wrapped(7), 7);
    assert.equal(request.held, false);
  });

  it('is not held if a library may need its result at once', async () => {
    const verify = held((_req, raw) => `${raw}!`, 'value', false);
    const option = held(() => 'k', 'at once');
    await nextTurn();
    assert.equal(verify.wrapped({}, 'body'), 'body!');
    assert.equal(option.wrapped(), 'k');
    assert.equal(verify.request.held || option.request.held, false);
  });

  it('gives no promise where it calls back', async () => {
    const { request, wrapped, go } = held((_req, done) => (done as () => void)(), 'value');
    await nextTurn();
    await new Promise<void>((resolve) => {
      assert.equal(wrapped({}, resolve), undefined);
      assert.ok(request.held);
      go();
    });
  });

  it('hands to `next` what a handler throws later', async () => {
    const handler = (): unknown => {
      throw new Error('used');
    };
    const { wrapped, go } = held(handler, 'nothing', false);
    await nextTurn();
    const response = new http.ServerResponse(new http.IncomingMessage(null as never));
    const error = new Promise((resolve) => {
      wrapped({}, response, resolve);
    });
    go();
    assert.equal(((await error) as Error).message, 'used');
  });

  it('can remove itself from an emitter', async () => {
    const emitter = new EventEmitter();
    const { wrapped } = held(function onTick() {
      emitter.off('tick', onTick);
    }, 'nothing');
    emitter.on('tick', wrapped);
    const ticked = once(emitter, 'tick');
    emitter.emit('tick');
    await ticked;
    assert.equal(emitter.listenerCount('tick'), 0);
  });
});
