/** Reads a header line, and refuses what can't be part of a scenario. */
import type { Problems } from './problems.ts';
import { isLoopback, WEBSOCKET } from './target.ts';
import { parseTemplate } from './template.ts';
import type { Place, RequestHeader } from './types.ts';

/** RFC 9110, section 5.1: a name is a token. */
const HEADER = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*$/;

/** RFC 9110, section 5.5: control characters could end the header, and there is no encoding for others. */
export const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;

export function forbidden(name: string): [what: string, allowed: string] {
  return [`The value of ${name} contains a character that no header can have`, 'Encode it.'];
}

/** Undefined if the line is no header, or one that is refused. */
export function parseHeader(text: string, place: Place, problems: Problems): RequestHeader | undefined {
  const [, name, value] = HEADER.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const allowed = 'Write `Name: value`; a body stands below an empty line.';
    problems.add(place, `"${text.trim()}" is no header`, allowed);
    return undefined;
  }
  const refused = FORBIDDEN.test(value) ? forbidden(name) : refusal(name.toLowerCase(), value);
  if (refused !== undefined) problems.add(place, ...refused);
  return { name, value: parseTemplate(value, place, problems), line: place.line };
}

function refusal(name: string, value: string): [what: string, allowed: string] | undefined {
  switch (name) {
    case 'accept':
      if (!/text\/event-stream/i.test(value)) return undefined;
      return ["Event streams can't be part of a scenario", 'Remove this request.'];
    case 'upgrade':
      return /websocket/i.test(value) ? [WEBSOCKET, 'Remove this request.'] : undefined;
    case 'host':
      if (value.includes('{{') || isLoopback(value)) return undefined;
      return [`${value} is another host, and nothing is sent there`, 'Leave this line out.'];
    case 'x-request-type':
      if (!/^graphql$/i.test(value)) return undefined;
      return ['GraphQL bodies are not converted', 'Write the JSON body { "query": …, "variables": … }.'];
    case 'authorization':
      if (!/^(?:digest|aws)\s/i.test(value)) return undefined;
      return [
        `The scheme ${value.split(/\s/)[0]} is not supported`,
        'Allowed are Basic, Bearer, and others as written.',
      ];
    default:
      return undefined;
  }
}
