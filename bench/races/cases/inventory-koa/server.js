const crypto = require('node:crypto');
const Koa = require('koa');

const shelf = { lamp: 1, chair: 5 };
const vouchers = { STAFF: crypto.pbkdf2Sync('let-me-in', 'STAFF', 1000, 32, 'sha256') };

const app = new Koa();

function checkVoucher(name, secret) {
  return new Promise((resolve, reject) => {
    crypto.pbkdf2(secret, name, 1000, 32, 'sha256', (error, key) => {
      if (error) reject(error);
      else resolve(crypto.timingSafeEqual(key, vouchers[name]));
    });
  });
}

app.use((ctx, next) => {
  if (ctx.method !== 'POST' || ctx.path !== '/reserve') return next();
  const { item, voucher, secret } = ctx.query;
  const left = shelf[item];
  if (!left) ctx.throw(410, 'sold out');
  return checkVoucher(voucher, secret).then((valid) => {
    if (!valid) ctx.throw(403);
    shelf[item] = left - 1;
    ctx.body = { reserved: item };
  });
});

app.use((ctx) => {
  if (ctx.path === '/shelf') ctx.body = shelf;
});

app.listen(process.env.PORT || 3000);
