import { randomBytes } from 'node:crypto';
import type { Repository } from 'typeorm';
import { RefreshToken } from './refresh-token.entity';

export class ReusedToken extends Error {}

export class Tokens {
  constructor(private readonly repository: Repository<RefreshToken>) {}

  async issue(user: string): Promise<string> {
    const token = randomBytes(16).toString('base64url');
    await this.repository.insert({ token, user });
    return token;
  }

  /** Exchanges a token for a new one. A token that is used twice was stolen: then the user has to log in again. */
  async rotate(token: string): Promise<string> {
    const current = await this.repository.findOneByOrFail({ token });
    if (current.revoked) {
      await this.repository.update({ user: current.user }, { revoked: true });
      throw new ReusedToken();
    }
    const next = await this.issue(current.user);
    current.revoked = true;
    await this.repository.save(current);
    return next;
  }

  valid(user: string): Promise<number> {
    return this.repository.countBy({ user, revoked: false });
  }
}
