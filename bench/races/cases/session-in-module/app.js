const fs = require('node:fs');
const path = require('node:path');
const express = require('express');
const session = require('express-session');

const app = express();
app.use(express.urlencoded({ extended: false }));
app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));

// So that the helpers below need no argument.
let sess;

function currentUser() {
  return sess.user;
}

function loadTemplate(name, done) {
  fs.readFile(path.join(__dirname, 'views', `${name}.html`), 'utf8', done);
}

app.use((req, _res, next) => {
  sess = req.session;
  next();
});

app.post('/login', (req, res) => {
  sess.user = req.body.user;
  res.redirect('/dashboard');
});

app.get('/dashboard', (_req, res, next) => {
  loadTemplate('dashboard', (error, html) => {
    if (error) return next(error);
    res.send(html.replaceAll('{{user}}', currentUser() ?? 'guest'));
  });
});

app.listen(process.env.PORT || 3000);
