CREATE TABLE IF NOT EXISTS revenue_entries (
  id serial PRIMARY KEY,
  idempotency_key text UNIQUE NOT NULL,
  amount integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
DELETE FROM revenue_entries;
