/**
 * Generates requests that a strict parser must refuse: good requests with faults, and random mixtures of dangerous
 * pieces.
 */
import fc from 'fast-check';
import { byte, chunk, goodRequest } from './request-arbitrary.ts';

/** Pieces that parsers treat differently when they come in an unexpected place. */
const nasty = fc.constantFrom(
  ...[
    '\r',
    '\n',
    '\r\n',
    '\n\n',
    '\r\n\r\n',
    '\r\r\n',
    '\0',
    ' ',
    '\t',
    '\x0b',
    '\x0c',
    '\x7f',
    '\x85',
    '\xa0',
    '\xff',
  ],
  ...[
    ':',
    ' :',
    ',',
    ';',
    '"',
    '=',
    '#',
    '?',
    '@',
    '[',
    '+',
    '-',
    '0',
    '0x',
    '_',
    '\r\n ',
    '\r\n\t',
    'HTTP/1.0',
  ],
  ...[
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: close\r\n',
    'Host: b\r\n',
    '0\r\n\r\n',
  ],
);
const edit = fc.tuple(
  fc.constantFrom('insert', 'replace', 'delete', 'double'),
  fc.nat(),
  fc.oneof(nasty, byte),
);

/** One to three good requests with a few faults inserted. */
export const faultyWire: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(goodRequest, { minLength: 1, maxLength: 3 }),
    fc.array(edit, { minLength: 1, maxLength: 3 }),
  )
  .map(([requests, edits]) => {
    let wire = requests.map((request) => request.wire).join('');
    for (const [kind, where, piece] of edits) {
      const at = where % wire.length;
      const line = wire.slice(at, wire.indexOf('\n', at) + 1 || undefined);
      if (kind === 'insert') wire = wire.slice(0, at) + piece + wire.slice(at);
      else if (kind === 'replace') wire = wire.slice(0, at) + piece + wire.slice(at + 1);
      else if (kind === 'delete') wire = wire.slice(0, at) + wire.slice(at + 1);
      else wire = wire.slice(0, at) + line + wire.slice(at);
    }
    return wire;
  });

const lineEnd = fc.oneof(
  { weight: 12, arbitrary: fc.constant('\r\n') },
  fc.constantFrom('\n', '\r', '\r\r\n', '\r\n '),
);
const colon = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(':', ': ') },
  fc.constantFrom(' :', ':\t', '', ':\r\n ', '::'),
);
const framingName = fc.constantFrom(
  ...['Content-Length', 'content-length', 'Transfer-Encoding', 'TRANSFER-ENCODING', 'Transfer_Encoding'],
  ...[
    'Connection',
    'Proxy-Connection',
    'Upgrade',
    'Host',
    'Expect',
    'X',
    'Content-Lengt',
    'Content-Lengthy',
    ' Host',
  ],
);
const framingValue = fc.constantFrom(
  ...[
    '5',
    '5',
    '5',
    '5',
    'chunked',
    'chunked',
    'chunked',
    'chunked',
    '05',
    '0',
    '+5',
    '-1',
    '0x5',
    '5 ',
    '5\t',
    '5,5',
    '5, 6',
    '',
    '9007199254740992',
    '5\0',
    '\x0b5',
  ],
  ...[
    'chunked',
    'Chunked',
    'chunked ',
    'chunked\t',
    'chunked,',
    ', chunked',
    'gzip, chunked',
    'chunked, chunked',
  ],
  ...[
    'chunked, gzip',
    'xchunked',
    'identity',
    '"chunked"',
    'chunked;a',
    'close',
    'keep-alive',
    'keep-alive, close',
  ],
  ...[
    'close,',
    ',close',
    'clos',
    'closed',
    'upgrade',
    'Upgrade, close',
    'close upgrade',
    'a',
    'b:1',
    '100-continue',
  ],
);
const soupLine = fc.tuple(framingName, colon, framingValue, lineEnd).map((parts) => parts.join(''));
const startLine = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('POST / HTTP/1.1\r\nHost: a\r\n', 'GET /x HTTP/1.1\r\nHost: a\r\n'),
  },
  fc.constantFrom(
    'POST / HTTP/1.0\r\n',
    'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n',
    'GET / HTTP/1.1\r\n',
    'OPTIONS * HTTP/1.1\r\n',
  ),
);
const afterHead = fc.constantFrom(
  ...['', 'hello', '0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n', 'GET /y HTTP/1.1\r\nHost: a\r\n\r\n'],
  'helloGET /y HTTP/1.1\r\nHost: a\r\n\r\n',
  '0\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n',
);

/** Heads of framing fields, in every bad spelling. */
export const headSoup: fc.Arbitrary<string> = fc
  .tuple(startLine, fc.array(soupLine, { maxLength: 4 }), lineEnd, afterHead)
  .map(([first, lines, end, after]) => first + lines.join('') + end + after);

const chunkPiece = fc.oneof(
  { weight: 20, arbitrary: chunk.map(({ wire }) => wire) },
  fc.constantFrom(
    '0\r\n\r\n',
    '0\r\n',
    '00\r\n',
    'X: y\r\n',
    '\r\n',
    '5\r\nhello\r\n',
    '5\r\nhello',
    '5;a="\r\n"\r\nhello\r\n',
  ),
  fc.constantFrom(
    '0\n\r\n',
    '0\r\n\n',
    '5\nhello\r\n',
    '5 \r\nhello\r\n',
    '0x5\r\nhello\r\n',
    '-1\r\n',
    'ffffffffffffffff\r\n',
  ),
  fc.constantFrom(
    ';a',
    ';=b',
    ';a=',
    '; a',
    'Content-Length: 5\r\n',
    'Transfer-Encoding: chunked\r\n',
    ' x: y\r\n',
    'x : y\r\n',
  ),
  nasty,
);

/** Chunked bodies of good and bad pieces, followed by a request. */
export const chunkSoup: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(chunkPiece, { minLength: 1, maxLength: 6 }),
    fc.constantFrom('', '0\r\n\r\n', '00;a\r\nX: y\r\n\r\n'),
  )
  .map(
    ([pieces, end]) =>
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${pieces.join('')}${end}`,
  )
  .map((wire) => `${wire}GET /after HTTP/1.1\r\nHost: a\r\n\r\n`);
