/** The same app as a fetch handler, the form that env-runner runs. */
import { answer } from './answers.js';

export default {
  fetch(request) {
    const { pathname, search } = new URL(request.url);
    return new Response(answer(pathname + search), { headers: { 'Content-Type': 'text/plain' } });
  },
};
