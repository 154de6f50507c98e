/** Reads a script as a shell would, as far as that needs no shell: words, quotes, variables, and what joins commands. */

type Joint = '&&' | '||' | ';' | '&' | '|';

export interface ShellCommand {
  words: string[];
  /** What stands between this command and the next one; undefined after the last. */
  joint: Joint | undefined;
  /** Redirections as written, such as `> app.log`. */
  redirections: string[];
}

/** Commands, or why a shell is needed to tell them. */
export type ShellReading = { commands: ShellCommand[] } | { why: string };

/** The value of a variable; undefined where it is not set. */
export type Variables = (name: string) => string | undefined;

const NEEDS_SHELL = 'needs a shell';
const UNENDED = 'has a quote without an end';
/** Characters that a backslash escapes between double quotes. */
const ESCAPED_IN_QUOTES = new Set(['"', '\\', '$', '`']);
/** `NAME`, `{NAME}`, `{NAME:-default}` and `{NAME-default}`, after a dollar sign. */
const VARIABLE = /^(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)-([^{}$`"'\\]*))?\})/;

/** Never throws. Substitutions of commands, subshells and here-documents are `why`. */
export function readShell(script: string, variables: Variables): ShellReading {
  return new Reader(script, variables).read();
}

class Reader {
  #text: string;
  #variables: Variables;
  #at = 0;
  #commands: ShellCommand[] = [];
  #words: string[] = [];
  #redirections: string[] = [];
  /** Undefined between words; a word may be empty: `""`. */
  #word: string | undefined;
  /** The next word is the target of this redirection. */
  #redirection: string | undefined;
  #why: string | undefined;

  constructor(text: string, variables: Variables) {
    this.#text = text;
    this.#variables = variables;
  }

  read(): ShellReading {
    while (this.#at < this.#text.length && this.#why === undefined) this.#step();
    this.#endCommand(undefined);
    return this.#why === undefined ? { commands: this.#commands } : { why: this.#why };
  }

  #step(): void {
    const char = this.#text[this.#at]!;
    if (char === '\n') this.#operator(';', 1);
    else if (/\s/.test(char)) this.#skipSpace();
    else if (char === "'") this.#single();
    else if (char === '"') this.#double();
    else if (char === '\\') this.#escape();
    else if (char === '$') this.#dollar();
    else if (char === '#' && this.#word === undefined) this.#comment();
    else if (char === '`' || char === '(' || char === ')') this.#fail(NEEDS_SHELL);
    else if (char === '<' || char === '>') this.#redirect();
    else if (char === '&' || char === '|' || char === ';') this.#joint(char);
    else this.#take(1);
  }

  #take(length: number): void {
    this.#word = (this.#word ?? '') + this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #fail(why: string): void {
    this.#why ??= why;
    this.#at = this.#text.length;
  }

  #skipSpace(): void {
    this.#endWord();
    this.#at++;
  }

  #single(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) {
      this.#fail(UNENDED);
      return;
    }
    this.#add(this.#text.slice(this.#at + 1, end));
    this.#at = end + 1;
  }

  #double(): void {
    this.#add('');
    for (this.#at++; this.#at < this.#text.length; ) {
      const char = this.#text[this.#at]!;
      if (char === '"') {
        this.#at++;
        return;
      }
      const next = this.#text[this.#at + 1];
      if (char === '\\' && next !== undefined && ESCAPED_IN_QUOTES.has(next)) {
        this.#at++;
        this.#take(1);
      } else if (char === '$') this.#dollar();
      else if (char === '`') this.#fail(NEEDS_SHELL);
      else this.#take(1);
    }
    this.#fail(UNENDED);
  }

  #escape(): void {
    this.#at++;
    if (this.#text[this.#at] === '\n') this.#at++;
    else this.#take(1);
  }

  #dollar(): void {
    const rest = this.#text.slice(this.#at + 1);
    const match = VARIABLE.exec(rest);
    if (match === null) {
      // A dollar sign before anything else than a name stands for itself.
      if (/^[({\w@*#?$!-]/.test(rest)) this.#fail(NEEDS_SHELL);
      else this.#take(1);
      return;
    }
    const [whole, bare, braced, colon, fallback] = match;
    const value = this.#variables(bare ?? braced!);
    const unset = value === undefined || (colon === ':' && value === '');
    this.#at += 1 + whole.length;
    const text = unset ? (fallback ?? '') : value;
    // An unquoted variable that is empty makes no word.
    if (text !== '' || this.#word !== undefined) this.#add(text);
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #redirect(): void {
    const [sign] = /^(?:<<<?|>>|>\||<>|[<>])(?:&[\d-])?/.exec(this.#text.slice(this.#at))!;
    if (sign.startsWith('<<')) {
      this.#fail(NEEDS_SHELL);
      return;
    }
    // `2>` redirects a stream, and `app2>` ends the word `app2`.
    const stream = /^\d+$/.test(this.#word ?? '') ? this.#word! : '';
    if (stream !== '') this.#word = undefined;
    this.#endWord();
    this.#at += sign.length;
    if (sign.includes('&')) this.#redirections.push(stream + sign);
    else this.#redirection = stream + sign;
  }

  #joint(char: '&' | '|' | ';'): void {
    const next = this.#text[this.#at + 1];
    if (char === '&' && next === '>') {
      this.#endWord();
      const sign = this.#text[this.#at + 2] === '>' ? '&>>' : '&>';
      this.#at += sign.length;
      this.#redirection = sign;
    } else if (char === next && char !== ';') this.#operator(char === '&' ? '&&' : '||', 2);
    else this.#operator(char, char === '|' && next === '&' ? 2 : 1);
  }

  #operator(joint: Joint, length: number): void {
    this.#at += length;
    this.#endCommand(joint);
  }

  #endWord(): void {
    const word = this.#word;
    this.#word = undefined;
    if (word === undefined) return;
    if (this.#redirection === undefined) this.#words.push(word);
    else this.#redirections.push(`${this.#redirection} ${word}`);
    this.#redirection = undefined;
  }

  #endCommand(joint: Joint | undefined): void {
    this.#endWord();
    if (this.#words.length > 0) {
      this.#commands.push({ words: this.#words, joint, redirections: this.#redirections });
    }
    this.#words = [];
    this.#redirections = [];
  }
}

/** Words as a shell reads them back. */
export function quoteWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
