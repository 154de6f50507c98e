/** Revoked requests of an ASGI worker; it answers over its wire. */
import { Frame } from '../../../wire/frames.ts';
import { laneFrame } from './wsgi/lane-frames.ts';

export class Revocations {
  #asked = new Map<number, (revoked: boolean) => void>();

  /** @returns the frame that revokes the request */
  ask(slot: number, id: number, done: (revoked: boolean) => void): Buffer {
    this.#asked.set(slot, done);
    const question = Buffer.alloc(8);
    question.writeUInt32LE(id, 0);
    question.writeUInt32LE(slot, 4);
    return laneFrame(Frame.REVOKE, 0, question);
  }

  answer(slot: number, revoked: boolean): void {
    const done = this.#asked.get(slot);
    this.#asked.delete(slot);
    done?.(revoked);
  }
}
