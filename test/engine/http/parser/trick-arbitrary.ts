/** Combines published tricks, alone and with good requests: two together may reach what one alone does not. */
import fc from 'fast-check';
import {
  CHUNKED_BODIES,
  CHUNKED_SPELLINGS,
  EVIL,
  everyByte,
  LENGTH_SPELLINGS,
  OTHER_LINES,
  START_LINES,
} from './published-tricks.ts';
import { goodRequest } from './request-arbitrary.ts';

const oneOf = <T>(list: Readonly<Record<string, T>>) => fc.constantFrom(...Object.values(list));

const length = fc.constantFrom(0, 4, 5, EVIL.length, EVIL.length + 5);
const fieldLine = fc.oneof(
  { weight: 4, arbitrary: oneOf(CHUNKED_SPELLINGS) },
  { weight: 4, arbitrary: fc.tuple(oneOf(LENGTH_SPELLINGS), length).map(([line, n]) => line(n)) },
  { weight: 2, arbitrary: oneOf(OTHER_LINES) },
  { weight: 1, arbitrary: fc.constantFrom(...everyByte('Transfer-Encoding: chunked')) },
  { weight: 1, arbitrary: fc.constantFrom(...everyByte('Content-Length: 5')) },
  { weight: 4, arbitrary: fc.constantFrom('X: y\r\n', 'Accept: */*\r\n') },
);
const startLine = fc.oneof(
  { weight: 6, arbitrary: fc.constant(START_LINES.vanilla!) },
  { weight: 2, arbitrary: oneOf(START_LINES) },
);
const body = fc.oneof(
  oneOf(CHUNKED_BODIES).map((make) => make(EVIL)),
  fc.constantFrom('', 'hello', EVIL, `hello${EVIL}`),
);

/** A request of tricks alone. */
const tricked = fc
  .tuple(startLine, fc.array(fieldLine, { maxLength: 3 }), fc.nat(3), body)
  .map(([start, lines, at, after]) => {
    const fields = [...lines.slice(0, at), 'Host: a\r\n', ...lines.slice(at)];
    return `${start}${fields.join('')}\r\n${after}`;
  });

/** A good request with a trick as an additional field in its head. */
const infected = fc.tuple(goodRequest, fieldLine, fc.nat()).map(([{ wire }, line, where]) => {
  const head = wire.slice(0, wire.indexOf('\r\n\r\n') + 2);
  const ends = [...head.matchAll(/\r\n/g)].map(({ index }) => index + 2);
  const at = ends[where % ends.length]!;
  return wire.slice(0, at) + line + wire.slice(at);
});

/** One to three requests, with a good one before or after them: the last one must not be read differently. */
export const trickedWire: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(
      goodRequest.map(({ wire }) => wire),
      { maxLength: 1 },
    ),
    fc.oneof(tricked, infected),
    fc.array(
      fc.oneof(
        tricked,
        goodRequest.map(({ wire }) => wire),
      ),
      { maxLength: 1 },
    ),
  )
  .map(([before, trick, after]) => [...before, trick, ...after].join(''));
