/**
 * A tiny process outside of everything, connected by a pipe that only the server process holds. When the pipe ends,
 * however the server died, it kills what the server had registered. It reaches what no watchdog can: workers that
 * are stopped (SIGSTOP), and processes that the app started itself.
 *
 * On POSIX it is a `sh`, about 1 MB. It ignores what a terminal sends to everybody, and it finds detached children on
 * Linux by the marker in their environment. On Windows there is no such shell; there the watchdogs and the ledger do
 * the work, because nothing can be stopped there and a parent's pid stays readable after its death.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { MARKER_VARIABLE } from './marker.ts';

/**
 * Lines on stdin: `+ PID STARTTIME` registers, `- PID` forgets. A start time is checked where /proc tells it. The
 * script gets the marker as `$1`, never as text of the script.
 */
const SCRIPT = `
trap '' INT TERM HUP
list=' '
while read -r op pid start; do
  case $op in
    +) list="$list$pid:$start " ;;
    -) new=' '; for e in $list; do [ "\${e%%:*}" = "$pid" ] || new="$new$e "; done; list=$new ;;
  esac
done
for e in $list; do
  pid=\${e%%:*}; start=\${e#*:}
  if [ -n "$start" ] && [ -r /proc/$pid/stat ]; then
    s=$(cat /proc/$pid/stat 2>/dev/null); s=\${s##*) }; set -- "$1" $s; id=$1; shift
    [ "\${20}" = "$start" ] || { set -- "$id"; continue; }
    set -- "$id"
  fi
  kill -KILL -- "-$pid" 2>/dev/null
  kill -KILL "$pid" 2>/dev/null
done
if [ -d /proc/self ]; then
  for f in $(grep -lzsxF -- "$0=$1" /proc/[0-9]*/environ 2>/dev/null); do
    p=\${f#/proc/}; kill -KILL "\${p%/environ}" 2>/dev/null
  done
fi
`;

export class Sentinel {
  #id: string;
  #child: ChildProcess | undefined;
  #guarded = new Map<number, string>();
  #closed = false;

  /** @param id value of the marker variable in what the server starts */
  constructor(id: string) {
    this.#id = id;
  }

  /** From now on this process does not outlive the server. Starts the sentinel when it is the first one. */
  guard(pid: number, startTime: string): void {
    this.#guarded.set(pid, startTime);
    if (process.platform === 'win32' || this.#closed) return;
    if (this.#child === undefined) this.#start();
    else this.#tell(`+ ${pid} ${startTime}`);
  }

  release(pid: number): void {
    if (this.#guarded.delete(pid)) this.#tell(`- ${pid}`);
  }

  /** Nothing is left to guard; the sentinel ends. */
  close(): void {
    this.#closed = true;
    for (const pid of this.#guarded.keys()) this.release(pid);
    this.#child?.stdin?.end();
  }

  #start(): void {
    const env: NodeJS.ProcessEnv = { PATH: process.env.PATH };
    const args = ['-c', SCRIPT, MARKER_VARIABLE, this.#id];
    const child = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env });
    this.#child = child;
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
    child.stdin?.on('error', () => {});
    child.on('error', () => {});
    child.once('exit', () => {
      // Somebody killed it: another one takes over, with all there is.
      if (this.#closed || this.#child !== child) return;
      this.#child = undefined;
      if (this.#guarded.size > 0) this.#start();
    });
    for (const [pid, startTime] of this.#guarded) this.#tell(`+ ${pid} ${startTime}`);
  }

  #tell(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }
}
