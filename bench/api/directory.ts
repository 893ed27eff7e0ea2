import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../impl/store/sqlite_store.ts';
import type { Store } from '../../impl/store/store.ts';
import { credentialOf, type VoiceApplication } from '../../impl/store/voice_application.ts';
import { cpuMicros } from '../cpu_time.ts';
import { REALM } from '../edge/places.ts';

const ACCOUNT = '9900000';
const FEW = 10;
const BY = { clientId: 'bench', requestId: 'bench', sourceAddress: '127.0.0.1' };

/** What a look-up costs the edge, in µs, among ten applications and among many. */
export interface DirectoryFigures {
  readonly few: { readonly applications: number; readonly micros: number };
  readonly many: { readonly applications: number; readonly micros: number };
  readonly ratio: number;
}

/** Measures look-ups by application id and by the SIP URI's user, each of another application. */
export async function measureDirectory(
  many: number,
  say: (doing: string) => void,
): Promise<DirectoryFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-directory-'));
  const store = await openSqliteStore(join(folder, 'store.db'), Date.now);
  try {
    await store.clients.create(
      { clientId: 'bench', accountId: ACCOUNT },
      { secretId: 'bench', secretHash: '-' },
    );
    const users = await grown(store, [], FEW, say);
    const few = { applications: FEW, micros: lookupMicros(store, users) };
    await grown(store, users, many, say);
    const rest = { applications: many, micros: lookupMicros(store, users) };
    return { few, many: rest, ratio: rest.micros / few.micros };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** Adds applications until there are `wanted`; both user names of each. */
async function grown(
  store: Store,
  users: string[],
  wanted: number,
  say: (doing: string) => void,
): Promise<string[]> {
  while (users.length / 2 < wanted) {
    if ((users.length / 2) % 10_000 === 0)
      say(`an application is looked up: ${users.length / 2} of ${wanted} are there`);
    const application = newApplication();
    await store.applications.create(application, BY);
    users.push(application.applicationId, application.inbound?.uriUser ?? '');
  }
  return users;
}

function newApplication(): VoiceApplication {
  const applicationId = randomUUID();
  const uriUser = randomUUID();
  return {
    applicationId,
    accountId: ACCOUNT,
    profile: {
      applicationName: 'Bench',
      callInitiatedCallbackUrl: 'https://app.example/initiate',
      callInitiatedMethod: 'POST',
      callInitiatedFallbackUrl: null,
      callInitiatedFallbackMethod: 'POST',
      callInitiatedFallbackCreds: null,
      callStatusCallbackUrl: null,
      callStatusMethod: 'POST',
      callbackCreds: null,
      callbackTimeout: 15,
    },
    inbound: {
      uriUser,
      credential: credentialOf(applicationId, uriUser, REALM, 'not-a-real-password'),
      allowedSources: [{ network: 0xcb007100, mask: 0xffffff00 }],
      allowedRegions: ['US'],
    },
  };
}

function lookupMicros({ inbound }: Store, users: readonly string[]): number {
  let next = 0;
  return cpuMicros(() => {
    // A stride that meets every user, so that no two look-ups in a row are neighbours.
    next = (next + 7919) % users.length;
    return inbound.find(users[next]!);
  });
}
