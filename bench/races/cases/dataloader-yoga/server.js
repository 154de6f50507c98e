import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';

const file = new URL('./authors.json', import.meta.url);
const books = [
  { id: 1, title: 'Looms', author: 'a' },
  { id: 2, title: 'Kites', author: 'b' },
  { id: 3, title: 'Cards', author: 'a' },
];

const authorLoader = (viewer) =>
  new DataLoader(async (ids) => {
    const authors = JSON.parse(await readFile(file, 'utf8'));
    return ids.map((id) => ({ ...authors[id], followed: viewer === authors[id].fan }));
  });

const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: `
      type Author { name: String!, followed: Boolean! }
      type Book { title: String!, author: Author! }
      type Query { books: [Book!]! }
    `,
    resolvers: {
      Query: { books: () => books },
      Book: { author: (book, _args, { authors }) => authors.load(book.author) },
    },
  }),
  // A loader for each request: its cache belongs to one viewer.
  context: ({ request }) => ({ authors: authorLoader(request.headers.get('x-viewer')) }),
});

createServer(yoga).listen(process.env.PORT ?? 3000);
