import type { Parts } from '../../impl/system.ts';
import { apiOptions, faultsOf } from '../fault.ts';
import { asksForToken } from '../requests.ts';

type HeaderFields = Record<string, string | string[] | undefined> & { authorization?: string | undefined };

export default faultsOf('oauth.token.forms', [
  {
    id: 'basic-scheme-in-one-case',
    sentence: 'The Basic scheme is known in one spelling only.',
    override: askedWith((headers) => {
      if (headers.authorization?.startsWith('Basic ') === false) headers.authorization = 'Unknown';
    }),
  },
  {
    id: 'escaped-credentials-taken-literally',
    sentence: 'A percent sign in id and secret is a percent sign.',
    override: askedWith((headers) => {
      const text = Buffer.from(headers.authorization?.split(' ').at(-1) ?? '', 'base64').toString();
      if (!text.includes('%')) return;
      headers.authorization = `Basic ${Buffer.from(text.replaceAll('%', '%25')).toString('base64')}`;
    }),
  },
  {
    id: 'padding-required',
    sentence: 'Credentials whose base64 has no padding are refused.',
    override: askedWith((headers) => {
      if (/[^=]$/.test(headers.authorization ?? '')) headers.authorization = 'Basic';
    }),
  },
  {
    id: 'form-with-a-charset-refused',
    sentence: 'A form whose type has a charset is no form.',
    override: askedWith((headers) => {
      if (headers['content-type']?.includes('charset') === true) headers['content-type'] = 'text/plain';
    }),
  },
]);

/** The token endpoint that reads the header fields of a request as `change` leaves them. */
function askedWith(change: (headers: HeaderFields) => void): Partial<Parts> {
  return apiOptions(() => ({
    hook(app) {
      app.addHook('onRequest', async (request) => {
        if (asksForToken(request)) change(request.headers);
      });
    },
  }));
}
