import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const orders = pgTable('orders', {
  id: serial('id').primaryKey(),
  event: text('event').notNull(),
  total: integer('total').notNull(),
});
