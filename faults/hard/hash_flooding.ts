import type { Parts } from '../../impl/system.ts';
import { busyFor } from '../busy.ts';
import { faultsOf } from '../fault.ts';
import { wire } from '../wire.ts';

const INTEGER_NAME = /^\d+:/gm;

export default faultsOf('hard.hash-flooding', [
  {
    id: 'integer-call-ids-in-one-bucket',
    sentence: 'Call-IDs that look like integers are kept in one list, which is searched from its beginning.',
    override: longerWithEach(/^Call-ID: (\d+)\r$/m),
  },
  {
    id: 'integer-header-names-in-one-bucket',
    sentence:
      'Header names that look like integers are kept in one list, which is searched from its beginning.',
    override: wire({
      received(text) {
        busyFor((text.match(INTEGER_NAME)?.length ?? 0) / 20);
        return text;
      },
    }),
  },
  {
    id: 'integer-tags-in-one-bucket',
    sentence: 'Tags that look like integers are kept in one list, which is searched from its beginning.',
    override: longerWithEach(/^From:.*;tag=(\d+)\r$/m),
  },
]);

/** The edge that takes a fifteenth of a millisecond for each such value that has come before. */
function longerWithEach(value: RegExp): Partial<Parts> {
  const list = new Set<string>();
  return wire({
    received(text) {
      const [, found] = value.exec(text) ?? [];
      if (found !== undefined) busyFor(list.add(found).size / 15);
      return text;
    },
  });
}
