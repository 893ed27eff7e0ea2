import { When } from '@cucumber/cucumber';

import { createEnabledApplication, passwordOf } from '../../harness/clients/application.ts';
import { digestCredentials } from '../../harness/clients/digest.ts';
import { challengeIn } from '../../harness/expect/attempts.ts';
import { BrokenPrecondition } from '../../harness/verdict.ts';
import { inviteLines } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { dial, userOf, type Dial } from './dial.ts';

// Calls whose first INVITE has credentials: whatever refuses it at once has seen them.

/** A call with credentials. */
type AtOnce = Dial & Required<Pick<Dial, 'credentialsOf'>>;

/**
 * A nonce that the service has given to this address, for another application: whoever is to be refused may get none
 * for its own. Throws a BrokenPrecondition where no challenge comes.
 */
async function nonceGivenTo(world: ConformanceWorld, from: string | undefined): Promise<string> {
  const open = await createEnabledApplication(world.api, { passwordAuthEnabled: true });
  const caller = await world.rawCaller(from);
  const timed = await caller.timed(inviteLines(world, caller, 'reject', userOf(world, open)));
  const nonce = challengeIn(timed?.answer)?.parameters.get('nonce');
  if (nonce !== undefined) return nonce;
  throw new BrokenPrecondition('sip.challenge', 'there was no challenge with a nonce to answer');
}

/** Calls as `dial` does, with the credentials in the first INVITE. */
export async function dialAtOnce(world: ConformanceWorld, how: AtOnce): Promise<void> {
  const { application, parameters, randomness } = world;
  const { credentialsOf, requestUri = application, password = passwordOf(credentialsOf) } = how;
  const { realm } = parameters.descriptor;
  const credentials = digestCredentials({
    username: how.user ?? userOf(world, credentialsOf),
    realm,
    password,
    method: 'INVITE',
    uri: `sip:${how.user ?? userOf(world, requestUri)}@${realm}`,
    nonce: await nonceGivenTo(world, how.from),
    qop: { nonceCount: 1, clientNonce: randomness.uuid() },
  });
  await dial(world, { ...how, atOnce: `Proxy-Authorization: ${credentials}` });
}

/**
 * Rules: app.disable.kills-credential, app.password-off, app.reenable.fresh, app.rotate.keeps-rest, sip.disabled,
 * sip.disabled.established.
 */
When('it is called with its password at once', async function (this: ConformanceWorld) {
  await dialAtOnce(this, { credentialsOf: this.application });
});

/**
 * Rules: app.enable.layered, app.regions.unknown, app.rotate.keeps-rest, app.source-ips.replaced-whole,
 * sip.layered.ip-fails, sip.region.refused, sip.region.update.
 */
When(
  'it is called from {word} with its password at once',
  async function (this: ConformanceWorld, from: string) {
    await dialAtOnce(this, { from, credentialsOf: this.application });
  },
);

When(
  'the {customer} calls it with its password at once',
  async function (this: ConformanceWorld, customer: string) {
    await dialAtOnce(this, { from: this.addressOf(customer), credentialsOf: this.application });
  },
);

/** Rule: sip.identity.auth-user. */
When(
  "the first is called with the other's name and password at once",
  async function (this: ConformanceWorld) {
    await dialAtOnce(this, { credentialsOf: this.otherApplication });
  },
);

/** Rule: sip.identity.request-uri. */
When(
  'the first is called with its password at once, and with the other in the Request-URI',
  async function (this: ConformanceWorld) {
    const { application, otherApplication } = this;
    await dialAtOnce(this, { credentialsOf: application, requestUri: otherApplication, to: application });
  },
);

/** Rule: sip.identity.to. */
When(
  'the first is called with its password at once, and with the other in To',
  async function (this: ConformanceWorld) {
    await dialAtOnce(this, { credentialsOf: this.application, to: this.otherApplication });
  },
);
