/** Finds where in the app's source the exception is that ended a worker. */
import { readFile } from 'node:fs/promises';
import { readCodeFrame } from './code-frame.ts';
import { framePlace, headerPlace, importPlace, missingModule, type SourcePlace } from './source-location.ts';
import { syntaxError } from './syntax-check.ts';

export interface Failure {
  message: string;
  stack: string;
  /** What the worker said of the place itself. */
  place?: SourcePlace;
  /** The last lines the worker wrote. */
  tail: string;
  /** The last files the worker loaded, the newest first. */
  files: readonly string[];
  /** The program that can tell where a syntax error is. */
  node: string;
}

/** The place with the lines around it; undefined where none can be found. */
export async function failurePlace(
  failure: Failure,
): Promise<(SourcePlace & { frame?: string }) | undefined> {
  const place = failure.place ?? (await importOf(failure.message)) ?? (await find(failure));
  if (place === undefined) return undefined;
  const frame = await readCodeFrame(place);
  return { ...place, ...(frame === undefined ? {} : { frame }) };
}

/** Node says which file asked for a module that is missing, but not where in it. */
async function importOf(message: string): Promise<SourcePlace | undefined> {
  const { name, importer } = missingModule(message) ?? {};
  if (name === undefined || importer === undefined) return undefined;
  const source = await readFile(importer, 'utf8').catch(() => '');
  const place = importPlace(source, name);
  return place === undefined ? undefined : { file: importer, ...place };
}

async function find({ stack, tail, files, node }: Failure): Promise<SourcePlace | undefined> {
  const told = headerPlace(stack) ?? framePlace(stack);
  if (told !== undefined || !stack.startsWith('SyntaxError')) return told;
  // A process prints the place; a thread does not.
  const printed = headerPlace(tail);
  if (printed !== undefined) return printed;
  const checked = await syntaxError(node, files);
  return checked === undefined ? undefined : headerPlace(checked);
}
