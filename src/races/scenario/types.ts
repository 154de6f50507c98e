/** What a scenario file says: requests, their roles, and what is compared. */
import type { Reference, Template } from './template.ts';

export type { Note, Place, Problem } from './place.ts';

export interface Scenario {
  /** As named by the person. */
  file: string;
  /** In file order. {@link requestsOf} gives those of a role. */
  requests: ScenarioRequest[];
  /** `# @schedule TOKEN` */
  schedules: { token: string; line: number }[];
  /** `# @accept TOKEN reason` */
  accepts: { token: string; reason: string; line: number }[];
  /** `@name = value`, in file order. */
  variables: FileVariable[];
}

export interface FileVariable {
  name: string;
  value: Template;
  line: number;
}

/** `named`: sent only if another request refers to it, and then as a setup. */
export type Role = 'setup' | 'together' | 'probe' | 'reset' | 'named';

export interface ScenarioRequest {
  /** As in {@link Scenario.file}, so that a request is the place of its mistakes. */
  file: string;
  /** Its place in {@link Scenario.requests}. */
  index: number;
  /** The line of its method and target. */
  line: number;
  /** `# @name`, else the title if that can be a name. */
  name: string | undefined;
  /** The text after `###`. */
  title: string | undefined;
  role: Role;
  /** Whether any trial sends it. False only for a `named` one that no other refers to. */
  sent: boolean;
  /** N of `# @together N`; 1 otherwise. */
  copies: number;
  /** The cookie jar; '' is the common one. */
  client: string;
  method: string;
  /** A path or a loopback URL, once it is expanded; {@link readTarget} checks it. */
  target: Template;
  headers: RequestHeader[];
  /** In order; empty if the request has no body. */
  body: BodyPart[];
  /** Its own and the file's. */
  masks: Mask[];
  /** Status codes that mean "turned away": its own and the file's. */
  busy: number[];
  settleMs: number | undefined;
  timeoutMs: number | undefined;
  warm: number | undefined;
  after: After | undefined;
  /** Names of the requests whose answers it uses, directly or through variables. */
  references: string[];
}

export interface RequestHeader {
  name: string;
  value: Template;
  line: number;
}

export interface After {
  name: string;
  event: 'headers' | 'end';
  line: number;
}

export type BodyPart =
  | { type: 'text'; text: Template }
  | {
      type: 'file';
      /** As written; relative to the folder of the scenario. */
      path: string;
      substitute: boolean;
      line: number;
      /** The content of the file; undefined until it is read. */
      bytes: Buffer | undefined;
      /** The content as a template, if it is to be substituted and has been read. */
      template: Template | undefined;
    };

export type Mask =
  | { kind: 'path'; path: string }
  | { kind: 'header'; name: string }
  | { kind: 'body' }
  /** The pattern is global: it is made for `replaceAll`. */
  | { kind: 'text'; pattern: RegExp };

/** The requests that are sent in a role, in the order in which they are sent. */
export function requestsOf({ requests }: Scenario, role: Exclude<Role, 'named'>): ScenarioRequest[] {
  return requests.filter(
    (request) => request.role === role || (role === 'setup' && request.role === 'named' && request.sent),
  );
}

/** All templates of a request, in the order of the file. */
export function templatesOf({ target, headers, body }: ScenarioRequest): Template[] {
  const parts = body.map((part) => (part.type === 'text' ? part.text : part.template));
  return [target, ...headers.map(({ value }) => value), ...parts.filter((part) => part !== undefined)];
}

/** The references of these templates. */
export function referencesIn(templates: readonly Template[]): Reference[] {
  return templates.flatMap(({ parts }) => parts.filter((part) => typeof part !== 'string'));
}
