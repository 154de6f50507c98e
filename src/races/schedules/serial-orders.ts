/** The orders in which the group's requests run one after the other. Pure. */

/** Up to this many different requests, all orders are run. */
const ALL_ORDERS_UP_TO = 4;
/** How many orders of a larger group are run. */
const SAMPLE = 24;

interface Group {
  /** One per request; equal numbers are copies, which are interchangeable. */
  keys: readonly number[];
  /** `[a, b]`: a comes before b. */
  before: ReadonlyArray<readonly [number, number]>;
}

export interface SerialOrders {
  orders: number[][];
  /** Only a sample of the orders. */
  sampled: boolean;
}

/** @param random from 0 to below 1 */
export function serialOrders({ keys, before }: Group, random: () => number): SerialOrders {
  const members = keys.map((_key, index) => index);
  const allowed = (order: readonly number[]): boolean =>
    before.every(([first, second]) => order.indexOf(first) < order.indexOf(second));
  if (new Set(keys).size <= ALL_ORDERS_UP_TO && members.length <= 2 * ALL_ORDERS_UP_TO) {
    const orders = distinct(members, keys).filter(allowed);
    if (orders.length <= SAMPLE) return { orders, sampled: false };
  }
  const found = new Map<string, number[]>();
  // As they stand in the file, and backwards: the orders that people think of first.
  for (const order of [members, [...members].reverse()])
    if (allowed(order)) found.set(nameOf(order, keys), order);
  for (let tries = 0; found.size < SAMPLE && tries < SAMPLE * 20; tries += 1) {
    const order = topological(members, before, random);
    found.set(nameOf(order, keys), order);
  }
  return { orders: [...found.values()], sampled: true };
}

/** All orders, of which those that differ only in which copy comes first appear once. */
function distinct(members: readonly number[], keys: readonly number[]): number[][] {
  if (members.length === 0) return [[]];
  const firsts = members.filter(
    (member, at) => members.findIndex((other) => keys[other] === keys[member]) === at,
  );
  return firsts.flatMap((first) =>
    distinct(
      members.filter((member) => member !== first),
      keys,
    ).map((rest) => [first, ...rest]),
  );
}

function nameOf(order: readonly number[], keys: readonly number[]): string {
  return order.map((member) => keys[member]).join();
}

function topological(members: readonly number[], before: Group['before'], random: () => number): number[] {
  const left = [...members];
  const order: number[] = [];
  while (left.length > 0) {
    const free = left.filter((member) =>
      before.every(([a, b]) => b !== member || order.includes(a) || a === b),
    );
    const next = (free.length > 0 ? free : left)[Math.floor(random() * (free.length || left.length))]!;
    left.splice(left.indexOf(next), 1);
    order.push(next);
  }
  return order;
}
