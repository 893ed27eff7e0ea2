import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentialOf, type VoiceApplication } from '../../impl/store/model/voice_application.ts';
import { openSqliteStore } from '../../impl/store/sqlite/sqlite_store.ts';
import type { Store } from '../../impl/store/store.ts';
import { plainProfile } from '../../impl/testing/plain_profile.ts';
import { cpuMicrosInTurn } from '../cpu_time.ts';
import { REALM } from '../edge/places.ts';

const ACCOUNT = '9900000';
const FEW = 10;
const BY = { clientId: 'bench', requestId: 'bench', sourceAddress: '127.0.0.1' };

/** CPU time of the edge's look-up, in µs, among ten applications and among many. */
export interface DirectoryFigures {
  readonly few: { readonly applications: number; readonly micros: number };
  readonly many: { readonly applications: number; readonly micros: number };
  readonly ratio: number;
}

/** Measures look-ups by application id and by the SIP URI's user, each time another application. */
export async function measureDirectory(
  many: number,
  say: (doing: string) => void,
): Promise<DirectoryFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-directory-'));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rmSync(folder, { recursive: true }));
  const lookups: (() => unknown)[] = [];
  for (const applications of [FEW, many]) {
    const store = await openSqliteStore(join(folder, `${applications}.db`), Date.now);
    undo.defer(() => store.close());
    await store.clients.create(
      { clientId: 'bench', accountId: ACCOUNT },
      { secretId: 'bench', secretHash: '-' },
    );
    lookups.push(lookupAmong(store, await filled(store, applications, say)));
  }
  const [few = Number.NaN, among = Number.NaN] = cpuMicrosInTurn(lookups);
  return {
    few: { applications: FEW, micros: few },
    many: { applications: many, micros: among },
    ratio: among / few,
  };
}

/** Creates `wanted` applications. Resolves with both user names of each. */
async function filled(store: Store, wanted: number, say: (doing: string) => void): Promise<string[]> {
  const users: string[] = [];
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
    profile: plainProfile('Bench'),
    inbound: {
      uriUser,
      credential: credentialOf(applicationId, uriUser, REALM, 'not-a-real-password'),
      allowedSources: [{ network: 0xcb007100, mask: 0xffffff00 }],
      allowedRegions: ['US'],
    },
  };
}

function lookupAmong({ inbound }: Store, users: readonly string[]): () => unknown {
  let next = 0;
  return () => {
    // A stride that reaches every user, and never two neighbours in a row.
    next = (next + 7919) % users.length;
    return inbound.find(users[next]!);
  };
}
