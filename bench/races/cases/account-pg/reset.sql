CREATE TABLE IF NOT EXISTS accounts (id integer PRIMARY KEY, balance integer NOT NULL);
UPDATE accounts SET balance = 100;
