import { Injectable, UnauthorizedException } from '@nestjs/common';
import { Database } from './database';

const LIMITS: Record<string, { month: number }> = { lesson: { month: 2 } };

@Injectable()
export class CheckBookingLimits {
  constructor(private readonly database: Database) {}

  async check(event: string, month: string): Promise<void> {
    const [{ count }] = await this.database.rows<{ count: number }>(
      'SELECT count(*)::int AS count FROM bookings WHERE event = $1 AND month = $2',
      [event, month],
    );
    if (count >= LIMITS[event].month) throw new UnauthorizedException('booking_limit_reached');
  }
}
