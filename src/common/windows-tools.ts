/** Where the programs of Windows are. */
import path from 'node:path';

export function system32(...parts: string[]): string {
  return path.win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', ...parts);
}

/** By absolute path: the folder of the app must not be searched for a `taskkill.exe`. */
export function taskkillPath(): string {
  return system32('taskkill.exe');
}
