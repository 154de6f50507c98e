const { scryptSync } = require('node:crypto');
const Database = require('better-sqlite3');
const express = require('express');

const db = new Database('stock.db');
db.pragma('journal_mode = WAL');
db.exec(`
  CREATE TABLE IF NOT EXISTS stock (sku TEXT PRIMARY KEY, quantity INTEGER NOT NULL);
  INSERT OR IGNORE INTO stock VALUES ('loom', 10);
`);

class Stock {
  #read = db.prepare('SELECT quantity FROM stock WHERE sku = ?');
  #write = db.prepare('UPDATE stock SET quantity = ? WHERE sku = ?');

  quantity(sku) {
    return this.#read.get(sku)?.quantity ?? 0;
  }

  take(sku, count) {
    const quantity = this.quantity(sku);
    if (quantity < count) throw Object.assign(new RangeError(`Only ${quantity} left`), { status: 422 });
    const note = scryptSync(`${count} of ${sku}`, 'delivery note', 8).toString('hex');
    this.#write.run(quantity - count, sku);
    return note;
  }
}

const stock = new Stock();
const app = express();

app.post('/stock/:sku/take/:count', (req, res) => {
  const note = stock.take(req.params.sku, Number(req.params.count));
  res.json({ taken: Number(req.params.count), note });
});

app.get('/stock/:sku', (req, res) => res.json({ quantity: stock.quantity(req.params.sku) }));

app.use((error, _req, res, _next) => res.status(error.status ?? 500).json({ error: error.message }));

app.listen(process.env.PORT || 3000);
