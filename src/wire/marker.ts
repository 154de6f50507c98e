/**
 * Identifies the processes of one worker, by two things that programs inherit: a variable of the environment and a
 * descriptor. A program may be started with an empty environment, or close its descriptors, but hardly any does both.
 * Other processes can read them on Linux only.
 */

/** Name of the variable; its value is a mark. */
export const MARKER_VARIABLE = 'CONCURRENT_SERVER_ID';

/**
 * Number of the descriptor: a file that is not on disk and is named after the mark. Node passes only descriptors above
 * 16 on to its children. Shells use those below 20 and from 63 downwards.
 */
export const MARKER_FD = 99;

const FILE_PREFIX = 'concurrent-server-';

/** @param owner a worker's number, or another name without a dot */
function markOf(server: string, owner: number | string): string {
  return `${server}.${owner}`;
}

/** The same environment with the mark of another owner of the same server. */
export function markedFor(
  env: Readonly<Record<string, string>>,
  owner: number | string,
): Record<string, string> {
  const [server = ''] = (env[MARKER_VARIABLE] ?? '').split('.');
  return server === '' ? { ...env } : { ...env, [MARKER_VARIABLE]: markOf(server, owner) };
}

/** The name of the file behind {@link MARKER_FD}. */
export function markerFile(mark: string): string {
  return `${FILE_PREFIX}${mark}`;
}

/**
 * The owners of a process within one server; none if it belongs to another one.
 * @param environ `/proc/PID/environ` (proc(5)): variables, with a NUL after each
 * @param link where `/proc/PID/fd/99` links to: `/tmp/NAME (deleted)` or `/memfd:NAME (deleted)`
 */
export function ownersOf(server: string, environ: string, link: string): string[] {
  const variable = after(`\0${environ}`, `\0${MARKER_VARIABLE}=${server}.`, '\0');
  const file = after(link, `${FILE_PREFIX}${server}.`, ' ');
  return [variable, file].filter((owner) => owner !== undefined);
}

function after(text: string, start: string, end: string): string | undefined {
  const at = text.indexOf(start);
  return at < 0 ? undefined : text.slice(at + start.length).split(end, 1)[0];
}
