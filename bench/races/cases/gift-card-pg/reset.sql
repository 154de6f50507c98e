CREATE TABLE IF NOT EXISTS cards (code text PRIMARY KEY, value integer NOT NULL);
CREATE TABLE IF NOT EXISTS payments (card text REFERENCES cards, amount integer NOT NULL);
DELETE FROM payments;
