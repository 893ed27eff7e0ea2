import { z } from 'zod';

import {
  hostName,
  ipAddress,
  list,
  PORT,
  port,
  seconds,
  SECONDS,
  setting,
  wholeNumber,
  type Place,
  type TierSettings,
} from '../runtime/setting.ts';
import { clientFileProblems, clientsOfText, withClientVariables } from './configured_clients.ts';

const ipNetwork = z.union([ipAddress, z.cidrv4(), z.cidrv6()]);
/** RFC 3986 unreserved, so that form-encoding of Basic credentials (RFC 6749 2.3.1) changes nothing. */
const unreserved = z.string().regex(/^[A-Za-z0-9._~-]{1,128}$/);
const clientSecret = unreserved.min(8);

/** Port 0 lets the kernel choose. `client` has both id and secret, or neither. */
const shape = {
  api: z
    .strictObject({
      host: ipAddress.default('127.0.0.1'),
      port: port.default(8080),
      trustedProxies: z.array(ipNetwork).default([]),
      callbackHosts: z.array(z.union([ipNetwork, hostName])).default([]),
    })
    .prefault({}),
  tokenLifetimeSeconds: seconds.default(3600),
  account: unreserved.default('9900000'),
  client: z.strictObject({ id: unreserved.optional(), secret: clientSecret.optional() }).prefault({}),
  clients: z.array(z.strictObject({ account: unreserved, id: unreserved, secret: clientSecret })).default([]),
};

type ApiConfig = z.infer<z.ZodObject<typeof shape>>;

/** The settings of the management API. */
export const apiSettings = {
  shape,
  settings: [
    setting('api.host', 'API_HOST', 'an IP address to listen on'),
    setting('api.port', 'API_PORT', PORT, wholeNumber),
    setting(
      'api.trustedProxies',
      'API_TRUSTED_PROXIES',
      'IP addresses or prefixes of the reverse proxies whose X-Forwarded-For is trusted: [10.0.0.0/24] in a file, 10.0.0.1,10.0.0.2 in a variable',
      list,
    ),
    setting(
      'api.callbackHosts',
      'API_CALLBACK_HOSTS',
      'host names, IP addresses or prefixes that callback URLs may name although they are not public: [localhost, 10.1.0.0/16] in a file, localhost,10.1.0.0/16 in a variable',
      list,
    ),
    setting('tokenLifetimeSeconds', 'TOKEN_LIFETIME_SECONDS', SECONDS, wholeNumber),
    setting('account', 'ACCOUNT', 'an account id of letters, digits and . _ ~ -'),
    setting('client.id', 'CLIENT_ID', 'a client id of letters, digits and . _ ~ -'),
    {
      ...setting('client.secret', 'CLIENT_SECRET', '8 to 128 letters, digits and . _ ~ -'),
      isSecret: true,
    },
    {
      ...setting(
        'clients',
        'CLIENTS',
        'further clients, of any account: [{account: "9900001", id: {environment: THE_ID}, secret: {environment: THE_SECRET}}] in a file, with the variables that hold id and secret; ACCOUNT:ID:SECRET,… in a variable',
        clientsOfText,
      ),
      isSecret: true,
    },
  ],
  problems: clientProblems,
  resolved: (content, environment) => ({
    ...content,
    clients: withClientVariables(content['clients'], environment),
  }),
  fileProblems: (content, place, environment) => [
    ...secretInFile(content['client'], place),
    ...clientFileProblems(content['clients'], place, environment),
  ],
} satisfies TierSettings<typeof shape>;

function clientProblems({ client, clients }: ApiConfig): string[] {
  const problems: string[] = [];
  const { id, secret } = client;
  if (id !== undefined && secret === undefined) {
    problems.push('the client id comes without a secret: set VOICE_EDGE_CLIENT_SECRET too, or neither');
  }
  if (id === undefined && secret !== undefined) {
    problems.push('VOICE_EDGE_CLIENT_SECRET comes without an id: set VOICE_EDGE_CLIENT_ID too, or neither');
  }
  const ids = [...(id === undefined ? [] : [id]), ...clients.map((one) => one.id)];
  const twice = ids.find((one, index) => ids.indexOf(one) !== index);
  if (twice !== undefined) problems.push(`two clients have the id ${twice}: give each its own`);
  return problems;
}

function secretInFile(client: unknown, place: Place): string[] {
  if (typeof client !== 'object' || client === null || !('secret' in client)) return [];
  const at = place(['client', 'secret']);
  return [`${at} must not stand in a file: set VOICE_EDGE_CLIENT_SECRET and remove it here`];
}
