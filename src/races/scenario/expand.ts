/** Replaces the references of a template by what they mean in one trial. */
import { type Path, select } from './json-path.ts';
import { systemValue } from './system-variables.ts';
import type { Reference, Template } from './template.ts';
import type { FileVariable, Place } from './types.ts';

/** An answer that has arrived. */
export interface Answer {
  status: number;
  headers: ReadonlyArray<readonly [name: string, value: string]>;
  body: string;
}

export interface ExpandContext {
  variables: readonly FileVariable[];
  /** By the name of their request. */
  responses: ReadonlyMap<string, Answer>;
  /** From 0 to below 1. */
  random(): number;
  /** In ms since 1970. */
  now: number;
  dotenv(key: string): string | undefined;
  processEnv(key: string): string | undefined;
  /** The value of a variable of the file; by default its template is expanded each time. */
  variableValue?(variable: FileVariable): string;
}

/** A reference has no value in this trial. The message is a sentence without its full stop. */
export class ExpandError extends Error {
  readonly place: Place;

  constructor({ file, line }: Place, message: string) {
    super(message);
    this.place = { file, line };
  }
}

/** Throws {@link ExpandError}. */
export function expand(template: Template, context: ExpandContext): string {
  return template.parts.map((part) => (typeof part === 'string' ? part : textOf(part, context))).join('');
}

/**
 * The definition that holds at a line: the last one above it. As in REST Client, one that stands further down holds as
 * well if there is none above.
 */
function variableAt(
  variables: readonly FileVariable[],
  name: string,
  line: number,
): FileVariable | undefined {
  const own = variables.filter((variable) => variable.name === name);
  return own.findLast((variable) => variable.line < line) ?? own.find((variable) => variable.line > line);
}

/** The name of the request whose answer the reference means, if it means one. */
export function requestOf(
  { means, from, text }: Reference,
  variables: readonly FileVariable[],
): string | undefined {
  switch (means.kind) {
    case 'body':
    case 'header':
      return means.request;
    case 'name':
      return variableAt(variables, nameOf(text), from) === undefined ? means.name : undefined;
    default:
      return undefined;
  }
}

/** The variable that the reference means, if it means one. */
export function variableOf(
  { means, from, text }: Reference,
  variables: readonly FileVariable[],
): FileVariable | undefined {
  return means.kind === 'name' ? variableAt(variables, nameOf(text), from) : undefined;
}

/** `{{%name}}` of REST Client is the percent-encoded value of `name`. */
const nameOf = (text: string): string => text.replace(/^%/, '');

function textOf(reference: Reference, context: ExpandContext): string {
  const { means } = reference;
  switch (means.kind) {
    case 'wrong':
      throw new ExpandError(reference, `{{${reference.text}}} is not understood`);
    case 'system': {
      const { variable } = means;
      if (!('key' in variable)) return systemValue(variable, context);
      const value = context[variable.name](variable.key);
      if (value === undefined) throw new ExpandError(reference, missingKey(variable.name, variable.key));
      return value;
    }
    case 'header': {
      const wanted = means.header.toLowerCase();
      const found = answerOf(reference, means.request, context).headers.find(
        ([name]) => name.toLowerCase() === wanted,
      );
      if (found === undefined) throw noPart(reference, means.request, `header ${means.header}`, context);
      return found[1];
    }
    case 'body':
      return bodyPart(reference, means.request, means.path, context);
    case 'name': {
      const variable = variableOf(reference, context.variables);
      const text =
        variable === undefined
          ? bodyPart(reference, means.name, means.field, context)
          : (context.variableValue?.(variable) ?? expand(variable.value, context));
      return means.isEncoded ? encodeURIComponent(Buffer.from(text).toString()) : text;
    }
  }
}

export function missingKey(from: 'dotenv' | 'processEnv', key: string): string {
  return from === 'dotenv' ? `The .env file has no ${key}` : `The environment variable ${key} is not set`;
}

function answerOf(reference: Reference, request: string, { responses }: ExpandContext): Answer {
  const answer = responses.get(request);
  if (answer === undefined) throw new ExpandError(reference, `${request} has not answered yet`);
  return answer;
}

/** The text of the JSON value at `path`; without one, the whole body. */
function bodyPart(
  reference: Reference,
  request: string,
  path: Path | undefined,
  context: ExpandContext,
): string {
  const { body } = answerOf(reference, request, context);
  if (path === undefined) return body;
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw noPart(reference, request, 'JSON body', context);
  }
  const found = select(path, json);
  if (found.length === 0) throw noPart(reference, request, `value for {{${reference.text}}}`, context);
  const value = found.length === 1 ? found[0] : found;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function noPart(reference: Reference, request: string, part: string, context: ExpandContext): ExpandError {
  const { status } = answerOf(reference, request, context);
  return new ExpandError(reference, `The answer of ${request} (${status}) has no ${part}`);
}
