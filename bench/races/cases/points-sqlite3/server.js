const express = require('express');
const sqlite3 = require('sqlite3');

const db = new sqlite3.Database('points.db');

db.serialize(() => {
  db.run('CREATE TABLE IF NOT EXISTS members (id INTEGER PRIMARY KEY, name TEXT, points INTEGER)');
  db.run("INSERT OR IGNORE INTO members VALUES (1, 'Ada', 100)");
});

const app = express();

app.post('/members/:id/spend', (req, res, next) => {
  const points = Number(req.query.points);
  db.get('SELECT points FROM members WHERE id = ?', [req.params.id], (error, member) => {
    if (error) return next(error);
    if (!member) return res.status(404).end();
    if (member.points < points) return res.status(402).json({ points: member.points });
    const left = member.points - points;
    db.run('UPDATE members SET points = ? WHERE id = ?', [left, req.params.id], function (error) {
      if (error) return next(error);
      res.json({ updated: this.changes, points: left });
    });
  });
});

app.get('/members/:id', (req, res, next) => {
  db.get('SELECT name, points FROM members WHERE id = ?', req.params.id, (error, member) => {
    if (error) next(error);
    else res.json(member);
  });
});

app.listen(process.env.PORT || 3000);
