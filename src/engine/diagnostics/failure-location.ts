/** Finds the location in the app's source of the exception that ended a worker. */
import { readFile } from 'node:fs/promises';
import type { SourceLocation } from '../../protocol/messages.ts';
import { readCodeFrame } from './code-frame.ts';
import { frameLocation, headerLocation, importLocation, missingModule } from './source-location.ts';
import { syntaxError } from './syntax-check.ts';

export interface Failure {
  message: string;
  stack: string;
  /** As the worker reported it. */
  location?: SourceLocation;
  /** The worker's last lines of output. */
  tail: string;
  /** The last files that the worker loaded, the newest first. */
  files: readonly string[];
  /** The Node that finds the location of a syntax error. */
  node: string;
}

/** The location with the lines around it; undefined if none is found. */
export async function failureLocation(
  failure: Failure,
): Promise<(SourceLocation & { frame?: string }) | undefined> {
  const location = failure.location ?? (await importOf(failure.message)) ?? (await find(failure));
  if (location === undefined) return undefined;
  const frame = await readCodeFrame(location);
  return { ...location, ...(frame === undefined ? {} : { frame }) };
}

/** Node names the file that imports a missing module, but not the line. */
async function importOf(message: string): Promise<SourceLocation | undefined> {
  const { name, importer } = missingModule(message) ?? {};
  if (name === undefined || importer === undefined) return undefined;
  const source = await readFile(importer, 'utf8').catch(() => '');
  const location = importLocation(source, name);
  return location === undefined ? undefined : { file: importer, ...location };
}

async function find({ stack, tail, files, node }: Failure): Promise<SourceLocation | undefined> {
  const inStack = headerLocation(stack) ?? frameLocation(stack);
  if (inStack !== undefined || !stack.startsWith('SyntaxError')) return inStack;
  // A process prints the location; a thread does not.
  const printed = headerLocation(tail);
  if (printed !== undefined) return printed;
  const checked = await syntaxError(node, files);
  return checked === undefined ? undefined : headerLocation(checked);
}
