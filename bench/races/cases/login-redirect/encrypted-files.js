const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { Store } = require('express-session');

const ALGORITHM = 'aes-256-gcm';

/** Sessions in files, each encrypted with a key of its own. */
class EncryptedFiles extends Store {
  constructor(folder, secret = 'for development') {
    super();
    Object.assign(this, { folder, secret });
    fs.mkdirSync(folder, { recursive: true });
  }

  key(sid, done) {
    crypto.scrypt(this.secret, sid, 32, done);
  }

  file(sid) {
    return path.join(this.folder, crypto.createHash('sha1').update(sid).digest('hex'));
  }

  get(sid, done) {
    fs.readFile(this.file(sid), (error, data) => {
      if (error) return done(error.code === 'ENOENT' ? null : error, null);
      this.key(sid, (error, key) => {
        if (error) return done(error);
        const decipher = crypto.createDecipheriv(ALGORITHM, key, data.subarray(0, 12));
        decipher.setAuthTag(data.subarray(12, 28));
        done(null, JSON.parse(decipher.update(data.subarray(28), null, 'utf8') + decipher.final('utf8')));
      });
    });
  }

  set(sid, value, done) {
    this.key(sid, (error, key) => {
      if (error) return done(error);
      const iv = crypto.randomBytes(12);
      const cipher = crypto.createCipheriv(ALGORITHM, key, iv);
      const text = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
      fs.writeFile(this.file(sid), Buffer.concat([iv, cipher.getAuthTag(), text]), done);
    });
  }

  destroy(sid, done) {
    fs.rm(this.file(sid), { force: true }, done);
  }
}

module.exports = EncryptedFiles;
