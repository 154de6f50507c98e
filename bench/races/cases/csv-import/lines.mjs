/** Collects chunks and hands out whole lines. Keeps its decoder, which is expensive to make. */
export class LineReader {
  #decoder = new TextDecoder();
  #text = '';

  reset() {
    this.#text = '';
  }

  push(chunk) {
    this.#text += this.#decoder.decode(chunk, { stream: true });
  }

  *lines() {
    for (const line of this.#text.split('\n')) if (line.trim()) yield line.trim();
  }
}
