const express = require('express');
const { identity } = require('./identity');

const app = express();

app.get('/oauth-callback', async (req, res) => {
  const base = await identity();
  const form = new URLSearchParams({ code: req.query.code });
  const first = await fetch(`${base}/token`, { method: 'POST', body: form });
  const { access_token: accessToken } = await first.json();
  const second = await fetch(`${base}/user`, { headers: { authorization: `Bearer ${accessToken}` } });
  const userData = await second.json();
  res.json({ user: userData.name, token: accessToken });
});

app.listen(process.env.PORT || 3000);
