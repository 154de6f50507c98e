const fs = require('node:fs');
const path = require('node:path');
const express = require('express');
const session = require('express-session');
const FileStore = require('./file-store');

const app = express();
const data = path.join(__dirname, '..', 'data');

app.use(
  session({
    store: new FileStore(path.join(data, 'sessions')),
    secret: 'inbox',
    resave: false,
    saveUninitialized: false,
  }),
);

app.post('/login', (req, res) => {
  req.session.user = 'ada';
  res.json({ user: 'ada' });
});

app.post('/logout', (req, res, next) => {
  req.session.destroy((error) => {
    if (error) return next(error);
    res.json({ bye: true });
  });
});

app.get('/messages', (req, res, next) => {
  if (!req.session.user) return res.status(401).json({ error: 'log in first' });
  fs.readFile(path.join(data, 'messages.txt'), 'utf8', (error, text) => {
    if (error) return next(error);
    res.json(text.trim().split('\n'));
  });
});

app.get('/me', (req, res) => {
  res.json({ user: req.session.user ?? null });
});

app.listen(process.env.PORT || 3000);
