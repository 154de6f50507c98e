/** Reads one part of a scenario, between two `###`: its metadata, its variables, and its request if it has one. */
import { type Contents, parseBody } from './body.ts';
import { parseHeader } from './header.ts';
import { isKnownMetadata, type MetadataLine, metadataOf } from './metadata.ts';
import type { Problems } from './problems.ts';
import {
  parseRequestLine,
  type RequestLine,
  refusedLine,
  startsRequest,
  withoutVersion,
} from './request-line.ts';
import { startsScript } from './scripts.ts';
import type { FileLine, Part } from './split.ts';
import { NAME, parseTemplate, type Template } from './template.ts';
import type { BodyPart, FileVariable, Place, RequestHeader } from './types.ts';

export interface ParsedPart {
  metadata: MetadataLine[];
  variables: FileVariable[];
  /** Undefined if the part has only metadata, variables and comments. */
  request: ParsedRequest | undefined;
}

export interface ParsedRequest {
  method: string;
  target: Template;
  line: number;
  headers: RequestHeader[];
  body: BodyPart[];
}

export interface PartInput {
  file: string;
  contents: Contents;
  problems: Problems;
}

const COMMENT = /^\s*(?:#|\/\/)/;
const VARIABLE = /^\s*@([^\s=]+)\s*=\s*(.*?)\s*$/;
/** JetBrains' client adds these lines: where it stored an answer, or is to store it. They change no request. */
const STORED_ANSWER = /^(?:<>|>>!?)\s+\S/;

export function parsePart({ lines }: Part, input: PartInput): ParsedPart {
  return new PartParser(input).parse(lines);
}

class PartParser {
  #input: PartInput;
  #problems: Problems;
  #parsed: ParsedPart = { metadata: [], variables: [], request: undefined };
  #headers: RequestHeader[] = [];
  #body: FileLine[] = [];
  /** Comments below the head. */
  #commented: FileLine[] = [];
  /** What the next line is a part of. `target`: the query may go on. `over`: after a mistake that hides the rest. */
  #state: 'top' | 'target' | 'headers' | 'body' | 'over' = 'top';
  #line: { words: RequestLine; line: number } | undefined;

  constructor(input: PartInput) {
    this.#input = input;
    this.#problems = input.problems;
  }

  parse(lines: readonly FileLine[]): ParsedPart {
    let endOfScript: RegExp | undefined;
    for (const line of lines) {
      if (endOfScript !== undefined) {
        if (endOfScript.test(line.text)) endOfScript = undefined;
        continue;
      }
      const script = this.#state === 'over' ? undefined : startsScript(line.text, this.#state !== 'top');
      if (script === undefined) this.#read(line);
      else {
        this.#problems.add(this.#place(line), script.what, script.allowed);
        endOfScript = script.end;
      }
    }
    if (this.#line !== undefined) {
      const { words, line } = this.#line;
      const target = parseTemplate(words.target, { file: this.#input.file, line }, this.#problems);
      const body = parseBody(this.#body, this.#input);
      this.#noteComments();
      this.#parsed.request = { method: words.method, target, line, headers: this.#headers, body };
    }
    return this.#parsed;
  }

  /** Text may begin like a comment: a heading of Markdown. Comments above or below all of it are what they seem. */
  #noteComments(): void {
    const lines = this.#body.filter(({ text }) => text.trim() !== '').map(({ line }) => line);
    for (const line of this.#commented) {
      if (lines.length === 0 || line.line < lines[0]! || line.line > lines.at(-1)!) continue;
      this.#problems.note(this.#place(line), 'This line of the body is a comment, and is not sent');
    }
  }

  #place({ line }: FileLine): Place {
    return { file: this.#input.file, line };
  }

  #read(line: FileLine): void {
    if (this.#state === 'over') return;
    const { text } = line;
    if (COMMENT.test(text)) {
      // In a body as well: JetBrains' client and Visual Studio do not send such lines.
      const metadata = metadataOf(text, line.line);
      if (metadata !== undefined) this.#parsed.metadata.push(metadata);
      else if (this.#state === 'body') this.#commented.push(line);
      return;
    }
    switch (this.#state) {
      case 'top':
        this.#top(line);
        return;
      case 'target':
        if (this.#goesOn(text)) return;
        this.#state = 'headers';
        this.#header(line);
        return;
      case 'headers':
        this.#header(line);
        return;
      case 'body':
        this.#bodyLine(line);
    }
  }

  #top(line: FileLine): void {
    const { text } = line;
    if (text.trim() === '') return;
    if (text.trimStart().startsWith('@')) {
      this.#variable(line);
      return;
    }
    const refused = refusedLine(text);
    if (refused !== undefined) {
      this.#problems.add(this.#place(line), refused.what, refused.allowed);
      this.#state = 'over';
      return;
    }
    this.#line = { words: parseRequestLine(text, this.#place(line), this.#problems), line: line.line };
    this.#state = 'target';
  }

  #variable(line: FileLine): void {
    const [, name, value] = VARIABLE.exec(line.text) ?? [];
    const place = this.#place(line);
    if (name === undefined) {
      const [, word = ''] = /^\s*@([\w-]*)/.exec(line.text)!;
      const allowed = isKnownMetadata(word) ? `Write \`# @${word}\`.` : 'Write `@name = value`.';
      this.#problems.add(place, `"${line.text.trim()}" is no variable`, allowed);
      return;
    }
    if (!name.split('.').every((part) => NAME.test(part))) {
      const allowed = 'A name has letters, digits, -, _ and ., and starts with a letter or _.';
      this.#problems.add(place, `@${name} can't be the name of a variable`, allowed);
    }
    const template = parseTemplate(value!, place, this.#problems);
    this.#parsed.variables.push({ name, value: template, line: line.line });
  }

  /** Whether the line continues the target: a query in lines of its own, and for JetBrains' client a path. */
  #goesOn(text: string): boolean {
    if (!/^\s*[?&]|^\s+\//.test(text)) return false;
    this.#line!.words.target += withoutVersion(text);
    return true;
  }

  #header(line: FileLine): void {
    if (line.text.trim() === '') this.#state = 'body';
    else if (!STORED_ANSWER.test(line.text)) {
      const header = parseHeader(line.text, this.#place(line), this.#problems);
      if (header !== undefined) this.#headers.push(header);
      // A body without an empty line above it: its other lines are no headers either.
      else if (/^\s*[{[<]/.test(line.text)) this.#state = 'body';
    }
  }

  #bodyLine(line: FileLine): void {
    const { text } = line;
    if (STORED_ANSWER.test(text)) return;
    if (startsRequest(text) && !this.#headers.some(isMixed)) {
      this.#problems.add(
        this.#place(line),
        'A second request stands in the body of the first',
        'Write ### above it.',
      );
      this.#state = 'over';
      return;
    }
    if (VARIABLE.test(text)) {
      const allowed = 'Write it above the request, or write ### above it.';
      this.#problems.add(this.#place(line), 'A variable stands in the body of a request', allowed);
      return;
    }
    this.#body.push(line);
  }
}

/** The body of a batch contains request lines. */
function isMixed({ name, value }: RequestHeader): boolean {
  return (
    name.toLowerCase() === 'content-type' &&
    /multipart\/mixed|application\/http/i.test(String(value.parts[0]))
  );
}
