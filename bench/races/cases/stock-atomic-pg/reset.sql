CREATE TABLE IF NOT EXISTS articles (sku text PRIMARY KEY, price integer, stock integer);
UPDATE articles SET stock = 3;
