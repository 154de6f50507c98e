import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class RefreshToken {
  @PrimaryColumn('text')
  token!: string;

  @Column('text')
  user!: string;

  @Column('boolean', { default: false })
  revoked!: boolean;
}
