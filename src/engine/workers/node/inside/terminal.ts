/**
 * The server reads the worker's descriptors, but if the server runs in a terminal, the app's output ends there. So the
 * app finds what it would find without Concurrent Server: `isTTY`, the size and its changes, and everything derived
 * from them.
 */
import { createRequire } from 'node:module';
import type tty from 'node:tty';
import type { TerminalProperties, TerminalSize } from '../../../../wire/terminal.ts';

type Output = 'stdout' | 'stderr';
const OUTPUTS: ReadonlyArray<[name: Output, fd: number]> = [
  ['stdout', 1],
  ['stderr', 2],
];

/** Methods that `tty.WriteStream` adds to a stream. All of them write to `this` or read the environment. */
const METHODS = [
  'clearLine',
  'clearScreenDown',
  'cursorTo',
  'moveCursor',
  'getColorDepth',
  'hasColors',
  'getWindowSize',
] as const;

export function pretendTerminal(facts: TerminalProperties): void {
  const module = createRequire(__filename)('node:tty') as typeof tty;
  const terminals = new Set<number>();
  if (facts.stdin) {
    terminals.add(0);
    pretendKeyboard();
  }
  for (const [name, fd] of OUTPUTS) {
    const stream = process[name] as unknown as Record<string, unknown>;
    stream.fd = fd;
    const size = facts[name];
    if (size === undefined) continue;
    terminals.add(fd);
    Object.assign(stream, size, { isTTY: true, _type: 'tty' });
    for (const method of METHODS) stream[method] = module.WriteStream.prototype[method];
  }
  const { isatty } = module;
  module.isatty = (fd) => (fd >= 0 && fd <= 2 ? terminals.has(fd) : isatty(fd));
}

/** The terminal has a new size. The app learns it as from Node: by the streams' 'resize' event and by the signal. */
export function resizeTerminal(size: TerminalSize): void {
  for (const [name] of OUTPUTS) {
    const stream = process[name];
    if (!stream.isTTY || (stream.columns === size.columns && stream.rows === size.rows)) continue;
    Object.assign(stream, size);
    stream.emit('resize');
  }
  process.emit('SIGWINCH', 'SIGWINCH');
}

/** The server reads the keys, so this stdin stays silent, but it has the methods of a terminal. */
function pretendKeyboard(): void {
  const stdin = process.stdin as unknown as Record<string, unknown>;
  Object.assign(stdin, { fd: 0, isTTY: true, isRaw: false });
  stdin.setRawMode = function (this: { isRaw: boolean }, mode: boolean) {
    this.isRaw = Boolean(mode);
    return this;
  };
}
