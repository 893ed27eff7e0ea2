import { When, type DataTable } from '@cucumber/cucumber';

import { HarnessError } from '../../harness/verdict.ts';
import { userOf } from '../sip/dial.ts';
import type { ConformanceWorld } from '../world.ts';
import { inTheFormOf, knockLines, nonceFor } from './knock.ts';

/** What a digest can be made for. */
interface Names {
  /** The user part that stands for the application. */
  readonly user: string;
  readonly id: string;
  readonly uriUser: string;
  readonly other: { readonly id: string; readonly uriUser: string };
  readonly nobody: string;
  readonly domain: string;
  readonly host: string;
  readonly port: number;
}

const ELSEWHERE = 'elsewhere.example';

/** The uri of a digest, by the name a feature gives it. */
const URIS: Readonly<Record<string, (names: Names) => string>> = {
  'the application at another host': ({ user }) => `sip:${user}@${ELSEWHERE}`,
  'the application at a subdomain': ({ user, domain }) => `sip:${user}@a.${domain}`,
  'the application at a domain that begins alike': ({ user, domain }) => `sip:${user}@${domain}.${ELSEWHERE}`,
  'another host alone': () => `sip:${ELSEWHERE}`,
  'another host, with the domain as its user': ({ domain }) => `sip:${domain}@${ELSEWHERE}`,
  'another host, with the domain as maddr': ({ user, domain }) => `sip:${user}@${ELSEWHERE};maddr=${domain}`,
  'another host, with the domain in a header': ({ user, domain }) =>
    `sip:${user}@${ELSEWHERE}?Route=sip:${domain}`,
  'another host behind the domain': ({ user, domain }) => `sip:${user}@${domain}@${ELSEWHERE}`,
  'the domain behind another host': ({ user, domain }) => `sip:${user}@${ELSEWHERE}@${domain}`,
  'the other application': ({ other, domain }) => `sip:${other.id}@${domain}`,
  "the user of the other application's SIP URI": ({ other, domain }) => `sip:${other.uriUser}@${domain}`,
  'a user that nobody has': ({ nobody, domain }) => `sip:${nobody}@${domain}`,
  'a telephone number': () => 'tel:+12025550123',
  'the domain in http': ({ domain }) => `http://${domain}/`,
  'the domain without a scheme': ({ domain }) => domain,
  'an asterisk': () => '*',
  'a word': () => 'nothing',
  nothing: () => '',
  'the application': ({ user, domain }) => `sip:${user}@${domain}`,
  "the application's id": ({ id, domain }) => `sip:${id}@${domain}`,
  'the user of its SIP URI': ({ uriUser, domain }) => `sip:${uriUser}@${domain}`,
  'the domain alone': ({ domain }) => `sip:${domain}`,
  'the domain in upper case': ({ user, domain }) => `sip:${user}@${domain.toUpperCase()}`,
  'the domain with a port': ({ user, domain, port }) => `sip:${user}@${domain}:${port}`,
  'the domain with a parameter': ({ user, domain }) => `sip:${user}@${domain};transport=udp`,
  'the scheme in upper case': ({ user, domain }) => `SIP:${user}@${domain}`,
  "the service's address alone": ({ host }) => `sip:${host}`,
  "the service's address with a port": ({ host, port }) => `sip:${host}:${port}`,
  'the application at the address': ({ user, host, port }) => `sip:${user}@${host}:${port}`,
};

function namesIn(world: ConformanceWorld): Names {
  const { application, applications, parameters, randomness } = world;
  const [, other = application] = applications;
  const { id, uriUser = id } = application;
  const user = userOf(world, application);
  return {
    user,
    id,
    uriUser,
    other: { id: other.id, uriUser: other.uriUser ?? other.id },
    nobody: inTheFormOf(user, randomness),
    domain: parameters.descriptor.realm,
    ...parameters.place.sip,
  };
}

/** Rule: hard.digest.uri. */
When(
  'the first is called with right digests, each to a fresh challenge, for',
  async function (this: ConformanceWorld, table: DataTable) {
    const names = namesIn(this);
    const round = table.raw().map(async ([name = '']) => {
      const uri = URIS[name]?.(names);
      if (uri === undefined) throw new HarnessError(`no uri of a digest is called "${name}"`);
      const caller = await this.rawCaller();
      const nonce = await nonceFor(this, caller, 'unseen');
      return caller.attempt({ [name]: knockLines(this, caller, { nonce, count: 1, uri }) });
    });
    this.exchanges.push({ kind: 'round', result: (await Promise.all(round)).flat() });
  },
);
