CREATE TABLE IF NOT EXISTS bookings (desk text, day text, "user" text);
DELETE FROM bookings;
