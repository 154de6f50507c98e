/**
 * Native addons that the app loads in a thread. Most of them abort the process, and with it the server, if a thread
 * ends while their code still works in another one (libuv's pool or their own threads): Node-API then calls back into
 * an environment that can't run JavaScript.
 */
import path from 'node:path';
import type { WorkerLink } from '../inside/worker-link.ts';

/**
 * Packages that do all their work within the call. In a test, their threads were ended at random moments a few hundred
 * times without a crash.
 */
const SAFE: ReadonlySet<string> = new Set(['better-sqlite3', 'bufferutil', 'utf-8-validate']);

type LoadAddon = (module: object, file: string, flags?: number) => void;

interface AddonOptions {
  /** The app may be moved to processes, because no mode was set. */
  movable: boolean;
  /** Whether the app already serves, so that requests could be lost. */
  serves(): boolean;
  /** Called before the first addon is loaded whose code may not survive the end of the thread. */
  risk(): void;
}

export class Addons {
  /** This thread runs code that may not survive the thread's end. */
  risky = false;

  /** Reports each addon before it is loaded; see `addon` in wire/frames.ts. */
  watch(link: WorkerLink, { movable, serves, risk }: AddonOptions): void {
    const load = process.dlopen as LoadAddon;
    process.dlopen = ((module, file, flags) => {
      const name = addonName(file);
      if (!this.risky && !SAFE.has(name)) {
        const refused = movable && !serves();
        link.control({ type: 'addon', name, refused });
        // Nothing of it was loaded and no request was served, so the app starts again in a process.
        if (refused) (process as unknown as { reallyExit(code: number): never }).reallyExit(0);
        this.risky = true;
        risk();
      }
      if (flags === undefined) load.call(process, module, file);
      else load.call(process, module, file, flags);
    }) as LoadAddon as typeof process.dlopen;
  }
}

/** The package of the file, or the file's own name. */
function addonName(file: string): string {
  const inPackage = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file);
  return inPackage?.[1]?.replace('\\', '/') ?? path.basename(file);
}
