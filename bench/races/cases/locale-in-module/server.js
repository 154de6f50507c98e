const fastify = require('fastify')();
const i18n = require('./i18n.js');
const { readGreeting } = require('./greetings.js');

fastify.addHook('onRequest', (request, _reply, done) => {
  i18n.setLocale((request.headers['accept-language'] || 'en').slice(0, 2));
  done();
});

fastify.get('/greeting/:name', (request, reply) => {
  readGreeting(request.params.name, (error, person) => {
    if (error) return reply.code(404).send({ error: i18n.translate('unknown') });
    reply.send({ locale: i18n.getLocale(), text: `${i18n.translate('hello')} ${person.title}` });
  });
});

fastify.listen({ port: process.env.PORT || 3000 });
