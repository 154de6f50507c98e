import { Injectable } from '@nestjs/common';
import { CheckBookingLimits } from './check-booking-limits';
import { Database } from './database';

export interface NewBooking {
  event: string;
  month: string;
  attendee: string;
}

@Injectable()
export class BookingsService {
  constructor(
    private readonly limits: CheckBookingLimits,
    private readonly database: Database,
  ) {}

  async create({ event, month, attendee }: NewBooking): Promise<{ id: number }> {
    await this.limits.check(event, month);
    const [booking] = await this.database.rows<{ id: number }>(
      'INSERT INTO bookings (event, month, attendee) VALUES ($1, $2, $3) RETURNING id',
      [event, month, attendee],
    );
    return booking;
  }

  attendees(event: string): Promise<{ attendee: string }[]> {
    return this.database.rows('SELECT attendee FROM bookings WHERE event = $1 ORDER BY attendee', [event]);
  }

  async clear(): Promise<void> {
    await this.database.rows('DELETE FROM bookings');
  }
}
