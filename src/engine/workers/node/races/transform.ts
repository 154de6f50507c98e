/**
 * Marks the places of a person's source where the race finder may hold a request: awaits, callbacks, and chains of
 * promises. Text is only inserted, and never a line break, so that lines stay as they are. Names of functions stay too.
 */
import { parse } from 'acorn';
import { MARK, Rewriter, type RewriterOptions, type Transformed } from './rewriter.ts';

interface TransformOptions extends RewriterOptions {
  module: 'commonjs' | 'module';
}

/** @returns undefined if there is nothing to mark, if it is marked already, or if it is not JavaScript */
export function transform(source: string, options: TransformOptions): Transformed | undefined {
  if (!/=>|\bfunction\b|\bawait\b|\bthen\b|\bcatch\b|\bfinally\b/.test(source)) return undefined;
  if (source.includes(MARK)) return undefined;
  try {
    const program = parse(source, {
      ecmaVersion: 'latest',
      sourceType: options.module === 'module' ? 'module' : 'commonjs',
    });
    return new Rewriter(source, program, options).run();
  } catch {
    // Node says what is wrong with it. Deeply nested code may also have exceeded the stack.
    return undefined;
  }
}
