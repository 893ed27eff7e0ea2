/** How many entries of a list are visible before it is opened. */
const SHOWN = 3;
const STYLE = `
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1c1f23; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th { min-width: 7rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #d9dde2; }
thead th { position: sticky; top: 0; background: #fff; }
code { font-size: .92em; overflow-wrap: anywhere; }
pre { margin: 0; white-space: pre-wrap; } small { color: #59616b; } ul { margin: .2rem 0; padding-left: 1.1rem; }
.killed { color: #1a6b34; } .survived, .broken, .unreached, .unexplained { color: #a4161a; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  body, thead th { color: #e4e7eb; background: #16191d; } th, td { border-color: #343a42; } pre { margin: 0; white-space: pre-wrap; } small { color: #9aa4b0; }
  .killed { color: #6fcf8b; } .survived, .broken, .unreached, .unexplained { color: #ff8a8a; }
}`;

/** A self-contained HTML page. `body` is HTML; its elements may have the classes of the stylesheet above. */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}</style></head>
<body>
${body}
</body>
</html>
`;
}

/** A list with its first few entries visible, the others to be opened. `lines` are `li` elements. */
export function shortList(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const shown = `<ul>${lines.slice(0, SHOWN).join('')}</ul>`;
  const others = lines.slice(SHOWN);
  if (others.length === 0) return shown;
  return `${shown}<details><summary>${others.length} more</summary><ul>${others.join('')}</ul></details>`;
}

/** Text as HTML shows it, in an element or in an attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
