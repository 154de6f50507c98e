/** The last requests, numbered, so that whoever draws them can ask from a number onward. */
import type { RequestEvent } from './exchange.ts';

export class RequestLog {
  #ring: Array<RequestEvent | undefined>;
  #next = 1;

  constructor(capacity = 1000) {
    this.#ring = new Array<RequestEvent | undefined>(capacity);
  }

  /** Number that the next record will get. */
  get next(): number {
    return this.#next;
  }

  push(record: RequestEvent): void {
    this.#ring[this.#next % this.#ring.length] = record;
    this.#next += 1;
  }

  /** The records from number `from` on that are still kept, oldest first. */
  since(from: number): RequestEvent[] {
    const records: RequestEvent[] = [];
    for (let number = Math.max(from, this.#next - this.#ring.length, 1); number < this.#next; number++) {
      records.push(this.#ring[number % this.#ring.length]!);
    }
    return records;
  }
}
