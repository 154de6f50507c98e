import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChunkedScanner, MAX_CHUNK_OVERHEAD_BYTES } from '../../src/wire/chunked.ts';

const bytesOf = (wire: string) => Buffer.from(wire, 'latin1');
const LAST = '0\r\n\r\n';

function scan(wire: string, lenient = false): ChunkedScanner {
  const scanner = new ChunkedScanner({ lenient });
  scanner.scan(bytesOf(wire), 0, wire.length);
  return scanner;
}

describe('a chunked body', () => {
  it('ends after its trailers, and does not include later bytes', () => {
    const wire = `5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n`;
    const scanner = new ChunkedScanner();
    assert.equal(
      scanner.scan(bytesOf(`POST${wire}GET / HTTP/1.1`), 4, 4 + wire.length + 14),
      4 + wire.length,
    );
    assert.equal(scanner.done, true);
    assert.equal(scanner.error, undefined);
    assert.equal(scanner.bodyBytes, 11);
    assert.equal(scanner.scan(bytesOf('GET'), 1, 3), 1, 'nothing is taken after the end');
  });

  it('ends at the same byte however it is cut', () => {
    const wire = `00a;x="\\"";y\r\n0123456789\r\n1\r\n\n\r\n000\r\nX-A: b\r\nC:\r\n\r\n`;
    for (let cut = 0; cut <= wire.length; cut++) {
      const scanner = new ChunkedScanner();
      const bytes = bytesOf(`${wire}REST`);
      assert.equal(scanner.scan(bytes, 0, cut), cut);
      assert.equal(scanner.done, cut === wire.length);
      assert.equal(scanner.scan(bytes, cut, bytes.length), wire.length);
      assert.deepEqual([scanner.done, scanner.bodyBytes], [true, 11]);
    }
  });

  it('costs time per chunk: its data is not read', () => {
    const scanner = new ChunkedScanner();
    scanner.scan(bytesOf('40000000\r\n'), 0, 10);
    // There are no such bytes to read.
    assert.equal(scanner.scan(bytesOf(''), 0, 2 ** 30), 2 ** 30);
    assert.equal(scanner.bodyBytes, 2 ** 30);
    scanner.scan(bytesOf(`\r\n${LAST}`), 0, 7);
    assert.equal(scanner.done, true);
  });

  it('stops at the wrong byte, and takes no more', () => {
    const scanner = new ChunkedScanner();
    const bytes = bytesOf(`5\r\nhelloX${LAST}`);
    assert.equal(scanner.scan(bytes, 0, bytes.length), 8);
    assert.equal(scanner.error, 'A chunk is longer than its size');
    assert.equal(scanner.done, false);
    assert.equal(scanner.scan(bytes, 0, bytes.length), 0);
  });

  it('can be followed by another after a reset', () => {
    const scanner = scan('5\r\nhelloX');
    scanner.reset();
    assert.deepEqual([scanner.error, scanner.done, scanner.bodyBytes], [undefined, false, 0]);
    assert.equal(scanner.scan(bytesOf(LAST), 0, 5), 5);
    assert.equal(scanner.done, true);
  });
});

describe('limits of a chunked body', () => {
  it('allow sizes of 15 digits that a number holds exactly', () => {
    assert.equal(scan('001fffffffffff1\r\n').error, undefined);
    assert.equal(scan('020000000000000\r\n').error, 'A chunk size is too large');
    assert.equal(scan('0000000000000001\r\n').error, 'A chunk size is too large');
  });

  it('allow 16 KiB of extensions and trailers together', () => {
    const half = MAX_CHUNK_OVERHEAD_BYTES / 2;
    const trailer = (bytes: number) => `X:${'y'.repeat(bytes - 4)}\r\n`;
    const wire = (more: number) => `1;${'a'.repeat(half - 1)}\r\nb\r\n0\r\n${trailer(half + more)}\r\n`;
    assert.equal(scan(wire(0)).done, true);
    assert.equal(scan(wire(1)).error, 'Chunk extensions and trailers are longer than 16 KiB');
    assert.equal(scan(wire(1), true).error, 'Chunk extensions and trailers are longer than 16 KiB');
  });

  it('forbid trailers that would change their message', () => {
    for (const name of [
      'Content-Length',
      'transfer-encoding',
      'HOST',
      'Trailer',
      'Proxy-Authorization',
      'TE',
    ]) {
      assert.equal(
        scan(`0\r\n${name}: x\r\n\r\n`).error,
        `A trailer must not be named ${name.toLowerCase()}`,
      );
    }
    for (const name of ['Hosts', 'Content-Lengt', 'Proxy-Authorization-Info', 'ETag', 'Grpc-Status']) {
      assert.equal(scan(`0\r\n${name}: x\r\n\r\n`).done, true, name);
    }
  });
});

describe('the chunked body of an app', () => {
  it('may have extensions and trailers of any form', () => {
    for (const wire of [
      '5 ; a = b\r\nhello\r\n',
      '5;\r\nhello\r\n',
      '5;=;;\r\nhello\r\n',
      '5\t\r\nhello\r\n',
    ]) {
      assert.notEqual(scan(wire + LAST).error, undefined);
      assert.equal(scan(wire + LAST, true).done, true, wire);
    }
    assert.equal(scan('0\r\nHost: x\r\n\r\n', true).done, true);
  });

  it('is framed as strictly as any other', () => {
    const noSize = 'A chunk size is not a hexadecimal number';
    for (const [wire, reason] of [
      ['5\nhello\r\n', 'A chunk size line ends with a bare LF instead of CRLF'],
      ['0x5\r\nhello\r\n', noSize],
      ['5 5\r\nhello\r\n', noSize],
      ['5;a\nhello\r\n', 'A chunk extension has a control character'],
      ['4\r\nhello\r\n', 'A chunk is longer than its size'],
      ['6\r\nhello\r\n', 'A chunk is longer than its size'],
      ['\r\n', noSize],
    ] as const) {
      assert.equal(scan(wire + LAST, true).error, reason, wire);
      assert.notEqual(scan(wire + LAST).error, undefined, wire);
    }
  });
});
