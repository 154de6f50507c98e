import express from 'express';
import { BookingRepository } from './repository';

const bookings = new BookingRepository();
const app = express();

app.post('/bookings/:user/:desk', async (req, res) => {
  const { user, desk } = req.params;
  const booked = await bookings.create({ user, desk, day: 'monday' }, 1);
  res.status(booked ? 201 : 403).json({ booked });
});

app.get('/bookings/:user', async (req, res) => {
  const all = await bookings.of(req.params.user);
  res.json({ desks: all.length });
});

bookings.prepare().then(() => app.listen(process.env.PORT ?? 3000));
