/** The transform for sources as Node's loaders have them. */
import module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { originalPositions } from './original-positions.ts';
import { transform } from './transform.ts';

/** Plain data: the thread of the hooks gets it as well. */
export interface Users {
  /** Absolute paths of the folders of the app's project. */
  folders: readonly string[];
}

export interface Loaded {
  format?: string | null | undefined;
  source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

/** @param file absolute path without links */
export function isUserFile(file: string, { folders }: Users): boolean {
  if (/[\\/]node_modules[\\/]/.test(file)) return false;
  return folders.some((folder) => file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep));
}

/** What a `load` hook hands on; unchanged if it is not the user's, or there is nothing to mark. */
export function markedModule<L extends Loaded>(url: string, loaded: L, users: Users): L {
  const { format, source } = loaded;
  if (!url.startsWith('file:') || source === null || source === undefined) return loaded;
  // TypeScript in CommonJS goes through `_compile` later, by Node's loader or the app's.
  if (format !== 'module' && format !== 'module-typescript' && format !== 'commonjs') return loaded;
  const file = fileURLToPath(url);
  if (!isUserFile(file, users)) return loaded;
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  const result = marked(text, file, format);
  return result === undefined ? loaded : { ...loaded, ...result };
}

/**
 * @param format as Node's loaders name it; undefined: CommonJS, or an ES module by its syntax
 * @returns undefined if there is nothing to mark
 */
export function marked(
  text: string,
  file: string,
  format: string | undefined,
): { source: string; format: string | undefined } | undefined {
  // Node would remove the types of the marked code itself, but they can't be parsed here.
  const typed = format !== undefined && /typescript$/.test(format);
  const source = typed ? withoutTypes(text) : text;
  if (source === undefined) return undefined;
  const plain = typed ? format.replace(/-?typescript$/, '') || undefined : format;
  const original = originalPositions(source, file);
  const options = { file, ...(original && { original }) };
  const asScript = plain === 'module' ? undefined : transform(source, { ...options, module: 'commonjs' });
  const asModule =
    asScript !== undefined || plain === 'commonjs'
      ? undefined
      : transform(source, { ...options, module: 'module' });
  const code = asScript?.code ?? asModule?.code;
  return code === undefined ? undefined : { source: code, format: plain };
}

type Strip = (source: string, options: { mode: 'strip' | 'transform'; sourceMap?: boolean }) => string;

/** As Node itself does it. Places stay the same, except where the app's flags allow more than types. */
function withoutTypes(source: string): string | undefined {
  const { stripTypeScriptTypes } = module as { stripTypeScriptTypes?: Strip };
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  const more = flags.includes('--experimental-transform-types');
  const warn = process.emitWarning;
  // The app did not call it, so its user gets no warning.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes?.(source, more ? { mode: 'transform', sourceMap: true } : { mode: 'strip' });
  } catch {
    return undefined;
  } finally {
    process.emitWarning = warn;
  }
}
