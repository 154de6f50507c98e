CREATE TABLE IF NOT EXISTS bookings (uid text PRIMARY KEY, seats integer NOT NULL);
CREATE TABLE IF NOT EXISTS seats (booking text REFERENCES bookings, attendee text NOT NULL);
DELETE FROM seats;
