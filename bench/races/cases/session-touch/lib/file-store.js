const fs = require('node:fs');
const path = require('node:path');
const { Store } = require('express-session');

/** Sessions as files, one each. */
class FileStore extends Store {
  constructor(folder) {
    super();
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true });
  }

  file(sid) {
    return path.join(this.folder, `${encodeURIComponent(sid)}.json`);
  }

  get(sid, callback) {
    fs.readFile(this.file(sid), 'utf8', (error, text) => {
      if (error) return error.code === 'ENOENT' ? callback(null, null) : callback(error);
      callback(null, JSON.parse(text));
    });
  }

  set(sid, session, callback) {
    fs.writeFile(this.file(sid), JSON.stringify(session), callback);
  }

  // Only the date changes, but the file has both.
  touch(sid, session, callback) {
    this.set(sid, { ...session, lastAccess: Date.now() }, callback);
  }

  destroy(sid, callback) {
    fs.rm(this.file(sid), { force: true }, callback);
  }
}

module.exports = FileStore;
