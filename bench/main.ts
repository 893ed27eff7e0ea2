// The benchmarks. Each subcommand is a file of its own.
import { SippError } from 'sipp-ts-wrapper';
import { insideLab, rerunInLab, wayIntoLab } from '../harness/lab/namespace.ts';
import { HarnessError } from '../harness/verdict.ts';
import { edgeBench } from './edge/edge_bench.ts';
import { installKamailio } from './edge/kamailio.ts';
import { HELP as EDGE_HELP, readOptions } from './edge/options.ts';
import { sipCoreText } from './sip_core.ts';

const HELP = `Usage: npm run bench -- SUBCOMMAND [options]

  edge       our signaling edge beside Kamailio 5.6, under the same load; edge --help lists its options
  sip-core   what parsing, deciding and serialising cost without a socket

bench/README.md tells how to read the figures. They compare only within one run, on a machine with nothing else to do.
`;

function complain(sentence: string): void {
  process.stderr.write(`bench: ${sentence}\n`);
}

async function edge(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (options === 'help') {
    process.stdout.write(EDGE_HELP);
    return 0;
  }
  if (insideLab()) return edgeBench(options);
  // From inside no package source can be reached.
  if (options.withKamailio) installKamailio(complain);
  const found = wayIntoLab();
  if ('reason' in found) {
    throw new HarnessError(`${found.reason}: both servers and the load have to be on a network of their own`);
  }
  return rerunInLab(found.way, import.meta.filename, ['edge', ...argv]);
}

async function main([subcommand, ...rest]: readonly string[]): Promise<number> {
  switch (subcommand) {
    case 'edge':
      return edge(rest);
    case 'sip-core':
      process.stdout.write(sipCoreText());
      return 0;
    case undefined:
    case '--help':
      process.stdout.write(HELP);
      return 0;
    default:
      throw new HarnessError(
        `there is no benchmark "${subcommand}": edge and sip-core are; --help tells more`,
      );
  }
}

process.exit(
  await main(process.argv.slice(2)).catch((error: unknown) => {
    const isExpected = error instanceof HarnessError || error instanceof SippError;
    const isBug = error instanceof Error && !isExpected;
    complain(isBug ? String(error.stack) : isExpected ? error.message : String(error));
    return 2;
  }),
);
