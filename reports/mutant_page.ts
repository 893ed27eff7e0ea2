import { escaped, htmlPage, shortList } from './html_page.ts';
import { MUTANT_STATUSES, scoreOf, type MutantOutcome, type MutantResults } from './mutant_outcome.ts';

/** The mutants that were not found, and how many were, file by file. */
export function mutantPage({ mutants, untried }: MutantResults): string {
  const byFile = [...Map.groupBy(mutants, ({ file }) => file)];
  const those = (...statuses: MutantOutcome['status'][]): readonly MutantOutcome[] =>
    mutants.filter(({ status }) => statuses.includes(status));
  const equivalent = those('equivalent');
  return htmlPage(
    'Mutants',
    `<h1>Mutants and what killed them</h1>
<p>${percent(mutants)} of ${mutants.length - equivalent.length} mutants killed, ${equivalent.length} more equivalent, ${untried} not tried yet.</p>
<h2>By file</h2>
<table>
<thead><tr><th>File</th>${MUTANT_STATUSES.map((status) => `<th>${status}</th>`).join('')}<th>score</th></tr></thead>
<tbody>
${byFile.map(([file, of]) => fileRow(file, of)).join('\n')}
</tbody>
</table>
${section('Not found', those('survived', 'unreached', 'broken'))}
${section('Equivalent', equivalent)}
${section('Killed', those('killed'))}`,
  );
}

function fileRow(file: string, mutants: readonly MutantOutcome[]): string {
  const counts = MUTANT_STATUSES.map((status) => mutants.filter((one) => one.status === status).length);
  return `<tr><td><code>${escaped(file)}</code></td>${counts.map((count) => `<td>${count}</td>`).join('')}<td>${percent(mutants)}</td></tr>`;
}

function percent(mutants: readonly MutantOutcome[]): string {
  return `${scoreOf(mutants).toFixed(1)} %`;
}

function section(heading: string, mutants: readonly MutantOutcome[]): string {
  if (mutants.length === 0) return '';
  return `<h2>${heading}</h2>
<table>
<thead><tr><th>Mutant</th><th>Change</th><th>Status</th><th>Why</th></tr></thead>
<tbody>
${mutants.map(row).join('\n')}
</tbody>
</table>`;
}

function row({
  id,
  mutator,
  original,
  replacement,
  status,
  killedBy,
  reason,
  reachedBy,
}: MutantOutcome): string {
  const reached = status === 'survived' ? shortList(reachedBy.map((one) => `<li>${escaped(one)}</li>`)) : '';
  const why = [killedBy, reason].filter((text) => text !== '').map(escaped);
  return `<tr><td><code>${escaped(id)}</code><br><small>${escaped(mutator)}</small></td>
<td><pre><code>${escaped(original)}</code></pre>→ <pre><code>${escaped(replacement)}</code></pre></td>
<td class="${status}">${status}</td>
<td>${why.join('<br>')}${reached}</td></tr>`;
}
