import { defineConfig } from 'oxlint';

import { wallOverrides } from './lint/walls.ts';

export default defineConfig({
  jsPlugins: ['./lint/dialect.ts'],
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  env: { node: true, es2024: true },
  ignorePatterns: ['node_modules', 'reports/out', 'packages/*/dist'],
  rules: {
    'typescript/no-floating-promises': [
      'error',
      {
        checkThenables: true,
        allowForKnownSafeCalls: [
          { from: 'package', package: 'node:test', name: ['test', 'describe', 'suite', 'it'] },
        ],
      },
    ],
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'eslint/no-console': 'off',
    'eslint/eqeqeq': 'error',
    'eslint/prefer-const': 'error',
    'eslint/no-var': 'error',
    'import/no-cycle': 'error',
    'import/no-duplicates': ['error', { preferInline: true }],
    'typescript/no-import-type-side-effects': 'error',
    'dialect/private-members': 'error',
    'dialect/import-groups': 'error',
    'dialect/node-test': 'error',
    'eslint/no-underscore-dangle': 'off',
  },
  overrides: wallOverrides(),
});
