import { Then, When, type DataTable } from '@cucumber/cucumber';

import { must, ofEach } from '../../harness/expect/match.ts';
import { deliveredOnRoute } from '../../harness/expect/recorded_routes.ts';
import { inviteLines } from '../hard/knock.ts';
import type { ConformanceWorld } from '../world.ts';

/** Rule: sip.dialog.in-route. */
When(
  'INVITEs come without credentials and without a body, with these routes recorded',
  async function (this: ConformanceWorld, table: DataTable) {
    const caller = await this.rawCaller();
    const invites = table.raw().map(([route = '']) => {
      const lines = inviteLines(this, caller);
      const recorded = route === 'none' ? [] : [`Record-Route: ${route}`];
      return [`Record-Route: ${route}`, { ...lines, first: [...lines.first, ...recorded] }] as const;
    });
    await this.attempt(caller, Object.fromEntries(invites));
  },
);

Then('each reaches the voice platform with the service on its route', function (this: ConformanceWorld) {
  must(ofEach(this.lastRound, deliveredOnRoute));
});
