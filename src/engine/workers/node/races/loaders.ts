/**
 * Puts the transform into Node's loaders, behind those of the app: it must see what they compiled.
 *
 * Node asks the loader that was registered last first, and that one asks the others for the source. So this must be
 * installed after the app's own preloads: as the last `--require`, or as the last `--import` if the app has such flags.
 */
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { isModulePackage } from '../inside/reports/loaded-files.ts';
import { isUserFile, type Loaded, marked, markedModule, type Users } from './user-source.ts';

interface Options extends Users {
  /** Absolute path of the app's main module. */
  entry: string;
  /** Absolute path of the built `hooks-thread.ts`. */
  hooksThread: string;
}

interface LoadContext {
  conditions?: readonly string[];
}
type NextLoad = (url: string, context: LoadContext) => Loaded;
/** Node 22.15 and later. */
interface SyncHooks {
  registerHooks?(hooks: { load(url: string, context: LoadContext, next: NextLoad): Loaded }): unknown;
}

export function installTransform(options: Options): void {
  const { registerHooks } = module as SyncHooks;
  if (registerHooks !== undefined) {
    registerHooks({
      load(url, context, next) {
        const loaded = next(url, context);
        // What is required goes through `_compile` later. Before that, loaders such as ts-node compile it.
        const required = context.conditions?.includes('require') === true;
        return required && !/^module/.test(loaded.format ?? '') ? loaded : markedModule(url, loaded, options);
      },
    });
    compileMarked(options, () => {});
    return;
  }
  let registered = false;
  const register = (): void => {
    if (registered) return;
    registered = true;
    const { folders, cache } = options;
    module.register(pathToFileURL(options.hooksThread), { data: { folders, cache } satisfies Users });
  };
  compileMarked(options, register);
  // A thread of hooks makes a start 20 ms slower, so not for CommonJS alone.
  if (/\.m[jt]s$/.test(options.entry) || isModulePackage(options.entry) || hasImportFlags()) register();
}

/** With these Node loads CommonJS through its loader of ES modules. */
function hasImportFlags(): boolean {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((text) =>
    /(?:^|[\s"])--(?:import|loader|experimental-loader)\b/.test(text),
  );
}

type Compile = (this: unknown, content: string, filename: string, ...rest: unknown[]) => unknown;

/** @param onImport called before a file runs that imports ES modules, or is one */
function compileMarked(users: Users, onImport: () => void): void {
  const prototype = module.prototype as unknown as { _compile: Compile };
  const compile = prototype._compile;
  prototype._compile = function (content, filename, ...rest) {
    if (typeof content !== 'string' || !isUserFile(filename, users)) {
      return compile.call(this, content, filename, ...rest);
    }
    if (/\bimport\s*\(|^\s*(?:import|export)\b/m.test(content)) onImport();
    const [format, ...others] = rest;
    const code = marked(content, filename, typeof format === 'string' ? format : undefined, users);
    if (code === undefined) return compile.call(this, content, filename, ...rest);
    if (code.format === format) return compile.call(this, code.source, filename, ...rest);
    return compile.call(this, code.source, filename, code.format, ...others);
  };
}
