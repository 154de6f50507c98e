const { readFile } = require('node:fs/promises');
const path = require('node:path');
const express = require('express');

const coupons = new Map([['WELCOME10', { percent: 10, usesLeft: 1 }]]);
const orders = [];

const app = express();
app.use(express.json());

app.post('/orders', async (req, res) => {
  const { item, code } = req.body;
  const coupon = coupons.get(code);
  if (!coupon || coupon.usesLeft < 1) {
    return res.status(422).json({ error: 'This coupon is used up' });
  }
  const prices = JSON.parse(await readFile(path.join(__dirname, 'prices.json'), 'utf8'));
  const total = (prices[item] * (100 - coupon.percent)) / 100;
  coupon.usesLeft -= 1;
  orders.push({ item, total });
  res.status(201).json({ item, total });
});

app.get('/coupons/:code', (req, res) => {
  const { usesLeft } = coupons.get(req.params.code);
  res.json({ usesLeft, orders: orders.length });
});

app.listen(process.env.PORT || 3000);
