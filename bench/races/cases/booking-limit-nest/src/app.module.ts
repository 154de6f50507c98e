import { Module } from '@nestjs/common';
import { BookingsController } from './bookings.controller';
import { BookingsService } from './bookings.service';
import { CheckBookingLimits } from './check-booking-limits';
import { Database } from './database';

@Module({
  controllers: [BookingsController],
  providers: [BookingsService, CheckBookingLimits, Database],
})
export class AppModule {}
