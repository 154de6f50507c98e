import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import express from 'express';

const pages = new URL('./pages/', import.meta.url);
await mkdir(fileURLToPath(pages), { recursive: true });

const fileOf = (slug) => new URL(`${slug}.md`, pages);
const exists = (slug) =>
  access(fileOf(slug))
    .then(() => true)
    .catch(() => false);

const app = express();
app.use(express.text({ type: 'text/markdown' }));

app.post('/pages/:slug', async (req, res) => {
  const { slug } = req.params;
  if (!/^[a-z-]+$/.test(slug)) return res.sendStatus(400);
  if (await exists(slug)) return res.status(403).json({ error: `${slug} is taken` });
  await writeFile(fileOf(slug), `${req.get('x-author')}: ${req.body}\n`);
  res
    .location(`/pages/${slug}`)
    .status(201)
    .json({ author: req.get('x-author') });
});

app.get('/pages/:slug', async (req, res) => {
  res.type('text/markdown').send(await readFile(fileOf(req.params.slug), 'utf8'));
});

app.listen(process.env.PORT ?? 3000);
