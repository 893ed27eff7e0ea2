import { When, type DataTable } from '@cucumber/cucumber';

import { APPLICATION_SETTINGS } from '../../harness/clients/application.ts';
import type { ConformanceWorld } from '../world.ts';

/** Rule: hard.callback-url. Of a field that is there twice the last URL counts. */
When(
  'the client creates an application with these callback URLs',
  async function (this: ConformanceWorld, table: DataTable) {
    const { applicationName } = APPLICATION_SETTINGS;
    this.answer = await this.api.create({ applicationName, ...Object.fromEntries(rowsOf(table)) });
  },
);

function rowsOf(table: DataTable): (readonly [field: string, url: string])[] {
  return table.raw().map(([field = '', url = '']) => [field, url]);
}
