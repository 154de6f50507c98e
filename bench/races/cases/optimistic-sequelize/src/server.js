import express from 'express';
import { OptimisticLockError } from 'sequelize';
import { Page, sequelize } from './page.js';

await sequelize.sync();
await Page.findOrCreate({ where: { slug: 'home' }, defaults: { body: 'Welcome' } });

const app = express();
app.use(express.text());

app.post('/pages/:slug/append', async (req, res) => {
  const page = await Page.findOne({ where: { slug: req.params.slug } });
  page.body = `${page.body}\n${req.body}`;
  await page.save();
  res.json({ body: page.body });
});

app.get('/pages/:slug', async (req, res) => {
  const page = await Page.findOne({ where: { slug: req.params.slug } });
  res.json({ body: page.body });
});

app.put('/pages/:slug', async (req, res) => {
  await Page.update({ body: req.body }, { where: { slug: req.params.slug } });
  res.sendStatus(204);
});

app.use((error, _req, res, next) => {
  if (!(error instanceof OptimisticLockError)) return next(error);
  res.status(409).json({ error: 'Somebody else has changed this page. Load it again.' });
});

app.listen(process.env.PORT ?? 3000);
