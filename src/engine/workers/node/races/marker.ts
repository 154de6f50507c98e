/** Marks a source as Node's loaders have it, with types or without. Loaded when there is something to parse. */
import module from 'node:module';
import type { Marked } from './mark-cache.ts';
import { originalPositions } from './original-positions.ts';
import { transform } from './transform.ts';

/** See {@link Marked}. @returns undefined if there is nothing to mark */
export function newlyMarked(text: string, file: string, format: string | undefined): Marked | undefined {
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
