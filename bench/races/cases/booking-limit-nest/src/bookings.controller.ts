import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { BookingsService, type NewBooking } from './bookings.service';

@Controller('bookings')
export class BookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @Post()
  create(@Body() booking: NewBooking) {
    return this.bookings.create(booking);
  }

  @Get(':event')
  attendees(@Param('event') event: string) {
    return this.bookings.attendees(event);
  }

  @Delete()
  @HttpCode(204)
  clear() {
    return this.bookings.clear();
  }
}
