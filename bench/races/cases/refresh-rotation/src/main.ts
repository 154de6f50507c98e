import 'reflect-metadata';
import express from 'express';
import { DataSource } from 'typeorm';
import { RefreshToken } from './refresh-token.entity';
import { ReusedToken, Tokens } from './tokens';

async function main(): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url: process.env.DATABASE_URL,
    entities: [RefreshToken],
  });
  await source.initialize();
  await source.transaction(async (manager) => {
    await manager.query('SELECT pg_advisory_xact_lock(5)');
    await manager.query(
      'CREATE TABLE IF NOT EXISTS refresh_token (token text PRIMARY KEY, "user" text, revoked boolean DEFAULT false)',
    );
  });
  const tokens = new Tokens(source.getRepository(RefreshToken));
  const app = express();
  app.use(express.json());

  app.post('/login', async (req, res) => {
    res.json({ refreshToken: await tokens.issue(req.body.user) });
  });

  app.post('/token', async (req, res) => {
    try {
      res.json({ refreshToken: await tokens.rotate(req.body.refreshToken) });
    } catch (error) {
      if (!(error instanceof ReusedToken)) throw error;
      res.status(401).json({ error: 'invalid_grant' });
    }
  });

  app.get('/users/:user/tokens', async (req, res) => {
    res.json({ valid: await tokens.valid(req.params.user) });
  });

  app.listen(Number(process.env.PORT ?? 3000));
}

void main();
