/** Finds where in the app's source the exception is that ended a worker. */
import { readCodeFrame } from './code-frame.ts';
import { syntaxError } from './process/syntax-check.ts';
import { type SourcePlace, sourcePlace } from './source-place.ts';

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
  const place = failure.place ?? (await find(failure));
  if (place === undefined) return undefined;
  const frame = await readCodeFrame(place);
  return { ...place, ...(frame === undefined ? {} : { frame }) };
}

async function find({ stack, tail, files, node }: Failure): Promise<SourcePlace | undefined> {
  const told = sourcePlace(stack);
  if (told !== undefined || !stack.startsWith('SyntaxError')) return told ?? sourcePlace(tail);
  const printed = sourcePlace(tail);
  if (printed !== undefined) return printed;
  const checked = await syntaxError(node, files);
  return checked === undefined ? undefined : sourcePlace(checked);
}
