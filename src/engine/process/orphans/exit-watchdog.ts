/**
 * Kills this process if `process.exit` hangs, as worker threads can make it (nodejs/node#54918). No JavaScript runs by
 * then, so an external `sh` does it.
 */
import { spawn } from 'node:child_process';

/** How long Node may take to exit, in s. */
const END_S = 2;

/**
 * `$1`: the pid to kill, `$2`: after how many seconds. The pipe on stdin ends with the process, or shortly before it:
 * Node may close the pipe and then hang. Once the process has exited, the script kills its own group, including the
 * `sleep`. `trap`, because a terminal sends its signals to all processes.
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
