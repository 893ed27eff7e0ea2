import type { DialogMemory, EdgeBench, Measurement } from './results.ts';

/** The results as text for a terminal. */
export function tableText({ runs, maximum, memory, micro, machine }: EdgeBench): string {
  const { cpu, cores, node, kamailio, rounds, seconds, workers } = machine;
  const parts = [
    `${cores} × ${cpu}, node ${node}, Kamailio ${kamailio ?? 'not run'}; ${rounds} round(s) of ${seconds} s, ` +
      `${workers} worker(s) each`,
  ];
  if (runs.length > 0) {
    parts.push(
      aligned([
        [
          'load',
          'calls/s',
          'ours µs/call',
          'failed',
          'resent',
          'MiB',
          'Kamailio µs/call',
          'failed',
          'resent',
          'MiB',
          'ratio',
        ],
        ...runs.map(({ load, rate, ours, kamailio: theirs, ratio }) => [
          load,
          String(rate),
          ...cells(ours),
          ...cells(theirs),
          ratio === null ? '-' : ratio.toFixed(2),
        ]),
      ]),
    );
  }
  if (maximum !== null) {
    parts.push(
      aligned([
        ['clean maximum', 'ours calls/s', 'Kamailio calls/s'],
        ...Object.entries(maximum).map(([load, { ours, kamailio: theirs }]) => [
          load,
          String(ours),
          String(theirs ?? '-'),
        ]),
      ]),
      Object.entries(maximum)
        .flatMap(([load, { limits }]) =>
          Object.entries(limits).map(([name, limit]) => `${load}, ${name}: ${limit}`),
        )
        .join('\n'),
    );
  }
  if (memory !== null) {
    parts.push(
      aligned([
        ['memory, MiB', 'before', `${memory.dialogs} open`, 'settled', 'KiB a dialog', 'failed'],
        ['ours', ...memoryCells(memory.ours, memory.dialogs)],
        ...(memory.kamailio === null
          ? []
          : [['Kamailio, with dialogs', ...memoryCells(memory.kamailio, memory.dialogs)]]),
      ]),
    );
  }
  if (micro !== null) {
    const rows = Object.entries(micro).map(([name, micros]) => [name, micros.toFixed(2)]);
    parts.push(aligned([['micro', 'µs'], ...rows]));
  }
  return `${parts.join('\n\n')}\n`;
}

function cells(measurement: Measurement | null): string[] {
  if (measurement === null) return ['-', '-', '-', '-'];
  const { cpuMicrosPerCall, failed, retransmitted, memoryOctets } = measurement;
  return [
    cpuMicrosPerCall.toFixed(cpuMicrosPerCall < 100 ? 1 : 0),
    String(failed),
    String(retransmitted),
    mebibytes(memoryOctets),
  ];
}

function memoryCells({ before, open, settled, failed }: DialogMemory, dialogs: number): string[] {
  return [
    mebibytes(before),
    mebibytes(open),
    settled === null ? '-' : mebibytes(settled),
    (((settled ?? open) - before) / 1024 / dialogs).toFixed(2),
    String(failed),
  ];
}

function mebibytes(octets: number): string {
  return (octets / 2 ** 20).toFixed(1);
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  '),
    )
    .join('\n');
}
