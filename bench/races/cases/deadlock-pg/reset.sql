CREATE TABLE IF NOT EXISTS purses (name text PRIMARY KEY, coins integer);
UPDATE purses SET coins = 10;
