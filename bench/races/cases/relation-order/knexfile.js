export default {
  client: 'sqlite3',
  connection: { filename: './playlist.sqlite3' },
  useNullAsDefault: true,
};
