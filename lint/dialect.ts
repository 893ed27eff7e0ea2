import type { RuleTester } from 'oxlint/plugins-dev';

type Rule = Extract<Parameters<RuleTester['run']>[1], { create: unknown }>;

/** Private members are `#name`, which the runtime enforces; `private name` is only checked by the compiler. */
const privateMembers: Rule = {
  meta: {
    type: 'suggestion',
    messages: { keyword: 'Write a private member as #name.' },
  },
  create(context) {
    return {
      PropertyDefinition(node) {
        if (node.accessibility === 'private') context.report({ node, messageId: 'keyword' });
      },
      MethodDefinition(node) {
        if (node.accessibility === 'private' && node.kind !== 'constructor')
          context.report({ node, messageId: 'keyword' });
      },
    };
  },
};

/** The group of an import: Node's own modules, then packages, then our own. */
function groupOf(specifier: string): number {
  if (specifier.startsWith('node:')) return 0;
  return specifier.startsWith('.') ? 2 : 1;
}

/** Imports stand in three groups with a blank line between two; each group is sorted by source. */
const importGroups: Rule = {
  meta: {
    type: 'layout',
    fixable: 'code',
    messages: {
      order: 'Group imports with a blank line between two: node:, packages, own modules. Sort each group.',
    },
  },
  create(context) {
    return {
      Program(program) {
        const end = program.body.findIndex(({ type }) => type !== 'ImportDeclaration');
        const imports = program.body.slice(0, end < 0 ? undefined : end);
        const [first] = imports;
        const last = imports.at(-1);
        if (first === undefined || last === undefined) return;
        const { text } = context.sourceCode;
        const range: [number, number] = [first.range[0], last.range[1]];
        const written = text.slice(...range);
        const lines = imports.flatMap((node) =>
          node.type === 'ImportDeclaration'
            ? [{ from: node.source.value, line: text.slice(...node.range) }]
            : [],
        );
        const wanted = inGroups(lines);
        // A comment between imports has no known place, so there is then no automatic fix.
        const isPlain =
          written.replaceAll(/\s+/g, '') ===
          lines
            .map(({ line }) => line)
            .join('')
            .replaceAll(/\s+/g, '');
        if (written === wanted) return;
        context.report({
          loc: { start: first.loc.start, end: last.loc.end },
          messageId: 'order',
          ...(isPlain && { fix: (fixer) => fixer.replaceTextRange(range, wanted) }),
        });
      },
    };
  },
};

interface Import {
  readonly from: string;
  readonly line: string;
}

function inGroups(imports: readonly Import[]): string {
  return [0, 1, 2]
    .map((group) => imports.filter(({ from }) => groupOf(from) === group).toSorted(bySpecifier))
    .filter((group) => group.length > 0)
    .map((group) => group.map(({ line }) => line).join('\n'))
    .join('\n\n');
}

/** Farther away first: ../../a, ../a, ./a; then by name. */
function bySpecifier({ from: a }: Import, { from: b }: Import): number {
  return depthOf(b) - depthOf(a) || (a < b ? -1 : a > b ? 1 : 0);
}

function depthOf(specifier: string): number {
  return specifier.split('../').length;
}

/** Tests use `describe` and `test`, without `void` or `await`. */
const nodeTest: Rule = {
  meta: {
    type: 'suggestion',
    messages: {
      name: 'Write tests with describe and test.',
      void: 'Call describe and test without void.',
    },
  },
  create(context) {
    return {
      ImportDeclaration(node) {
        if (node.source.value !== 'node:test') return;
        for (const specifier of node.specifiers) {
          if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue;
          if (/^(it|suite)$/.test(specifier.imported.name))
            context.report({ node: specifier, messageId: 'name' });
        }
      },
      UnaryExpression(node) {
        const { operator, argument } = node;
        if (operator !== 'void' || argument.type !== 'CallExpression') return;
        const { callee } = argument;
        if (callee.type === 'Identifier' && /^(describe|test|it)$/.test(callee.name))
          context.report({ node, messageId: 'void' });
      },
    };
  },
};

/** The one dialect this project is written in, as rules of the linter. */
const plugin = {
  meta: { name: 'dialect' },
  rules: { 'private-members': privateMembers, 'import-groups': importGroups, 'node-test': nodeTest },
};
export default plugin;
