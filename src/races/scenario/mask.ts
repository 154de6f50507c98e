/** Reads what stands after `# @mask`. */
import { PATH_FORMS, PathError, parsePath } from './json-path.ts';
import type { Refusal } from './target.ts';
import type { Mask } from './types.ts';

const FORMS = 'Write `# @mask $.a.*.b`, `# @mask header Name`, `# @mask body`, or `# @mask /regex/`.';

export function parseMask(text: string): Mask | Refusal {
  if (text === 'body') return { kind: 'body' };
  if (text.startsWith('$')) return ofPath(text);
  if (text.startsWith('/')) return ofPattern(text);
  const [, name] = /^header\s+([!#$%&'*+.^_`|~\w-]+)$/.exec(text) ?? [];
  if (name !== undefined) return { kind: 'header', name };
  return { what: text === '' ? '@mask names nothing' : `@mask ${text} is not understood`, allowed: FORMS };
}

function ofPath(path: string): Mask | Refusal {
  try {
    parsePath(path);
    return { kind: 'path', path };
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    return { what: error.message, allowed: PATH_FORMS };
  }
}

function ofPattern(text: string): Mask | Refusal {
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/.exec(text) ?? [];
  if (source === undefined) return { what: `The expression ${text} does not end`, allowed: FORMS };
  try {
    const pattern = new RegExp(source, `g${flags}`);
    // It would mask nothing, at every character.
    if (pattern.test('')) return { what: `The expression ${text} matches the empty text`, allowed: FORMS };
    pattern.lastIndex = 0;
    return { kind: 'text', pattern };
  } catch (error) {
    return { what: `The expression ${text} is wrong: ${(error as Error).message}`, allowed: FORMS };
  }
}
