import type { HttpAnswer, HttpJournal } from './http.ts';
import type { ManagementCall, ManagementClient } from './management.ts';
import { requestToken, type ClientCredentials } from './oauth.ts';

const JSON_TYPE = 'application/json';

type Change = (secret: string) => Pick<ManagementCall, 'body' | 'contentType' | 'headers' | 'query'>;

/** A PATCH with this body. */
function body(text: (secret: string) => string, contentType = JSON_TYPE): Change {
  return (secret) => ({ contentType, body: text(secret) });
}

/** Changes with a secret where none belongs, by the words features use. */
const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ['as the value of an unknown field', body((secret) => JSON.stringify({ theField: secret }))],
  [
    'as the value of a field of another type',
    body((secret) => JSON.stringify({ passwordAuthEnabled: secret })),
  ],
  ['as a password of its own choice', body((secret) => JSON.stringify({ sipAuthPassword: secret }))],
  ['as an allowed source', body((secret) => JSON.stringify({ allowedSourceIps: [secret] }))],
  [
    'in the URL of an allowed source',
    body((secret) => JSON.stringify({ allowedSourceIps: [`https://voice:${secret}@198.51.100.7`] })),
  ],
  [
    'behind a user name as an allowed source',
    body((secret) => JSON.stringify({ allowedSourceIps: [`ab:${secret}`] })),
  ],
  [
    'as the port of an allowed source',
    body((secret) => JSON.stringify({ allowedSourceIps: [`198.51.100.7:${secret}`] })),
  ],
  ['as an allowed region', body((secret) => JSON.stringify({ allowedRegions: [secret] }))],
  ['as a callback URL', body((secret) => JSON.stringify({ callStatusCallbackUrl: secret }))],
  ['as a method', body((secret) => JSON.stringify({ callStatusMethod: secret }))],
  ['as the whole body', body((secret) => secret)],
  ['as a JSON text alone', body((secret) => JSON.stringify(secret))],
  ['in JSON that ends too early', body((secret) => `{"sipAuthPassword": "${secret}"`)],
  ['in JSON with a wrong token after it', body((secret) => `{"applicationName": "${secret}" oops}`)],
  ['in JSON with a line end in it', body((secret) => `{"applicationName": "${secret}\n"}`)],
  [
    'in a body of another type',
    body((secret) => `sipAuthPassword=${secret}`, 'application/x-www-form-urlencoded'),
  ],
  ['as the content type', (secret) => ({ contentType: `text/${secret}`, body: '{}' })],
  [
    'in a header of its own',
    (secret) => ({ headers: { 'x-secret': secret }, contentType: JSON_TYPE, body: '{' }),
  ],
  [
    'as a cookie',
    (secret) => ({ headers: { cookie: `session=${secret}` }, contentType: JSON_TYPE, body: '{' }),
  ],
  [
    'as the user agent',
    (secret) => ({ headers: { 'user-agent': secret }, contentType: JSON_TYPE, body: '[]' }),
  ],
  [
    'in the query of a change',
    (secret) => ({ query: `?access_token=${secret}`, contentType: JSON_TYPE, body: '{' }),
  ],
]);

/** Other calls of the management API, likewise. */
const CALLS: ReadonlyMap<string, (secret: string) => ManagementCall> = new Map<
  string,
  (secret: string) => ManagementCall
>([
  ['as an application', (secret) => ({ method: 'GET', applicationId: secret })],
  [
    'as an application to change',
    (secret) => ({ method: 'PATCH', applicationId: secret, contentType: JSON_TYPE, body: '{}' }),
  ],
  ['as an application to delete', (secret) => ({ method: 'DELETE', applicationId: secret })],
  ['as an account', (secret) => ({ method: 'GET', accountId: secret })],
  ['as a page', (secret) => ({ method: 'GET', query: `?page=${secret}&size=${secret}` })],
  [
    'as a token of another scheme',
    (secret) => ({ method: 'GET', withoutToken: true, headers: { authorization: `Token ${secret}` } }),
  ],
  [
    'as a bearer token with more behind it',
    (secret) => ({
      method: 'GET',
      withoutToken: true,
      headers: { authorization: `Bearer ${secret} ${secret}` },
    }),
  ],
  [
    'as Basic credentials',
    (secret) => ({ method: 'GET', withoutToken: true, headers: { authorization: `Basic ${secret}` } }),
  ],
]);

/** Forms of a token request. */
const FORMS: ReadonlyMap<string, (secret: string) => string> = new Map([
  ['as a grant type', (secret: string) => `grant_type=${secret}`],
  ['as a scope', (secret: string) => `grant_type=client_credentials&scope=${secret}`],
  [
    'as a client secret in the form',
    (secret: string) => `grant_type=client_credentials&client_secret=${secret}`,
  ],
  [
    'as a parameter that is there twice',
    (secret: string) => `grant_type=client_credentials&x=${secret}&x=${secret}`,
  ],
  ['as a form without a parameter', (secret: string) => secret],
]);

/** Where a secret can be sent by mistake, in the words of features. */
export const MISPLACEMENTS: readonly string[] = [...CHANGES.keys(), ...CALLS.keys(), ...FORMS.keys()];

/** Who is asked, and about which application. */
export interface MisplacingClient {
  readonly api: ManagementClient;
  readonly journal: HttpJournal;
  readonly tokenUrl: string;
  readonly client: ClientCredentials;
  readonly applicationId: string;
}

/** Sends the secret where none belongs; undefined where the place is not known. */
export async function misplaced(
  secret: string,
  place: string,
  { api, journal, tokenUrl, client, applicationId }: MisplacingClient,
): Promise<HttpAnswer | undefined> {
  const change = CHANGES.get(place);
  if (change) return api.send({ method: 'PATCH', applicationId, ...change(secret) });
  const call = CALLS.get(place);
  if (call) return api.send(call(secret));
  const form = FORMS.get(place);
  return form && requestToken(journal, tokenUrl, client, form(secret));
}
