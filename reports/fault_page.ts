import type { FaultOutcome, FaultResults } from './fault_outcome.ts';
import { escaped, htmlPage, shortList } from './html_page.ts';

/** Why a rule may turn red although the fault's file does not name it. */
const SAME_STEPS = 'failed after the same steps';
/** The matrix of faults and the scenarios that killed them, as one self-contained HTML page. */
export function faultPage(results: FaultResults): string {
  const { faults, rulesWithoutFault, scope, seconds } = results;
  const killed = faults.filter(({ fate }) => fate === 'killed').length;
  const rules = new Set(faults.map(({ rule }) => rule)).size;
  return htmlPage(
    'Faults',
    `<h1>Faults and what killed them</h1>
<p>${escaped(scope)}: ${killed} of ${faults.length} faults killed, ${rules} rules, ${Math.round(seconds)} s.</p>
${attention(results)}
<h2>By rule</h2>
<table>
<thead><tr><th>Rule</th><th>Fault</th><th>Fate</th><th>Killed by</th><th>Other rules that turned red</th></tr></thead>
<tbody>
${faults.toSorted(byRule).map(row).join('\n')}
</tbody>
</table>
${rulesWithoutFault.length > 0 ? `<h2>Rules without a fault</h2>\n<ul>${items(rulesWithoutFault)}</ul>` : ''}`,
  );
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
<td>${shortList(killedBy.map(({ name, place }) => `<li>${escaped(name)} <small>${escaped(place)}</small></li>`))}</td>
<td>${shortList(others)}</td></tr>`;
}

function items(names: readonly string[]): string {
  return names.map((name) => `<li><code>${escaped(name)}</code></li>`).join('');
}

function byRule(one: FaultOutcome, other: FaultOutcome): number {
  return one.rule.localeCompare(other.rule) || one.id.localeCompare(other.id);
}
