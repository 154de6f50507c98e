CREATE TABLE IF NOT EXISTS users (id uuid DEFAULT gen_random_uuid(), email text, password text);
DELETE FROM users;
