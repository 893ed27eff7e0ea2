import type { FaultOutcome, FaultResults } from './fault_outcome.ts';

/** Why a rule may turn red although the fault's file does not name it. */
const SAME_STEPS = 'failed after the same steps';
/** How many entries of a cell are visible before it is opened. */
const SHOWN = 3;
const STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1c1f23; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th { min-width: 7rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #d9dde2; }
thead th { position: sticky; top: 0; background: #fff; }
code { font-size: .92em; overflow-wrap: anywhere; }
small { color: #59616b; } ul { margin: .2rem 0; padding-left: 1.1rem; }
.killed { color: #1a6b34; } .survived, .broken, .unexplained { color: #a4161a; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  body, thead th { color: #e4e7eb; background: #16191d; } th, td { border-color: #343a42; } small { color: #9aa4b0; }
  .killed { color: #6fcf8b; } .survived, .broken, .unexplained { color: #ff8a8a; }
}`;

/** The matrix of faults and the scenarios that killed them, as one self-contained HTML page. */
export function faultPage(results: FaultResults): string {
  const { faults, rulesWithoutFault, scope, seconds } = results;
  const killed = faults.filter(({ fate }) => fate === 'killed').length;
  const rules = new Set(faults.map(({ rule }) => rule)).size;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Faults</title>
<style>${STYLE}</style></head>
<body>
<h1>Faults and what killed them</h1>
<p>${escaped(scope)}: ${killed} of ${faults.length} faults killed, ${rules} rules, ${Math.round(seconds)} s.</p>
${attention(results)}
<h2>By rule</h2>
<table>
<thead><tr><th>Rule</th><th>Fault</th><th>Fate</th><th>Killed by</th><th>Other rules that turned red</th></tr></thead>
<tbody>
${faults.toSorted(byRule).map(row).join('\n')}
</tbody>
</table>
${rulesWithoutFault.length > 0 ? `<h2>Rules without a fault</h2>\n<ul>${items(rulesWithoutFault)}</ul>` : ''}
</body>
</html>
`;
}

/** Whatever keeps the command from being green; it comes first on the page. */
function attention({ faults }: FaultResults): string {
  const lines = faults.flatMap(({ id, fate, why, unexplained }) => [
    ...(fate === 'killed' ? [] : [`<li><code>${escaped(id)}</code> ${fate}: ${escaped(why)}</li>`]),
    ...unexplained.map(
      ({ rule, reason }) =>
        `<li><code>${escaped(id)}</code> turned <code>${escaped(rule)}</code> red, and its file does not say so: ${escaped(reason)}</li>`,
    ),
  ]);
  return lines.length > 0 ? `<h2>Wants a look</h2>\n<ul>\n${lines.join('\n')}\n</ul>` : '';
}

function row({
  id,
  rule,
  sentence,
  file,
  fate,
  killedBy,
  explained,
  unexplained,
  collateral,
}: FaultOutcome): string {
  const others = [
    ...unexplained.map((red) => `<li class="unexplained"><code>${escaped(red.rule)}</code></li>`),
    ...explained.map(
      (red) =>
        `<li><code>${escaped(red.rule)}</code> <small>${escaped(collateral[red.rule] ?? SAME_STEPS)}</small></li>`,
    ),
  ];
  return `<tr><td><code>${escaped(rule)}</code></td>
<td><code title="${escaped(file)}">${escaped(id)}</code><br><small>${escaped(sentence)}</small></td>
<td class="${fate}">${fate}</td>
<td>${list(killedBy.map(({ name, place }) => `<li>${escaped(name)} <small>${escaped(place)}</small></li>`))}</td>
<td>${list(others)}</td></tr>`;
}

/** The first few lines visible, the others to be opened. */
function list(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = `<ul>${lines.slice(0, SHOWN).join('')}</ul>`;
  const others = lines.slice(SHOWN);
  if (others.length === 0) return shown;
  return `${shown}<details><summary>${others.length} more</summary><ul>${others.join('')}</ul></details>`;
}

function items(names: readonly string[]): string {
  return names.map((name) => `<li><code>${escaped(name)}</code></li>`).join('');
}

function byRule(one: FaultOutcome, other: FaultOutcome): number {
  return one.rule.localeCompare(other.rule) || one.id.localeCompare(other.id);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
