/** Code that may run later, and what comes of it: whoever called it may wait for that. */
export class Later<T> {
  #code: () => T | PromiseLike<T>;
  #settle: ((run: () => T | PromiseLike<T>) => void) | undefined;

  constructor(code: () => T | PromiseLike<T>) {
    this.#code = code;
  }

  /** Only for code that was kept: nobody handles it otherwise. */
  get result(): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#settle = (run) => {
        try {
          resolve(run());
        } catch (error) {
          reject(error as Error);
        }
      };
    });
  }

  readonly run = (): void => this.#settle?.(this.#code);
}
