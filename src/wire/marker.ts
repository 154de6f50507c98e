/**
 * How the processes of one worker are told from all others, by two things that what it starts inherits: a variable of
 * the environment, and a descriptor. A program can be started with an empty environment, and it can close what it
 * inherited, but hardly any does both. They can be read on Linux alone.
 */

/** Name of the variable; its value is a mark. */
export const MARKER_VARIABLE = 'CONCURRENT_SERVER_ID';

/**
 * Number of the descriptor, which is a file without a name on disk, called after the mark. A Node that is started
 * passes on to its own children only what is above 16, shells use what is below 20 and from 63 downwards.
 */
export const MARKER_FD = 99;

const FILE_PREFIX = 'concurrent-server-';

/** @param owner a worker's number, or another name without a dot */
function markOf(server: string, owner: number | string): string {
  return `${server}.${owner}`;
}

/** The environment of another owner of the same server. */
export function markedFor(
  env: Readonly<Record<string, string>>,
  owner: number | string,
): Record<string, string> {
  const [server = ''] = (env[MARKER_VARIABLE] ?? '').split('.');
  return server === '' ? { ...env } : { ...env, [MARKER_VARIABLE]: markOf(server, owner) };
}

/** What the file behind {@link MARKER_FD} is called. */
export function markerFile(mark: string): string {
  return `${FILE_PREFIX}${mark}`;
}

/**
 * Whose a process is, among those of one server: names of owners, none where it is another's.
 * @param environ `/proc/PID/environ` (proc(5)): variables, with a NUL after each
 * @param link where `/proc/PID/fd/99` leads to: `/tmp/NAME (deleted)` or `/memfd:NAME (deleted)`
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
