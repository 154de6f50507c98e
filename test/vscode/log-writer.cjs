/** Replaces VS Code's native log writer (@vscode/spdlog), which would have to be compiled: one file, no rotation. */
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  warn: 'warning',
  error: 'error',
  critical: 'critical',
};

class Logger {
  #file;
  #level = 0;
  #bare = false;

  constructor(_type, _name, file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.#file = file;
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  setPattern() {
    this.#bare = false;
  }

  clearFormatters() {
    this.#bare = true;
  }

  flush() {}

  drop() {}

  write(level, text) {
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    fs.appendFileSync(this.#file, this.#bare ? text : `${time} [${LEVELS[level]}] ${text}\n`);
  }
}

Object.keys(LEVELS).forEach((level, rank) => {
  Logger.prototype[level] = function (text) {
    if (rank >= this.getLevel()) this.write(level, text);
  };
});

const create = async (name, file) => new Logger('rotating', name, file);

// Listed one by one, so that an ES module can import them by name.
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
