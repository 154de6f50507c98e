/** What of a scenario was explored: schedules, boundaries, topologies. */
import type { Coverage } from '../report-types.ts';
import { distinctSites } from '../schedules/pauses.ts';
import { tokenOf } from '../schedules/token.ts';
import type { Schedule, Topology, TrialResult } from '../types.ts';

export class Explored {
  #planned = new Set<string>();
  #done = new Set<string>();
  #boundaries = new Set<string>();
  #topologies = new Set<Topology>();
  #impossible = 0;

  get schedules(): { done: number; of: number } {
    return { done: this.#done.size, of: Math.max(this.#planned.size, this.#done.size) };
  }

  /** @returns false if it is planned already */
  plan(schedule: Schedule): boolean {
    const token = tokenOf(schedule);
    if (this.#planned.has(token)) return false;
    this.#planned.add(token);
    return true;
  }

  isPlanned(schedule: Schedule): boolean {
    return this.#planned.has(tokenOf(schedule));
  }

  isDone(schedule: Schedule): boolean {
    return this.#done.has(tokenOf(schedule));
  }

  done({ schedule, impossible }: TrialResult): void {
    this.#done.add(tokenOf(schedule));
    if (impossible) this.#impossible += 1;
  }

  /** Another shard explores it. */
  leave(schedule: Schedule): void {
    this.#planned.delete(tokenOf(schedule));
  }

  inTopology(topology: Topology): void {
    this.#topologies.add(topology);
  }

  /** @param members of the whole group that took part */
  saw({ boundaries }: TrialResult, members: readonly number[]): void {
    for (const [at, passed] of boundaries.entries()) {
      for (const site of distinctSites(passed))
        this.#boundaries.add(`${members[at]} ${JSON.stringify(site)}`);
    }
  }

  report({ unknown, trials }: Pick<Coverage, 'unknown' | 'trials'>): Coverage {
    return {
      boundaries: this.#boundaries.size,
      unknown,
      impossible: this.#impossible,
      topologies: [...this.#topologies],
      trials,
    };
  }
}
