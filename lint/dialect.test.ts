import { describe, test } from 'node:test';

import { RuleTester } from 'oxlint/plugins-dev';

import dialect from './dialect.ts';

RuleTester.describe = (name, run) => {
  describe(name, run);
};
RuleTester.it = (name, run) => {
  test(name, run);
};
const tester = new RuleTester({ languageOptions: { parserOptions: { lang: 'ts' } } });

tester.run('private members', dialect.rules['private-members'], {
  valid: ['class A { #b = 1; #c() {} private constructor() {} }', 'class A { readonly b = 1; }'],
  invalid: [
    { code: 'class A { private b = 1; }', errors: [{ messageId: 'keyword' }] },
    { code: 'class A { private readonly b = 1; private c() {} }', errors: 2 },
  ],
});

const FILE =
  "import a from 'node:a';\nimport b from 'node:b';\n\nimport c from 'c';\n\nimport d from '../d.ts';\nimport e from './e.ts';\n";
tester.run('import groups', dialect.rules['import-groups'], {
  valid: [FILE, 'const a = 1;\n', "// first\nimport a from 'a';\n"],
  invalid: [
    {
      code: "import e from './e.ts';\nimport b from 'node:b';\nimport a from 'node:a';\nimport c from 'c';\nimport d from '../d.ts';\n",
      output: FILE,
      errors: [{ messageId: 'order' }],
    },
    {
      code: "import b from 'b';\n// about a\nimport a from 'a';\n",
      errors: [{ messageId: 'order' }],
    },
  ],
});

tester.run('node:test', dialect.rules['node-test'], {
  valid: ["import { describe, test } from 'node:test';\ndescribe('a', () => { test('b', f); });"],
  invalid: [
    { code: "import { it } from 'node:test';", errors: [{ messageId: 'name' }] },
    { code: "void describe('a', f);", errors: [{ messageId: 'void' }] },
  ],
});
