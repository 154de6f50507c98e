/** Reads the request line: `POST /cart HTTP/1.1`, `http://localhost:3000/cart`. */
import { METHODS } from 'node:http';
import { nearestName } from './nearest-name.ts';
import type { Problems } from './problems.ts';
import { WEBSOCKET } from './target.ts';
import type { Place } from './types.ts';

export interface RequestLine {
  method: string;
  target: string;
}

const VERSION = /\s+HTTP\/\d(?:\.\d)?(?:\s+\(Prior Knowledge\))?$/i;

/** What is refused by the first word of its line. JetBrains' and httpYac's clients know these. */
const REFUSED: ReadonlyArray<[RegExp, what: string, allowed: string]> = [
  [/^(?:WS|WSS|WEBSOCKET)\s/i, WEBSOCKET, 'Remove this request.'],
  [/^(?:SSE|EVENTSOURCE)\s/i, "Event streams can't be part of a scenario", 'Remove this request.'],
  [
    /^GRAPHQL\s/i,
    'GRAPHQL requests are not understood',
    'Write a POST with the JSON body { "query": …, "variables": … }.',
  ],
  [/^(?:GRPC|RSOCKET|MQTT|AMQP)\s/i, 'Only HTTP requests can be part of a scenario', 'Remove this request.'],
  [/^CONNECT\s/i, "CONNECT requests can't be sent", 'Write another method.'],
  [
    /^curl\s/,
    'curl commands are not understood',
    'Write the request as `POST /path`, with a line for each header.',
  ],
  [/^(?:run|import)\s+\S/, "Other files can't be imported", 'Copy the requests that this scenario needs.'],
];

/** Without the HTTP version, which no target ends with. */
export function withoutVersion(text: string): string {
  return text.trim().replace(VERSION, '');
}

/** Why this line starts no request, although other clients have it; both parts as in {@link Problem}. */
export function refusedLine(text: string): { what: string; allowed: string } | undefined {
  const [, what, allowed] = REFUSED.find(([pattern]) => pattern.test(text.trim())) ?? [];
  return what === undefined || allowed === undefined ? undefined : { what, allowed };
}

/** A method that is unknown is reported; the request is read further, to find its other mistakes. */
export function parseRequestLine(text: string, place: Place, problems: Problems): RequestLine {
  const line = withoutVersion(text);
  const [, word, rest] = /^([A-Za-z][A-Za-z-]*)\s+(\S.*)$/.exec(line) ?? [];
  if (word === undefined || rest === undefined) {
    if (!METHODS.includes(line.toUpperCase())) return { method: 'GET', target: line };
    problems.add(place, `${line} has no target`, `Write \`${line.toUpperCase()} /path\`.`);
    return { method: line.toUpperCase(), target: '/' };
  }
  const method = word.toUpperCase();
  if (!METHODS.includes(method)) {
    const nearest = nearestName(method, METHODS);
    const allowed =
      nearest === undefined
        ? 'A request line is a method and a target: `POST /cart`.'
        : `Did you mean ${nearest}?`;
    problems.add(place, `The method ${word} is unknown`, allowed);
  }
  return { method, target: rest };
}

/** Whether a line in a body is the request line of another request. */
export function startsRequest(text: string): boolean {
  const [, word, target] = /^([A-Z]+)\s+(\S+)$/.exec(withoutVersion(text)) ?? [];
  return word !== undefined && METHODS.includes(word) && /^(?:\/|https?:\/\/|\{\{|localhost\b)/.test(target!);
}
