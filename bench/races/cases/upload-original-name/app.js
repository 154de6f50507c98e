const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const express = require('express');
const multer = require('multer');

const inbox = path.join(os.tmpdir(), `scans-${process.pid}`);
fs.mkdirSync(inbox, { recursive: true });
process.on('exit', () => fs.rmSync(inbox, { recursive: true, force: true }));

const upload = multer({
  storage: multer.diskStorage({
    destination: inbox,
    filename: (_req, file, done) => done(null, file.originalname),
  }),
});

const app = express();

app.post('/scans', upload.single('scan'), (req, res, next) => {
  const hash = crypto.createHash('sha1');
  fs.createReadStream(req.file.path)
    .on('error', next)
    .on('data', (chunk) => hash.update(chunk))
    .on('end', () => {
      fs.unlink(req.file.path, (error) => {
        if (error) return next(error);
        res.json({ owner: req.body.owner, sha1: hash.digest('hex') });
      });
    });
});

// The stack is for the log only.
app.use((error, _req, res, _next) => {
  console.error(error);
  res.status(500).json({ error: 'Could not read the scan' });
});

app.listen(process.env.PORT || 3000);
