import type { FastifyRequest } from 'fastify';

import type { Parts } from '../../impl/system.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

export default faultsOf('hard.log.injection', [
  {
    id: 'path-logged-decoded',
    sentence: 'The path of a request is decoded and logged as it is.',
    collateral: { 'hard.secrets.leak': 'a path may hold a secret, which the log then shows' },
    override: requestsWritten(({ method, url }) => `${method} ${decoded(url)}`),
  },
  {
    id: 'user-agent-logged-raw',
    sentence: 'The user agent of a request is logged as it is.',
    collateral: { 'hard.secrets.leak': 'a user agent may hold a secret, which the log then shows' },
    override: requestsWritten(({ headers }) => `agent ${headers['user-agent']}`),
  },
  {
    id: 'header-logged-with-c1',
    sentence: 'The log is JSON, but control characters beyond ASCII stand in it as they were sent.',
    override: requestsWritten(({ headers }) =>
      JSON.stringify({ event: 'api.trace', id: headers['x-request-id'] }),
    ),
  },
  {
    id: 'field-logged-raw',
    sentence: 'The new name of an application is logged as it is.',
    override: requestsWritten(({ body }) =>
      typeof body === 'object' && body !== null && 'applicationName' in body
        ? `renamed ${String(body.applicationName)}`
        : undefined,
    ),
  },
  {
    id: 'sip-message-logged-raw',
    sentence: 'A SIP message is logged as it came.',
    override: wire({
      received(text) {
        process.stdout.write(`${text}\n`);
        return text;
      },
    }),
  },
]);

/** The API that writes a line of its own about each request. */
function requestsWritten(line: (request: FastifyRequest) => string | undefined): Partial<Parts> {
  return apiOptions(() => ({
    hook(app) {
      app.addHook('onResponse', async (request) => {
        const written = line(request);
        if (written !== undefined) process.stdout.write(`${written}\n`);
      });
    },
  }));
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
