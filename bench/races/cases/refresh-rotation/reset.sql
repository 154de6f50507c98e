CREATE TABLE IF NOT EXISTS refresh_token (token text PRIMARY KEY, "user" text, revoked boolean DEFAULT false);
DELETE FROM refresh_token;
