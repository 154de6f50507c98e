const path = require('node:path');
const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize({
  dialect: 'sqlite',
  storage: path.join(__dirname, '..', 'var', 'tags.sqlite'),
  logging: false,
});

const Tag = sequelize.define('Tag', { label: { type: DataTypes.STRING, allowNull: false } });
const Note = sequelize.define('Note', { text: DataTypes.TEXT });
Tag.hasMany(Note);
Note.belongsTo(Tag);

module.exports = { sequelize, Tag, Note };
