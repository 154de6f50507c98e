/**
 * A tiny process outside of everything, connected by a pipe that only the server process holds. When the pipe ends,
 * however the server died, it kills what the server had registered. It reaches what no watchdog can: workers that
 * are stopped (SIGSTOP), processes that the app started itself, and the files of unix sockets.
 *
 * On POSIX it is a `sh`, about 1 MB. It ignores what a terminal sends to everybody, and it finds detached children on
 * Linux by the marker in their environment. On Windows there is no such shell; there the watchdogs and the ledger do
 * the work, because nothing can be stopped there and a parent's pid stays readable after its death.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { MARKER_VARIABLE } from './marker.ts';

/**
 * Lines on stdin: `+ PID STARTTIME` registers, `- PID` forgets, `f PATH` registers a socket's file, `q` forgets
 * everything. A start time is checked where /proc tells it. The script gets the marker as `$1`, never as text of the
 * script; once it has kept that, its parameters are the files.
 */
const SCRIPT = `
trap '' INT TERM HUP
id=$1; shift
list=' '
while read -r op rest; do
  case $op in
    +) list="$list\${rest%% *}:\${rest#* } " ;;
    -) new=' '; for e in $list; do [ "\${e%%:*}" = "$rest" ] || new="$new$e "; done; list=$new ;;
    f) set -- "$@" "$rest" ;;
    q) list=' '; set -- ;;
  esac
done
for f; do [ -S "$f" ] && rm -f -- "$f"; done
for e in $list; do
  pid=\${e%%:*}; start=\${e#*:}
  if [ -n "$start" ] && [ -r /proc/$pid/stat ]; then
    s=$(cat /proc/$pid/stat 2>/dev/null); set -- \${s##*) }
    [ "\${20}" = "$start" ] || continue
  fi
  kill -KILL -- "-$pid" 2>/dev/null
  kill -KILL "$pid" 2>/dev/null
done
if [ -d /proc/self ]; then
  for f in $(grep -lzsxF -- "$0=$id" /proc/[0-9]*/environ 2>/dev/null); do
    p=\${f#/proc/}; kill -KILL "\${p%/environ}" 2>/dev/null
  done
fi
`;

export class Sentinel {
  #id: string;
  #child: ChildProcess | undefined;
  #guarded = new Map<number, string>();
  #files = new Set<string>();
  #watching = false;
  #closed = false;

  /** @param id value of the marker variable in what the server starts */
  constructor(id: string) {
    this.#id = id;
  }

  /** From now on nothing that carries the marker outlives the server, where that can be seen. */
  watch(): void {
    this.#watching = true;
    this.#start();
  }

  /** From now on this process does not outlive the server. Starts the sentinel when it is the first one. */
  guard(pid: number, startTime: string): void {
    this.#guarded.set(pid, startTime);
    this.#add(`+ ${pid} ${startTime}`);
  }

  /** From now on the file of this unix socket does not outlive the server. */
  guardFile(file: string): void {
    // A line is all the sentinel can read; and on Linux a name that begins with NUL is no file.
    if (this.#files.has(file) || /[\n\0]/.test(file)) return;
    this.#files.add(file);
    this.#add(`f ${file}`);
  }

  release(pid: number): void {
    if (this.#guarded.delete(pid)) this.#tell(`- ${pid}`);
  }

  /** Nothing is left to guard; the sentinel ends. */
  close(): void {
    this.#closed = true;
    this.#guarded.clear();
    this.#files.clear();
    this.#tell('q');
    this.#child?.stdin?.end();
  }

  /** Tells one thing more to guard; the first one starts the sentinel, which is told all there is. */
  #add(line: string): void {
    if (this.#child === undefined) this.#start();
    else if (!this.#closed) this.#tell(line);
  }

  /** Does nothing where there is one already, or none can be. */
  #start(): void {
    if (process.platform === 'win32' || this.#closed || this.#child !== undefined) return;
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
      if (this.#watching || this.#guarded.size + this.#files.size > 0) this.#start();
    });
    for (const [pid, startTime] of this.#guarded) this.#tell(`+ ${pid} ${startTime}`);
    for (const file of this.#files) this.#tell(`f ${file}`);
  }

  #tell(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }
}
