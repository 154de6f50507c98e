/**
 * Sees to it that a process that has said its last word is gone soon after, even where Node's own end hangs, as its
 * threads can make it (nodejs/node#54918): there no timer of ours runs any more, so the watch is kept outside.
 */
import { spawn } from 'node:child_process';

/** How long Node's own end may take, in s. */
const END_S = 2;

/**
 * `$1`: whom to kill, `$2`: when. The pipe on stdin ends with the process, or shortly before: Node may close it and
 * hang only then. Once the process is gone the whole group goes, the `sleep` included. `trap`, because what a terminal
 * sends goes to everybody.
 */
const SCRIPT = `
trap '' INT TERM HUP
(sleep "$2"; kill -KILL "$1") &
read -r _
n=0
while [ $n -lt 30 ] && kill -0 "$1"; do sleep 0.1; n=$((n + 1)); done 2>/dev/null
kill -KILL 0
`;

/** To be called when nothing is left to do but to end. On Windows, which has no `sh`, it does nothing. */
export function endSoon(): void {
  if (process.platform === 'win32') return;
  const args = ['-c', SCRIPT, 'concurrent-server-end', String(process.pid), String(END_S)];
  const guard = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  (guard.stdin as unknown as { unref?(): void } | null)?.unref?.();
  guard.unref();
}
