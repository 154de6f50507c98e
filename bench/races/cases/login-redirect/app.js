const express = require('express');
const session = require('express-session');
const EncryptedFiles = require('./encrypted-files');

const app = express();
app.use(express.urlencoded({ extended: false }));
app.use(
  session({ store: new EncryptedFiles('sessions'), secret: 's3', resave: false, saveUninitialized: false }),
);

app.post('/login', (req, res) => {
  req.session.user = req.body.user;
  res.redirect('/account');
});

app.get('/account', (req, res) => {
  if (!req.session.user) return res.redirect('/login');
  res.send(`Hello ${req.session.user}`);
});

app.get('/login', (_req, res) => {
  res.send('<form method="post"><input name="user"></form>');
});

app.listen(process.env.PORT || 3000);
