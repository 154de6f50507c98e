const fs = require('node:fs');
const path = require('node:path');
const express = require('express');
const { sequelize, Tag, Note } = require('./models');

const app = express();
app.use(express.json());

const tagCalled = (label) =>
  Tag.findOne({ where: { label } }).then((found) => found ?? Tag.create({ label }));

app.post('/notes', (req, res, next) => {
  tagCalled(req.body.tag)
    .then((tag) => Note.create({ text: req.body.text, TagId: tag.id }))
    .then((note) => res.status(201).json({ id: note.id, text: note.text, createdAt: note.createdAt }))
    .catch(next);
});

app.get('/tags/:label/notes', async (req, res) => {
  const tag = await Tag.findOne({ where: { label: req.params.label }, include: Note });
  res.json(tag.Notes.map((note) => note.text).sort());
});

app.get('/tags', async (_req, res) => {
  const tags = await Tag.findAll({ order: ['label'] });
  res.json(tags.map((tag) => tag.label));
});

fs.mkdirSync(path.join(__dirname, '..', 'var'), { recursive: true });
sequelize.sync().then(() => app.listen(process.env.PORT || 3000));
