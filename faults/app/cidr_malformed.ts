import type { FieldError } from '../../impl/api/field_error.ts';
import { parseIpv4Prefix, type Ipv4Prefix } from '../../impl/net/ipv4_prefix.ts';
import { faultsOf, patchedOtherwise } from '../fault.ts';
import { goodSources, patchReadAs, sourcesRead } from '../patches.ts';
import { bodiesRewritten } from '../requests.ts';

export default faultsOf('app.cidr.malformed', [
  {
    id: 'bare-address-accepted',
    sentence: 'An address without a prefix length is taken for a single one.',
    override: patchReadAs(({ patch }) => {
      const allowedSourceIps = patch.allowedSourceIps?.map((text) =>
        /^\d+\.\d+\.\d+\.\d+$/.test(text) ? `${text}/32` : text,
      );
      return allowedSourceIps === undefined ? patch : { ...patch, allowedSourceIps };
    }),
  },
  {
    id: 'blanks-trimmed',
    sentence: 'Blanks around a source address are cut off.',
    override: patchReadAs(({ patch }) =>
      patch.allowedSourceIps === undefined
        ? patch
        : { ...patch, allowedSourceIps: patch.allowedSourceIps.map((text) => text.trim()) },
    ),
  },
  {
    id: 'cidr-refusal-without-entry',
    sentence: 'The refusal of a source address names the list, and not the entry.',
    override: patchedOtherwise((outcome) =>
      outcome.next === undefined
        ? {
            errors: outcome.errors.map((error) =>
              error.field.startsWith('allowedSourceIps[')
                ? { field: 'allowedSourceIps', reason: error.reason.replace(/at index \d+/, 'before') }
                : error,
            ),
          }
        : outcome,
    ),
  },
  {
    id: 'first-bad-source-only',
    sentence: 'Where several source addresses are wrong only the first of them is named.',
    override: patchedOtherwise((outcome) => {
      if (outcome.next !== undefined) return outcome;
      const first = outcome.errors.find(isAboutSource);
      return { errors: outcome.errors.filter((error) => error === first || !isAboutSource(error)) };
    }),
  },
  {
    id: 'leading-zeros-accepted',
    sentence: 'Octets with leading zeros are read as decimal.',
    override: sourcesRead((text) => {
      const [address = '', length] = text.split('/');
      const octets = address.split('.').map((octet) => (/^0+\d/.test(octet) ? String(Number(octet)) : octet));
      return goodSources([`${octets.join('.')}/${length}`])?.[0];
    }),
  },
  {
    id: 'no-strings-dropped',
    sentence: 'Entries of allowedSourceIps that are no strings are ignored.',
    collateral: {
      'app.errors': 'such an entry is of the wrong type',
      'app.patch.atomic': 'such an entry is one reason to refuse a PATCH',
    },
    override: bodiesRewritten((body) => {
      const { allowedSourceIps } = body;
      if (!Array.isArray(allowedSourceIps)) return body;
      return { ...body, allowedSourceIps: allowedSourceIps.filter((entry) => typeof entry === 'string') };
    }),
  },
  {
    id: 'same-source-twice-accepted',
    sentence: 'A source address that is listed twice counts once.',
    override: patchReadAs(({ patch }) =>
      patch.allowedSourceIps === undefined
        ? patch
        : { ...patch, allowedSourceIps: [...new Set(patch.allowedSourceIps)] },
    ),
  },
  {
    id: 'highest-host-bit-ignored',
    sentence: 'Of the bits beyond a prefix the highest one is not looked at.',
    override: sourcesRead((text) => hostBitsCut(text, (host, size) => host === size / 2)),
  },
  {
    id: 'host-bits-of-short-prefixes-ignored',
    sentence: 'The bits beyond a prefix are not looked at if it has fewer than eight.',
    override: sourcesRead((text) => hostBitsCut(text, (_, size) => size > 2 ** 24)),
  },
  {
    id: 'repetition-in-a-full-list-accepted',
    sentence: 'In a list of 25 source addresses one may be there twice.',
    override: patchReadAs(({ patch }) =>
      patch.allowedSourceIps?.length === 25
        ? { ...patch, allowedSourceIps: [...new Set(patch.allowedSourceIps)] }
        : patch,
    ),
  },
]);

function isAboutSource({ field }: FieldError): boolean {
  return field.startsWith('allowedSourceIps[');
}

/** The prefix without its host bits, if it has some that `isCut` takes: their number, and that of its addresses. */
function hostBitsCut(text: string, isCut: (host: number, size: number) => boolean): Ipv4Prefix | undefined {
  const [address = '', length = ''] = text.split('/');
  const whole = parseIpv4Prefix(`${address}/32`);
  if ('reason' in whole || !/^([0-9]|[12]\d|3[01])$/.test(length)) return undefined;
  const size = 2 ** (32 - Number(length));
  const host = whole.network % size;
  return host > 0 && isCut(host, size) ? { network: whole.network - host, mask: 2 ** 32 - size } : undefined;
}
