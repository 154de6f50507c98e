/** Splits the words of a command into its own options and what follows them. */
import { splitFlag } from './node-flags.ts';

export interface OptionRules {
  /** Options whose value is the next word, or stands behind `=`. */
  values?: readonly string[];
  /** Options with any number of values, up to the next option. */
  lists?: readonly string[];
  /** Options without a value. */
  switches?: readonly string[];
  /** Options also stand behind the first other word. */
  anywhere?: boolean;
}

export interface OptionWords {
  /** Values of each option by its name; a switch has an empty one. */
  given: Map<string, string[]>;
  /** Options that the rules don't name, as written. */
  unknown: string[];
  rest: string[];
}

/** Ends at the first word that is no option, or behind `--`. */
export function readOptions(words: readonly string[], rules: OptionRules): OptionWords {
  const { values = [], lists = [], switches = [], anywhere = false } = rules;
  const read: OptionWords = { given: new Map(), unknown: [], rest: [] };
  const add = (name: string, value: string): void => {
    read.given.set(name, [...(read.given.get(name) ?? []), value]);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      read.rest.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      if (!anywhere) {
        read.rest.push(...words.slice(at));
        break;
      }
      read.rest.push(word);
      continue;
    }
    const [name, attached] = splitFlag(word);
    if (lists.includes(name)) {
      if (attached !== undefined) add(name, attached);
      while (at + 1 < words.length && !words[at + 1]!.startsWith('-')) add(name, words[++at]!);
    } else if (values.includes(name)) add(name, attached ?? words[++at] ?? '');
    else if (switches.includes(name)) add(name, attached ?? '');
    else read.unknown.push(word);
  }
  return read;
}

/** The last value of the first of these options that is given. */
export function optionValue({ given }: OptionWords, ...names: string[]): string | undefined {
  for (const name of names) {
    const values = given.get(name);
    if (values !== undefined) return values.at(-1);
  }
  return undefined;
}

export function isGiven({ given }: OptionWords, ...names: string[]): boolean {
  return names.some((name) => given.has(name));
}

/** The name with its options, less those that mean nothing here. */
export function labelled(name: string, read: OptionWords, ...quiet: string[]): string {
  const own = [...read.given].filter(([option]) => !quiet.includes(option));
  const words = own.flatMap(([option, values]) => [option, ...values.filter((value) => value !== '')]);
  return [name, ...words].join(' ');
}
