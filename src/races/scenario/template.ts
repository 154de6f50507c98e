/** Parses text with `{{…}}`. What a reference means is decided here, whether its name exists in `check-references.ts`. */
import { PATH_FORMS, type Path, PathError, parsePath } from './json-path.ts';
import type { Place } from './place.ts';
import type { Problems } from './problems.ts';
import { parseSystemVariable, type SystemVariable } from './system-variables.ts';

export interface Template {
  parts: readonly (string | Reference)[];
}

export type Reference = Place & {
  /** The text between the braces. */
  text: string;
  /** The line of the scenario from which names are looked up; another one than `line` in a body from a file. */
  from: number;
  means: Meaning;
};

type Meaning =
  /**
   * `{{name}}`: a variable of the file, else the whole answer of a request of that name. `field`, of httpYac's
   * `{{login.token}}`: unless there is a variable of that whole name, a field of the answer's JSON.
   */
  | { kind: 'name'; name: string; field: Path | undefined; isEncoded: boolean }
  | { kind: 'body'; request: string; path: Path | undefined }
  | { kind: 'header'; request: string; header: string }
  | { kind: 'system'; variable: SystemVariable }
  /** A mistake, which has been reported. */
  | { kind: 'wrong' };

/** Names of requests and variables. */
export const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

const REFERENCE = /\{\{([^{}]*)\}\}/g;
const ANSWER = /^([^.\s[]+)\.response\.(body|headers)(?:(?:\.|(?=\[))(.*))?$/s;
const REQUEST = /^[^.\s[]+\.(?:request|response)(?:\.|$)/;
const FIELD = /^([^.\s[]+)([.[].*)?$/s;

const FORMS =
  'Allowed are {{variable}}, {{login.response.body.$.token}}, {{login.response.headers.Location}}, {{login.token}} and {{$guid}}. Text with braces of its own can stand in a file: < ./body.txt.';

/** @param from the line from which names are looked up */
export function parseTemplate(text: string, place: Place, problems: Problems, from = place.line): Template {
  const parts: (string | Reference)[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    literal(text.slice(end, match.index));
    const written = match[1]!.trim();
    parts.push({ ...place, from, text: written, means: parseReference(written, place, problems) });
    end = match.index + match[0].length;
  }
  literal(text.slice(end));
  return { parts };

  function literal(piece: string): void {
    if (piece === '') return;
    if (piece.includes('{{')) problems.add(place, 'A {{ has no }} in its line', FORMS);
    parts.push(piece);
  }
}

/** Several lines as one text. @param lineAt the place of each line */
export function parseLines(
  lines: readonly string[],
  placeOf: (index: number) => Place,
  problems: Problems,
  from?: number,
): Template {
  const templates = lines.map((line, index) => parseTemplate(line, placeOf(index), problems, from));
  return { parts: templates.flatMap(({ parts }, index) => (index === 0 ? parts : ['\n', ...parts])) };
}

function parseReference(text: string, place: Place, problems: Problems): Meaning {
  if (text.startsWith('$')) {
    const variable = parseSystemVariable(text, place, problems);
    return variable === undefined ? { kind: 'wrong' } : { kind: 'system', variable };
  }
  try {
    return ofName(text) ?? refuse();
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    return refuse(error.message, PATH_FORMS);
  }

  function refuse(what = whyWrong(text), allowed = FORMS): Meaning {
    problems.add(place, what, allowed);
    return { kind: 'wrong' };
  }
}

function whyWrong(text: string): string {
  if (REQUEST.test(text)) return `{{${text}}} asks for a part that can't be referred to`;
  return `{{${text}}} is not understood`;
}

/** Undefined if the text is not understood. Throws {@link PathError}. */
function ofName(text: string): Meaning | undefined {
  const answer = ANSWER.exec(text);
  if (answer !== null && NAME.test(answer[1]!)) {
    const [, request, part, rest = '*'] = answer as unknown as [string, string, 'body' | 'headers', string?];
    if (part === 'headers')
      return /^[\w-]+$/.test(rest) ? { kind: 'header', request, header: rest } : undefined;
    return { kind: 'body', request, path: rest === '*' ? undefined : parsePath(rooted(rest)) };
  }
  if (REQUEST.test(text)) return undefined;
  const isEncoded = text.startsWith('%');
  const [, name, field] = FIELD.exec(isEncoded ? text.slice(1) : text) ?? [];
  if (name === undefined || !NAME.test(name)) return undefined;
  return { kind: 'name', name, field: field === undefined ? undefined : parsePath(`$${field}`), isEncoded };
}

/** Clients take `token` for `$.token`. */
function rooted(path: string): string {
  if (path.startsWith('/')) throw new PathError(`${path} is XPath, which is not understood`);
  if (path.startsWith('$')) return path;
  return path.startsWith('[') ? `$${path}` : `$.${path}`;
}
