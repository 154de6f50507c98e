import type { Pool } from 'pg';

export class Full extends Error {}

/** Adds an attendee to a booking with seats. The lock on the booking's row makes count and insert one step. */
export async function addSeat(pool: Pool, booking: string, attendee: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ seats: number }>(
      'SELECT seats FROM bookings WHERE uid = $1 FOR UPDATE',
      [booking],
    );
    const taken = await client.query('SELECT attendee FROM seats WHERE booking = $1', [booking]);
    if (!rows[0] || taken.rows.length >= rows[0].seats) throw new Full('no seat is left');
    await client.query('INSERT INTO seats VALUES ($1, $2)', [booking, attendee]);
    await client.query('COMMIT');
    return rows[0].seats - taken.rows.length - 1;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
