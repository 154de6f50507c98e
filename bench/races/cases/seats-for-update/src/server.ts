import Fastify from 'fastify';
import { Pool } from 'pg';
import { addSeat, Full } from './add-seat';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const app = Fastify();

app.post<{ Params: { uid: string }; Querystring: { attendee: string } }>(
  '/bookings/:uid/seats',
  async (request, reply) => {
    try {
      const left = await addSeat(pool, request.params.uid, request.query.attendee);
      return reply.code(201).send({ left });
    } catch (error) {
      if (error instanceof Full) return reply.code(403).send({ error: error.message });
      throw error;
    }
  },
);

app.get<{ Params: { uid: string } }>('/bookings/:uid', async (request) => {
  const { rows } = await pool.query('SELECT count(*)::int AS taken FROM seats WHERE booking = $1', [
    request.params.uid,
  ]);
  return rows[0];
});

async function main(): Promise<void> {
  await pool.query(`
    SELECT pg_advisory_lock(2);
    CREATE TABLE IF NOT EXISTS bookings (uid text PRIMARY KEY, seats integer NOT NULL);
    CREATE TABLE IF NOT EXISTS seats (booking text REFERENCES bookings, attendee text NOT NULL);
    INSERT INTO bookings VALUES ('yoga', 1) ON CONFLICT DO NOTHING;
    SELECT pg_advisory_unlock(2);
  `);
  await app.listen({ port: Number(process.env.PORT ?? 3000) });
}

void main();
