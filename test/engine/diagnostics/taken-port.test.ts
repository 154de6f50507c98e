import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { saysPortIsTaken } from '../../../src/engine/diagnostics/taken-port.ts';

describe('a program that can’t have its port', () => {
  for (const text of [
    'Error: listen EADDRINUSE: address already in use :::8000\n    at Server',
    'Error: listen EADDRINUSE: address already in use 127.0.0.1:8000',
    ' ⨯ Failed to start server\nError: listen EADDRINUSE: address already in use 0.0.0.0:8000',
    'Port 8000 is in use, trying another one...',
    'Something is already running. Port 8000 is already in use.',
    '[Errno 98] error while attempting to bind on address (127.0.0.1:8000): address already in use',
  ]) {
    it(`says so: ${text.split('\n').at(-1)}`, () => {
      assert.equal(saysPortIsTaken(text, 8000), true);
      assert.equal(saysPortIsTaken(text, 800), false);
      assert.equal(saysPortIsTaken(text, 3000), false);
    });
  }

  it('is not every program that names it', () => {
    assert.equal(
      saysPortIsTaken('listening on port 8000\nEADDRINUSE: address already in use :::9229', 8000),
      false,
    );
  });
});
