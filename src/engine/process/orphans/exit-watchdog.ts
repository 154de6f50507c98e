/**
 * Kills this process if `process.exit()` hangs, as worker threads can make it (nodejs/node#54918). No JavaScript runs
 * by then, so an external `sh` does it.
 */
import { spawn } from 'node:child_process';

/** How long Node may take to exit, in s. */
const END_S = 2;

/**
 * `$1`: the process to kill, `$2`: when. The pipe on stdin ends with the process, or shortly before: Node may close it
 * and hang only then. When the process has ended, the whole group is killed, with the `sleep`. `trap` ignores the
 * signals that a terminal sends to all.
 */
const SCRIPT = `
trap '' INT TERM HUP
(sleep "$2"; kill -KILL "$1") &
read -r _
n=0
while [ $n -lt 30 ] && kill -0 "$1"; do sleep 0.1; n=$((n + 1)); done 2>/dev/null
kill -KILL 0
`;

/** Call it as the last step before the exit. On Windows, which has no `sh`, it does nothing. */
export function endSoon(): void {
  if (process.platform === 'win32') return;
  const args = ['-c', SCRIPT, 'concurrent-server-end', String(process.pid), String(END_S)];
  const guard = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
  (guard.stdin as unknown as { unref?(): void } | null)?.unref?.();
  guard.unref();
}
