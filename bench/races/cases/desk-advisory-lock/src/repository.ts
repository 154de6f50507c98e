import knex, { type Knex } from 'knex';

export interface Booking {
  desk: string;
  day: string;
  user: string;
}

export class BookingRepository {
  private readonly db: Knex = knex({
    client: 'pg',
    connection: process.env.DATABASE_URL,
    pool: { min: 0, max: 4 },
  });

  async prepare(): Promise<void> {
    await this.db.transaction(async (trx) => {
      await trx.raw('SELECT pg_advisory_xact_lock(9)');
      await trx.raw('CREATE TABLE IF NOT EXISTS bookings (desk text, day text, "user" text)');
    });
  }

  /** False if the user has booked as many desks as are allowed; the lock keeps the user's other requests back. */
  create(booking: Booking, max: number): Promise<boolean> {
    return this.db.transaction(async (trx) => {
      await trx.raw('SELECT pg_advisory_xact_lock(hashtext(?))', [booking.user]);
      const mine = await trx<Booking>('bookings').where({ user: booking.user });
      if (mine.length >= max) return false;
      await trx<Booking>('bookings').insert(booking);
      return true;
    });
  }

  of(user: string): Promise<Booking[]> {
    return this.db<Booking>('bookings').where({ user }).orderBy('day');
  }
}
