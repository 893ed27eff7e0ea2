import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readAdminOrder } from './order.ts';

const words = (command: string): string[] => (command === '' ? [] : command.split(' '));

function problem(command: string): string {
  const order = readAdminOrder(words(command), {});
  assert.ok(order !== 'help' && 'problems' in order, `${command} was accepted`);
  assert.equal(order.problems.length, 1);
  return order.problems.join();
}

test('an order holds the command, its arguments and the configuration', () => {
  const order = readAdminOrder(words('client rotate me --overlap 15m'), { VOICE_EDGE_DATABASE: 'voice.db' });
  assert.ok(order !== 'help' && !('problems' in order));
  const { command, given, config } = order;
  assert.deepEqual(command.words, ['client', 'rotate']);
  const absent = { account: undefined, id: undefined };
  assert.deepEqual(given, { name: 'me', ...absent, overlap: '15m', dropFormer: false });
  assert.equal(config.database, 'voice.db');
  assert.equal(readAdminOrder(['--help', 'client'], {}), 'help');
  for (const right of [
    'client add --account 1',
    'client add --account 1 --id a.b_c~d-1',
    'client list',
    'client list --account 1',
    'client rotate x --overlap 1',
    'client rotate x --overlap 90d',
    'client remove x',
    'key list',
    'key roll --drop-former',
    'key drop 0f',
  ]) {
    assert.ok('command' in Object(readAdminOrder(words(right), {})), right);
  }
});

const WRONG: readonly (readonly [command: string, said: RegExp])[] = [
  ['', /^no command: there are client add, .*--help/],
  ['client', /^no command "client": there are/],
  ['client burn x', /^no command "client burn x"/],
  ['toString x', /^no command "toString x"/],
  ['client add', /^name the account the client is for: --account ID$/],
  ['client add --account a/b', /^--account must be 1 to 128 letters/],
  [`client add --account ${'9'.repeat(129)}`, /^--account must be 1 to 128 letters/],
  ['client add --account 1 --id a:b', /^--id must be 1 to 128 letters/],
  ['client add --account 1 --id twice x', /^the command is: client add --account ID/],
  ['client list --id x', /^the command is: client list/],
  ['client rotate', /^the command is: client rotate CLIENT/],
  ['client rotate a b', /^the command is: client rotate CLIENT/],
  ['client rotate a --overlap 0', /^--overlap must be a time such as 90s/],
  ['client rotate a --overlap 91d', /of 90 days at the most$/],
  ['client rotate a --overlap soon', /^--overlap must be a time/],
  ['client rotate a --overlap=-5', /^--overlap must be a time/],
  ['client rotate a --overlap 1.5h', /^--overlap must be a time/],
  ['client remove a --overlap 1h', /^the command is: client remove CLIENT/],
  ['key list --drop-former', /^the command is: key list/],
  ['key drop', /^the command is: key drop KID/],
  ['key roll --frobnicate', /^Unknown option '--frobnicate'.*--help/],
  ['client list --config none.yaml', /^none\.yaml: cannot be read/],
];

test('a wrong command is refused with advice', () => {
  for (const [command, said] of WRONG) assert.match(problem(command), said, command);
});
