import type { RuleTester } from 'oxlint/plugins-dev';

type Rule = Extract<Parameters<RuleTester['run']>[1], { create: unknown }>;

/** `#name`, which the language keeps private, and not `private name`, which only the compiler does. */
const privateMembers: Rule = {
  meta: {
    type: 'suggestion',
    messages: { keyword: 'A private member is written #name.' },
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

/** Where an import stands: Node's own modules, then packages, then our own. */
function groupOf(specifier: string): number {
  if (specifier.startsWith('node:')) return 0;
  return specifier.startsWith('.') ? 2 : 1;
}

/** Imports in three groups, a blank line between two, each in the order of what it imports from. */
const importGroups: Rule = {
  meta: {
    type: 'layout',
    fixable: 'code',
    messages: {
      order:
        'Imports stand in groups, a blank line between two: node:, packages, own modules; each group in order.',
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
        // What stands between imports is a comment, which no order is known for.
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

/** Tests are made of `describe` and `test`; nobody awaits either. */
const nodeTest: Rule = {
  meta: {
    type: 'suggestion',
    messages: {
      name: 'Tests are written with describe and test.',
      void: 'describe and test need no void.',
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
