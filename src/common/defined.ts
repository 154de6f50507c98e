type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** Fields that may be undefined become fields that may be absent. */
export type Defined<T> = Omit<T, OptionalKeys<T>> & { [K in OptionalKeys<T>]?: Exclude<T[K], undefined> };

/** A copy without the fields that are undefined: `exactOptionalPropertyTypes` wants them absent. */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}

/** A copy without the elements that are undefined. */
export function present<T>(values: ReadonlyArray<T | undefined>): T[] {
  return values.filter((value) => value !== undefined) as T[];
}
