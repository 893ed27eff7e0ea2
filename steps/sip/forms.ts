import { When, type DataTable } from '@cucumber/cucumber';

import { HEADER_FORMS } from '../../harness/traffic/header_forms.ts';
import type { RawCaller } from '../../harness/traffic/raw_caller.ts';
import { withHops, type RawLines } from '../../harness/traffic/raw_request.ts';
import { HarnessError } from '../../harness/verdict.ts';
import { inviteLines, knockLines, nonceFor } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';
import { userOf, WRONG_PASSWORD } from './dial.ts';

async function knockingWith(
  world: ConformanceWorld,
  caller: RawCaller,
  password?: string,
): Promise<RawLines> {
  const nonce = await nonceFor(world, caller, 'unseen');
  return knockLines(world, caller, { nonce, count: 1, ...(password === undefined ? {} : { password }) });
}

/** An INVITE that is decided in one way, by what a feature says of it. */
const INVITES: Readonly<Record<string, (world: ConformanceWorld, caller: RawCaller) => Promise<RawLines>>> = {
  'the right password': (world, caller) => knockingWith(world, caller),
  'a wrong password': (world, caller) => knockingWith(world, caller, WRONG_PASSWORD),
  'Max-Forwards 0': async (world, caller) => withHops(inviteLines(world, caller), '0'),
  async 'the other application in To'(world, caller) {
    const { application, otherApplication } = world;
    const lines = await knockingWith(world, caller);
    return { ...lines, to: lines.to.replace(userOf(world, application), userOf(world, otherApplication)) };
  },
};

/** Rules: sip.auth.accepted, sip.auth.wrong-password, sip.hops, sip.identity.to. */
When(
  /^INVITEs come with (the right password|a wrong password|Max-Forwards 0|the other application in To), written with$/,
  async function (this: ConformanceWorld, what: string, table: DataTable) {
    const caller = await this.rawCaller();
    const invites: Record<string, RawLines> = {};
    for (const [name = ''] of table.raw()) {
      const form = HEADER_FORMS[name];
      const invite = await INVITES[what]?.(this, caller);
      if (!form || !invite) throw new HarnessError(`no form is called "${name}"`);
      invites[name] = form(invite);
    }
    await this.attempt(caller, invites);
  },
);
