const fs = require('node:fs');
const path = require('node:path');
const express = require('express');

const folder = path.join(__dirname, 'claims');
fs.mkdirSync(folder, { recursive: true });

const app = express();

// `wx` fails if the file is there: looking and making are one step.
app.put('/names/:name', (req, res, next) => {
  const file = path.join(folder, path.basename(req.params.name));
  fs.open(file, 'wx', (error, fd) => {
    if (error?.code === 'EEXIST') return res.status(403).json({ error: 'taken' });
    if (error) return next(error);
    fs.write(fd, req.get('x-user'), (error) => {
      fs.close(fd, () => {
        if (error) return next(error);
        res.status(201).json({ owner: req.get('x-user') });
      });
    });
  });
});

app.get('/names', (_req, res, next) => {
  fs.readdir(folder, (error, names) => (error ? next(error) : res.json(names)));
});

app.listen(process.env.PORT || 3000);
