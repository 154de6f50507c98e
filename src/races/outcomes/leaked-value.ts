/** Whether an answer has another user's data. */
import type { Comparable } from './comparable.ts';
import { memberTitle, probeTitle } from './difference.ts';
import type { Form } from './form.ts';
import { type Json, leavesOf } from './json.ts';
import type { Sent } from './scene.ts';
import type { SerialSet } from './serial-set.ts';

export interface LeakedValue {
  /** Of the request whose answer has it. */
  title: string;
  /** For a person. */
  value: string;
  /** The title of the request whose answer has it in serial orders. */
  other: string;
}

/** Shorter values are equal by chance too often. */
const MIN_LENGTH = 3;

interface Place {
  sent: Sent;
  title: string;
  answerIn(form: Form): Comparable;
}

/**
 * A value that in every serial order one user's answer has, and no answer of this request ever; here it has it. Users are
 * told apart by their cookie jars; in one jar, by a value that the other request sent and this one did not.
 */
export function leakedValue(set: SerialSet, observed: Form): LeakedValue | undefined {
  const places = placesOf(set);
  const serial = set.outcomes.map(({ form }) => form);
  for (const place of places) {
    const own = serial.map((form) => valuesOf(place.answerIn(form)));
    // A refusal is often worded alike for all.
    if (place.answerIn(observed).status >= 400) continue;
    const strange = [...valuesOf(place.answerIn(observed))].filter(
      (value) => !own.some((known) => known.has(value)),
    );
    for (const value of strange)
      for (const other of places)
        if (
          isOtherUser(place.sent, other.sent, value) &&
          serial.every((form) => valuesOf(other.answerIn(form)).has(value))
        )
          return { title: place.title, value: JSON.stringify(value), other: other.title };
  }
  return undefined;
}

function placesOf({ scene }: SerialSet): Place[] {
  const of = ({ client }: Sent, title: string): string => (client === '' ? title : `${title} of ${client}`);
  return [
    ...scene.group.map((sent, index) => ({
      sent,
      title: of(sent, memberTitle(scene, index)),
      answerIn: (form: Form) => form.group[index]!,
    })),
    ...scene.probes.map((sent, index) => ({
      sent,
      title: of(sent, probeTitle(scene, index)),
      answerIn: (form: Form) => form.probes[index]!,
    })),
  ];
}

function isOtherUser(own: Sent, other: Sent, value: string): boolean {
  if (own.client !== other.client && isTelling(value, other)) return true;
  return other.sentText.includes(value) && own.sentText !== '' && !own.sentText.includes(value);
}

/** Whether a value says who it is of: not a plain word such as `paid`. */
function isTelling(value: string, { client, sentText }: Sent): boolean {
  const names = client.length >= MIN_LENGTH && value.toLowerCase().includes(client.toLowerCase());
  return names || sentText.includes(value) || /[@\d\sA-Z]/.test(value);
}

/** Texts of JSON, words of pages. What is masked stands for many values. */
function valuesOf({ body, location }: Comparable): Set<string> {
  const texts: Json[] =
    body.kind === 'json'
      ? [...leavesOf(body.value).values()]
      : body.kind === 'text'
        ? body.text.split(/[\s"'<>]+/)
        : [];
  if (location !== undefined) texts.push(...location.split(/[/?&=#]/));
  const isLong = (text: Json): text is string =>
    typeof text === 'string' && text.length >= MIN_LENGTH && !text.includes('‹');
  return new Set(texts.filter(isLong));
}
