const { readFile, writeFile } = require('node:fs/promises');
const path = require('node:path');
const express = require('express');

/** A JSON file that is changed by one caller after the other. */
class JsonFile {
  #last = Promise.resolve();

  constructor(file) {
    this.file = file;
  }

  async read() {
    return JSON.parse(await readFile(this.file, 'utf8'));
  }

  update(change) {
    const done = this.#last.then(async () => {
      const value = await this.read();
      const result = change(value);
      await writeFile(this.file, JSON.stringify(value));
      return result;
    });
    this.#last = done.catch(() => {});
    return done;
  }
}

const counters = new JsonFile(path.join(__dirname, 'data', 'counters.json'));
const app = express();

app.post('/counters/:name', async (req, res) => {
  const value = await counters.update((all) => {
    all[req.params.name] = (all[req.params.name] ?? 0) + 1;
    return all[req.params.name];
  });
  res.json({ value });
});

app.get('/counters', async (_req, res) => {
  res.json(await counters.update((all) => ({ ...all })));
});

app.listen(process.env.PORT || 3000);
