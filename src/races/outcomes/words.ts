/** Pieces of sentences about requests. */

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export function numberWord(number: number): string {
  return NUMBERS[number] ?? String(number);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** `two \`POST /apply\``, `\`POST /a\` and \`POST /b\``, `three requests`. */
export function requestsWord(titles: readonly string[]): string {
  const different = new Set(titles);
  if (different.size === 1)
    return titles.length === 1 ? code(titles[0]!) : `${numberWord(titles.length)} ${code(titles[0]!)}`;
  if (different.size === titles.length && titles.length <= 3) return listed(titles.map(code));
  return `${numberWord(titles.length)} requests`;
}

export function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** How often each word is there, the most frequent first. */
export function counted(words: readonly string[]): Array<[word: string, count: number]> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** The words of the first list that the second lacks, each as often as it lacks it. */
export function without(words: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return words.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** What several requests did: `two \`POST /apply\` both answered 200`, `of two …, one answered 200 and one 401`. */
export function together(titles: readonly string[], did: readonly string[]): string {
  const requests = requestsWord(titles);
  const [first, ...others] = counted(did);
  const count = did.length;
  if (others.length === 0) {
    const all = count === 1 ? ' ' : count === 2 ? ' both ' : ' all ';
    return `${requests}${all}${first![0]}`;
  }
  return `of ${requests}, ${listed([first!, ...others].map(([word, number]) => `${numberWord(number)} ${word}`))}`;
}

/** What some of so many requests do: `one gets 401`, `both get 200`. */
export function someGet(words: readonly string[], of: number): string {
  return listed(
    counted(words).map(([word, count]) => {
      if (of === 1) return `it gets ${word}`;
      if (count === of) return `${count === 2 ? 'both' : `all ${numberWord(count)}`} get ${word}`;
      return `${numberWord(count)} ${count === 1 ? 'gets' : 'get'} ${word}`;
    }),
  );
}
