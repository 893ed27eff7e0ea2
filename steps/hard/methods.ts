import { When, type DataTable } from '@cucumber/cucumber';

import type { ConformanceWorld } from '../world.ts';
import { routes } from './disguises.ts';
import { uriOf } from './knock.ts';

/** What a method needs to be well-formed. */
export const NEEDED: Readonly<Record<string, readonly string[]>> = {
  SUBSCRIBE: ['Event: presence', 'Expires: 600'],
  NOTIFY: ['Event: presence', 'Subscription-State: active'],
  PUBLISH: ['Event: presence', 'Expires: 600'],
  REFER: ['Refer-To: <sip:somebody@elsewhere.example>'],
  PRACK: ['RAck: 1 1 INVITE'],
};

const DIALOGS: Readonly<Record<string, readonly [tag: string, route: string]>> = {
  'outside any dialog': ['', 'no Route'],
  'with an invented To tag': [';tag=invented', 'no Route'],
  'with an invented To tag and Route': [';tag=invented', 'a Route to the service with a token'],
};

/** Rule: hard.methods.unauthenticated. */
When(
  /^requests of these methods come without credentials, (outside any dialog|with an invented To tag(?: and Route)?)$/,
  async function (this: ConformanceWorld, how: string, table: DataTable) {
    const caller = await this.rawCaller();
    const [tag = '', route = ''] = DIALOGS[how] ?? [];
    const uri = uriOf(this);
    const requests = table
      .raw()
      .flat()
      .map((method) => {
        const others = ['Subject: reject', ...routes(this, route), ...(NEEDED[method] ?? [])];
        return [method, caller.lines({ method, uri, to: `<${uri}>${tag}`, others })] as const;
      });
    await this.attempt(caller, Object.fromEntries(requests));
  },
);
