import type { Fault } from '../fault.ts';
import { bodiesRewritten } from '../requests.ts';

export default {
  id: 'no-strings-dropped',
  rule: 'app.cidr.malformed',
  sentence: 'Entries of allowedSourceIps that are no strings are passed over.',
  collateral: {
    'app.errors': 'such an entry is of the wrong type',
    'app.patch.atomic': 'such an entry is one reason to refuse a PATCH',
  },
  override: bodiesRewritten((body) => {
    const { allowedSourceIps } = body;
    if (!Array.isArray(allowedSourceIps)) return body;
    return { ...body, allowedSourceIps: allowedSourceIps.filter((entry) => typeof entry === 'string') };
  }),
} satisfies Fault;
