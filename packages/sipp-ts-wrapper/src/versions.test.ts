import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isBefore, versionWarning } from './versions.ts';

describe('versions', () => {
  test('are compared number by number', () => {
    const ordered = ['3.5.9', '3.6', '3.6.1', '3.7.0', '3.7.7', '3.7.10', '3.10.0', '4.0'];
    for (const [index, version] of ordered.entries()) {
      assert.ok(!isBefore(version, version));
      for (const later of ordered.slice(index + 1)) {
        assert.ok(isBefore(version, later), `${version} < ${later}`);
        assert.ok(!isBefore(later, version), `${later} > ${version}`);
      }
    }
    assert.ok(!isBefore('3.6', '3.6.0') && !isBefore('3.6.0', '3.6'));
  });

  test('outside of what was tested are named, with the range, in one line', () => {
    for (const version of ['3.6.1', '3.7.4', '3.7.5', '3.7.7'])
      assert.equal(versionWarning(version), undefined);
    for (const version of ['3.6.0', '3.7.8', '3.8.0', '4.0']) {
      assert.match(
        versionWarning(version)!,
        new RegExp(`^SIPp ${version} was never tested .*3\\.6\\.1 to 3\\.7\\.7: .*$`),
      );
    }
  });
});
