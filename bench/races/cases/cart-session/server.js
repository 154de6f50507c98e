const { readFile } = require('node:fs');
const path = require('node:path');
const express = require('express');
const session = require('express-session');

const app = express();

app.use(
  session({
    name: 'shop.sid',
    secret: 'for development only',
    resave: false,
    saveUninitialized: true,
  }),
);

app.post('/cart/:article', addToCart);
app.get('/cart', showCart);

function addToCart(req, res, next) {
  readFile(path.join(__dirname, 'articles.json'), 'utf8', function onArticles(error, text) {
    if (error) return next(error);
    const price = JSON.parse(text)[req.params.article];
    if (!price) return res.status(404).end();
    req.session.cart = [...(req.session.cart || []), req.params.article];
    res.status(204).end();
  });
}

function showCart(req, res) {
  res.json([...(req.session.cart || [])].sort());
}

app.listen(process.env.PORT || 3000);
