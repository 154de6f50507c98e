CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, event text NOT NULL, total integer NOT NULL);
DELETE FROM orders;
