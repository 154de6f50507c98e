/** Asks 100 times a second over kept-alive connections until it is stopped, and keeps the results. */
import http from 'node:http';

const EVERY_MS = 10;
const LATE_MS = 5_000;

export class Asking {
  samples = [];
  #agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
  #pending = new Set();
  #waiting = new Set();
  #timer;

  constructor(port) {
    this.#timer = setInterval(() => {
      const one = this.#ask(port).then((sample) => {
        this.#pending.delete(one);
        this.samples.push(sample);
        for (const check of this.#waiting) check(sample);
      });
      this.#pending.add(one);
    }, EVERY_MS);
  }

  /** Resolves with the time of the first answer for which `fits` is true; undefined if none comes in time. */
  until(fits, deadlineMs = 10_000) {
    return new Promise((resolve) => {
      const settle = (value) => {
        clearTimeout(late);
        this.#waiting.delete(check);
        resolve(value);
      };
      const check = (sample) => {
        if (fits(sample)) settle(sample.answeredAt);
      };
      const late = setTimeout(settle, deadlineMs);
      this.#waiting.add(check);
    });
  }

  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    this.#agent.destroy();
    return this.samples;
  }

  #ask(port) {
    const sample = { sentAt: performance.now(), answeredAt: 0, status: 0, text: '' };
    return new Promise((resolve) => {
      const done = () => resolve(Object.assign(sample, { answeredAt: performance.now() }));
      const options = { host: '127.0.0.1', port, agent: this.#agent, timeout: LATE_MS };
      const request = http.get(options, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', done);
        response.on('end', () => {
          Object.assign(sample, { status: response.statusCode, text });
          done();
        });
      });
      request.on('timeout', () => request.destroy());
      request.on('error', done);
    });
  }
}
