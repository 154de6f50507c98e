export class GiftCards {
  constructor(pool) {
    this.pool = pool;
  }

  async inTransaction(work) {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  /** Pays an order with a card; all in one transaction. */
  pay(card, amount) {
    return this.inTransaction(async (client) => {
      const spent = await client.query(
        'SELECT coalesce(sum(amount), 0)::int AS sum FROM payments WHERE card = $1',
        [card],
      );
      const { rows } = await client.query('SELECT value FROM cards WHERE code = $1', [card]);
      if (spent.rows[0].sum + amount > rows[0].value) return false;
      await client.query('INSERT INTO payments (card, amount) VALUES ($1, $2)', [card, amount]);
      return true;
    });
  }

  async left(card) {
    const { rows } = await this.pool.query(
      'SELECT value - coalesce((SELECT sum(amount) FROM payments WHERE card = code), 0)::int AS left FROM cards WHERE code = $1',
      [card],
    );
    return rows[0].left;
  }
}
