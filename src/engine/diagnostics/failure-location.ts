/** Finds where in the app's source the exception is that ended a worker. */
import { readFile } from 'node:fs/promises';
import type { SourceLocation } from '../../protocol/messages.ts';
import { readCodeFrame } from './code-frame.ts';
import { frameLocation, headerLocation, importLocation, missingModule } from './source-location.ts';
import { syntaxError } from './syntax-check.ts';

export interface Failure {
  message: string;
  stack: string;
  /** What the worker said of the place itself. */
  location?: SourceLocation;
  /** The last lines the worker wrote. */
  tail: string;
  /** The last files the worker loaded, the newest first. */
  files: readonly string[];
  /** The program that can tell where a syntax error is. */
  node: string;
}

/** The place with the lines around it; undefined where none can be found. */
export async function failureLocation(
  failure: Failure,
): Promise<(SourceLocation & { frame?: string }) | undefined> {
  const location = failure.location ?? (await importOf(failure.message)) ?? (await find(failure));
  if (location === undefined) return undefined;
  const frame = await readCodeFrame(location);
  return { ...location, ...(frame === undefined ? {} : { frame }) };
}

/** Node says which file asked for a module that is missing, but not where in it. */
async function importOf(message: string): Promise<SourceLocation | undefined> {
  const { name, importer } = missingModule(message) ?? {};
  if (name === undefined || importer === undefined) return undefined;
  const source = await readFile(importer, 'utf8').catch(() => '');
  const location = importLocation(source, name);
  return location === undefined ? undefined : { file: importer, ...location };
}

async function find({ stack, tail, files, node }: Failure): Promise<SourceLocation | undefined> {
  const told = headerLocation(stack) ?? frameLocation(stack);
  if (told !== undefined || !stack.startsWith('SyntaxError')) return told;
  // A process prints the place; a thread does not.
  const printed = headerLocation(tail);
  if (printed !== undefined) return printed;
  const checked = await syntaxError(node, files);
  return checked === undefined ? undefined : headerLocation(checked);
}
