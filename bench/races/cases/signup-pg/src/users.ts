import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';

const hash = promisify<string, Buffer, number, Buffer>(scrypt);
export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

export type SignUp = { email: string; password: string };

export async function createTables(): Promise<void> {
  const client = await pool.connect();
  await client.query('SELECT pg_advisory_lock(3)');
  await client.query(
    'CREATE TABLE IF NOT EXISTS users (id uuid DEFAULT gen_random_uuid(), email text, password text)',
  );
  await client.query('SELECT pg_advisory_unlock(3)');
  client.release();
}

export async function signUp({ email, password }: SignUp): Promise<string | undefined> {
  const taken = await pool.query('SELECT 1 FROM users WHERE email = $1', [email]);
  if (taken.rowCount) return undefined;
  const salt = randomBytes(16);
  const hashed = await hash(password, salt, 32);
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO users (email, password) VALUES ($1, $2) RETURNING id',
    [email, `${salt.toString('hex')}:${hashed.toString('hex')}`],
  );
  return rows[0]!.id;
}
