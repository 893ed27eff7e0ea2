import { LOADS, LOAD_NAMES } from './loads.ts';
import type { Run } from './results.ts';

const PANEL = { width: 250, height: 200, left: 46, right: 14, top: 56, bottom: 44 };
const COLUMNS = 2;
const LEGEND_HEIGHT = 64;
const BAR_WIDTH = 28;
const TICKS = 4;
const SERIES = [
  { key: 'ours', label: 'ours', colour: '#1f6feb' },
  { key: 'kamailio', label: 'Kamailio 5.6', colour: '#8c959f' },
] as const;

const text = (x: number, y: number, content: string, attributes = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content}</text>`;

/** CPU time per call as an SVG drawing: a panel for each load, a pair of bars for each rate. */
export function chart(runs: readonly Run[]): string {
  const names = LOAD_NAMES.filter((name) => runs.some(({ load }) => load === name));
  const panels = names.map((name, index) => {
    const x = (index % COLUMNS) * (PANEL.left + PANEL.width + PANEL.right);
    const y = LEGEND_HEIGHT + Math.floor(index / COLUMNS) * (PANEL.top + PANEL.height + PANEL.bottom);
    const ofLoad = runs.filter(({ load }) => load === name).toSorted((a, b) => a.rate - b.rate);
    return `<g transform="translate(${x + PANEL.left} ${y + PANEL.top})">${panel(name, ofLoad)}</g>`;
  });
  const columns = Math.min(COLUMNS, Math.max(1, names.length));
  const width = columns * (PANEL.left + PANEL.width + PANEL.right);
  const rows = Math.ceil(names.length / COLUMNS);
  const height = LEGEND_HEIGHT + rows * (PANEL.top + PANEL.height + PANEL.bottom);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'font-family="system-ui, sans-serif" font-size="11" fill="#24292f">',
    '<title>CPU time a call</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(16, 24, 'CPU time a call, µs, by calls a second', 'font-size="15" font-weight="600"'),
    ...SERIES.map(({ label, colour }, index) => legendEntry(16 + index * 70, label, colour)),
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function legendEntry(x: number, label: string, colour: string): string {
  return `<rect x="${x}" y="38" width="11" height="11" rx="2" fill="${colour}"/>${text(x + 16, 48, label)}`;
}

function panel(name: Run['load'], runs: readonly Run[]): string {
  const top = niceCeiling(Math.max(...runs.flatMap((run) => valuesOf(run).map(({ value }) => value))));
  const height = (value: number): number => (value / top) * PANEL.height;
  const parts = [
    text(0, -32, name, 'font-size="13" font-weight="600"'),
    text(0, -16, LOADS[name].title, 'fill="#57606a" font-size="10"'),
  ];
  for (let tick = 0; tick <= TICKS; tick += 1) {
    const value = (top * tick) / TICKS;
    const y = PANEL.height - height(value);
    parts.push(
      `<path d="M0 ${y}H${PANEL.width}" stroke="#d0d7de" stroke-width="${tick === 0 ? 1.2 : 0.6}"/>`,
    );
    parts.push(text(-6, y + 4, shortNumber(value), 'text-anchor="end" fill="#57606a"'));
  }
  for (const [index, run] of runs.entries()) {
    const middle = (PANEL.width * (index + 0.5)) / runs.length;
    parts.push(...bars(run, middle, height));
    parts.push(text(middle, PANEL.height + 16, `${run.rate}/s`, 'text-anchor="middle"'));
    if (run.ratio === null) continue;
    const ratio = `× ${run.ratio.toFixed(2)}`;
    parts.push(text(middle, PANEL.height + 30, ratio, 'text-anchor="middle" fill="#57606a"'));
  }
  return parts.join('\n');
}

function bars(run: Run, middle: number, height: (value: number) => number): string[] {
  const values = valuesOf(run);
  return values.flatMap(({ value, colour }, index) => {
    const x = middle + (index - values.length / 2) * (BAR_WIDTH + 2);
    const y = PANEL.height - height(value);
    return [
      `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${BAR_WIDTH}" height="${height(value).toFixed(1)}" fill="${colour}"/>`,
      text(x + BAR_WIDTH / 2, y - 4, shortNumber(value), 'text-anchor="middle" font-size="10"'),
    ];
  });
}

function valuesOf(run: Run): { value: number; colour: string }[] {
  return SERIES.flatMap(({ key, colour }) => {
    const measurement = run[key];
    return measurement === null ? [] : [{ value: measurement.cpuMicrosPerCall, colour }];
  });
}

/** The next of 1, 2, 4, 6, 8 times a power of ten, so that four ticks are round numbers. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return power * ([1, 2, 4, 6, 8].find((step) => step * power >= value) ?? 10);
}

function shortNumber(value: number): string {
  return value < 10 && value > 0 ? value.toFixed(1) : String(Math.round(value));
}
