import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import express, { type Request, type Response } from 'express';
import { CacheService } from './cache';

const cache = new CacheService();
let scans = 0;

async function scan(folder: string): Promise<{ name: string; size: number }[]> {
  scans++;
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => ({ name, size: (await stat(path.join(folder, name))).size })));
}

const app = express();

app.get('/repositories', async (_req: Request, res: Response) => {
  const repositories = await cache.dedup('all', () => scan(path.join(__dirname, '..', 'repositories')));
  res.json(repositories);
});

app.get('/scans', (_req: Request, res: Response) => {
  res.json({ scans });
});

app.listen(Number(process.env.PORT ?? 3000));
