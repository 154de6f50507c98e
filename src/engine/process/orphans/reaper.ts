/**
 * A tiny process outside of everything else, connected by a pipe that only the server process holds. When the pipe
 * ends, whatever killed the server, the reaper kills the registered processes. It covers cases that no watchdog can:
 * workers that are stopped (SIGSTOP), processes that the app started itself, and the files of unix sockets.
 *
 * On POSIX it is a `sh`, about 1 MB. It ignores the signals that a terminal sends to all. On Linux it also finds
 * unregistered processes by their mark (wire/marker.ts). Windows has no such shell. There the watchdogs and the ledger
 * do the work, because nothing can be stopped there and a parent's pid stays readable after its death.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { MARKER_FD, MARKER_VARIABLE, markerFile } from '../../../wire/marker.ts';

/**
 * Lines on stdin: `+ PID STARTTIME` registers, `- PID` forgets, `f PATH` registers a socket's file, `q` forgets
 * everything. The words of a line contain no spaces: see {@link startWord} and {@link pathWord}. The script gets the
 * name of the variable as `$0`, the server's part of all marks as `$1`, the descriptor as `$2` and the start of its
 * file's name as `$3`, never as text of the script. A process may start another one just before it is killed, so the
 * script looks again.
 */
const SCRIPT = `
trap '' INT TERM HUP
id=$1 fd=$2 file=$3
list=' ' files=' '
set -f
while read -r op a b; do
  case $op in
    +) list="$list$a:$b " ;;
    -) new=' '; for e in $list; do [ "\${e%%:*}" = "$a" ] || new="$new$e "; done; list=$new ;;
    f) files="$files$a " ;;
    q) list=' ' files=' ' ;;
  esac
done
is_still() {
  if [ -r /proc/self/stat ]; then
    s=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    set -- "$2" \${s##*) }
    [ "$1" = "\${21}" ]
  else
    set -- "$2" $(ps -o lstart= -p "$1" 2>/dev/null)
    [ "$1" = "\${2}_\${3}_\${4}_\${5}_\${6}" ]
  fi
}
marked() {
  { grep -lz "^$0=$id[.]" /proc/[0-9]*/environ; ls -l /proc/[0-9]*/fd/$fd | grep -F "$file"; } 2>/dev/null |
    sed -n 's,^[^/]*/proc/\\([0-9]*\\)/.*,\\1,p'
}
for f in $files; do
  f=$(printf '%b.' "$f"); f=\${f%.}
  [ -S "$f" ] && rm -f -- "$f"
done
for e in $list; do
  pid=\${e%%:*}
  is_still "$pid" "\${e#*:}" || continue
  kill -KILL -- "-$pid" 2>/dev/null
  kill -KILL "$pid" 2>/dev/null
done
set +f
n=0
while [ -d /proc/self ] && [ $n -lt 20 ]; do
  some=
  for pid in $(marked); do kill -KILL "$pid" 2>/dev/null && some=1; done
  [ -n "$some" ] || break
  n=$((n + 1))
done
`;

/** A start time as one word, in the form that the script makes from the output of `ps`. */
function startWord(startTime: string): string {
  return startTime.replaceAll(' ', '_');
}

/** Any path as one word: in POSIX, `printf %b` reads `\0ooo` as an octet. */
export function pathWord(file: string): string {
  const octal = (byte: number): string => `\\0${byte.toString(8).padStart(3, '0')}`;
  return [...Buffer.from(file)]
    .map((byte) => (/[\w./-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : octal(byte)))
    .join('');
}

export class Reaper {
  #id: string;
  #child: ChildProcess | undefined;
  #guarded = new Map<number, string>();
  #files = new Set<string>();
  #watching = false;
  #closed = false;

  /** @param id first part of the marks in everything that the server starts; see wire/marker.ts */
  constructor(id: string) {
    this.#id = id;
  }

  /** From now on nothing with the mark outlives the server, on systems that can read it. */
  watch(): void {
    this.#watching = true;
    this.#start();
  }

  /**
   * From now on this process does not outlive the server. Starts the reaper when it is the first one.
   * @param startTime not empty: it distinguishes the process from a later one with the same pid
   */
  guard(pid: number, startTime: string): void {
    this.#guarded.set(pid, startTime);
    this.#add(`+ ${pid} ${startWord(startTime)}`);
  }

  /** From now on the file of this unix socket does not outlive the server. */
  guardFile(file: string): void {
    // On Linux a name that starts with NUL is not a file.
    if (this.#files.has(file) || file.includes('\0')) return;
    this.#files.add(file);
    this.#add(`f ${pathWord(file)}`);
  }

  release(pid: number): void {
    if (this.#guarded.delete(pid)) this.#tell(`- ${pid}`);
  }

  /** Nothing is left to guard, so the reaper exits. */
  close(): void {
    this.#closed = true;
    this.#guarded.clear();
    this.#files.clear();
    this.#tell('q');
    this.#child?.stdin?.end();
  }

  /** Adds a line to guard something. The first one starts the reaper, which then gets all lines. */
  #add(line: string): void {
    if (this.#child === undefined) this.#start();
    else if (!this.#closed) this.#tell(line);
  }

  /** Does nothing if there is a reaper already, or if the system has no `sh`. */
  #start(): void {
    if (process.platform === 'win32' || this.#closed || this.#child !== undefined) return;
    // In the C locale a path is octets. Start times are in UTC like those of run-tool.ts.
    const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
    const file = markerFile(`${this.#id}.`);
    const args = ['-c', SCRIPT, MARKER_VARIABLE, this.#id, String(MARKER_FD), file];
    const child = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env });
    this.#child = child;
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
    child.stdin?.on('error', () => {});
    child.on('error', () => {});
    child.once('exit', () => {
      // Somebody killed the reaper: a new one takes over everything.
      if (this.#closed || this.#child !== child) return;
      this.#child = undefined;
      if (this.#watching || this.#guarded.size + this.#files.size > 0) this.#start();
    });
    for (const [pid, startTime] of this.#guarded) this.#tell(`+ ${pid} ${startWord(startTime)}`);
    for (const file of this.#files) this.#tell(`f ${pathWord(file)}`);
  }

  #tell(line: string): void {
    this.#child?.stdin?.write(`${line}\n`);
  }
}
