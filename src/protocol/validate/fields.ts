/** Reads values of unknown shape, field by field. An error names the field, the value, and what is allowed. */
import type { ServerError } from '../errors.ts';

/** Makes the error for a value that is not allowed, such as `badConfig`. */
type Refuse = (what: string, got: unknown, allowed: string) => ServerError;

export interface ReadOptions {
  refuse: Refuse;
  /** Returns the name of a field that the writer knows: `randomDelay.min` may be the option `--random-delay`. */
  label?: (path: string) => string;
}

/**
 * The fields of one object. Each method returns undefined for an absent field and throws for a wrong one.
 * {@link Fields.end} throws for a field that was not read, which is most often a misspelt one.
 */
export class Fields {
  #values: Record<string, unknown>;
  #read = new Set<string>();
  #prefix: string;
  #options: ReadOptions;

  /** @param name path of the object; empty for the outermost one, which messages call `whole` */
  constructor(input: unknown, options: ReadOptions, name = '', whole = 'the value') {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      throw options.refuse(name === '' ? whole : label(options, name), input, 'an object');
    }
    this.#values = input as Record<string, unknown>;
    this.#prefix = name === '' ? '' : `${name}.`;
    this.#options = options;
  }

  /** @param also what is allowed besides numbers, for the message; the caller has checked for it */
  integer(name: string, min: number, max: number, also = ''): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
      return value as number;
    }
    throw this.refuse(name, value, `a whole number from ${min} to ${max}${also}`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.refuse(name, value, 'true or false');
  }

  /** A string that is not empty and has no NUL, which no path, argument or variable can carry. */
  text(name: string, allowed = 'a text'): string | undefined {
    const value = this.get(name);
    if (value === undefined || isText(value)) return value;
    throw this.refuse(name, value, allowed);
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw this.refuse(name, value, `one of ${allowed.join(', ')}`);
    return found;
  }

  /** A list whose every item passes `fits`. */
  texts(name: string, allowed: string, fits: (text: string) => boolean = () => true): string[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.refuse(name, value, `a list, each ${allowed}`);
    return value.map((item: unknown) => {
      if (typeof item === 'string' && !item.includes('\0') && fits(item)) return item;
      throw this.refuse(name, item, allowed);
    });
  }

  /** An object whose values are all strings. */
  textMap(name: string): Record<string, string> | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const fields = this.object(name)!;
    return Object.fromEntries(
      fields.names().map((key): [string, string] => {
        const text = fields.get(key);
        if (typeof text !== 'string' || text.includes('\0')) throw fields.refuse(key, text, 'a text');
        return [key, text];
      }),
    );
  }

  object(name: string): Fields | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new Fields(value, this.#options, this.#prefix + name);
  }

  names(): string[] {
    return Object.keys(this.#values);
  }

  /** The value, unchecked. It counts as read. */
  get(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  /** The error for a field that breaks a rule of the caller. */
  refuse(name: string, got: unknown, allowed: string): ServerError {
    return this.#options.refuse(label(this.#options, this.#prefix + name), got, allowed);
  }

  /** To be called after all fields were read. */
  end(): void {
    const unknown = this.names().find((name) => !this.#read.has(name) && this.#values[name] !== undefined);
    if (unknown === undefined) return;
    throw this.refuse(
      unknown,
      this.#values[unknown],
      `no such field; there are ${[...this.#read].join(', ')}`,
    );
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0');
}

function label({ label }: ReadOptions, path: string): string {
  return label === undefined ? path : label(path);
}
