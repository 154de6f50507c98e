import { DataTypes, Model, Sequelize } from 'sequelize';

export const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false });

export class Page extends Model {}

Page.init(
  { slug: { type: DataTypes.STRING, unique: true }, body: DataTypes.TEXT },
  { sequelize, version: true },
);
