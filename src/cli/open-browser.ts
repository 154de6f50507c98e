/** Opens an address in the user's browser. */
import { spawn } from 'node:child_process';
import path from 'node:path';

/** The program that opens an address, and its arguments. No shell is involved: it could execute parts of a URL. */
export function openerOf(
  platform: NodeJS.Platform,
  url: string,
  env: NodeJS.ProcessEnv,
): [program: string, ...args: string[]] {
  if (platform === 'darwin') return ['/usr/bin/open', url];
  if (platform === 'win32') {
    const system = path.win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'rundll32.exe');
    return [system, 'url.dll,FileProtocolHandler', url];
  }
  return ['xdg-open', url];
}

/** Starts the browser and does not wait for it. Calls `failed` with a message if it could not be started. */
export function openInBrowser(url: string, failed: (why: string) => void): void {
  const [program, ...args] = openerOf(process.platform, url, process.env);
  const child = spawn(program, args, { stdio: 'ignore', detached: true, windowsHide: true });
  child.once('error', (error) =>
    failed(`Could not open the browser (${error.message}). The app is at ${url}`),
  );
  child.unref();
}
