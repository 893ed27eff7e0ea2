// The benchmarks. Each subcommand is a file of its own.
import { SippError } from 'sipp-ts-wrapper';
import { insideLab, rerunInLab, wayIntoLab } from '../harness/lab/namespace.ts';
import { HarnessError } from '../harness/verdict.ts';
import { edgeBench } from './edge/edge_bench.ts';
import { installKamailio } from './edge/kamailio.ts';
import { apiBench } from './api/api_bench.ts';
import { HELP as API_HELP, readApiOptions } from './api/options.ts';
import { HELP as EDGE_HELP, readOptions } from './edge/options.ts';
import { floodBench } from './flood/flood_bench.ts';
import { HELP as FLOOD_HELP, readFloodOptions } from './flood/options.ts';
import { sipCoreText } from './sip_core.ts';

const HELP = `Usage: npm run bench -- SUBCOMMAND [options]

  edge       our signaling edge beside Kamailio 5.6, under the same load; edge --help lists its options
  api        our management API at a steady rate, and the edge's look-up; api --help lists its options
  flood      our signaling edge under floods, with good calls beside them; flood --help lists its options
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
  return inLab(['edge', ...argv]);
}

async function flood(argv: readonly string[]): Promise<number> {
  const options = readFloodOptions(argv);
  if (options === 'help') {
    process.stdout.write(FLOOD_HELP);
    return 0;
  }
  return insideLab() ? floodBench(options) : inLab(['flood', ...argv]);
}

async function api(argv: readonly string[]): Promise<number> {
  const options = readApiOptions(argv);
  if (options === 'help') {
    process.stdout.write(API_HELP);
    return 0;
  }
  return insideLab() ? apiBench(options) : inLab(['api', ...argv]);
}

/** Runs this command again on a network of its own. */
function inLab(argv: readonly string[]): Promise<number> {
  const found = wayIntoLab();
  if ('reason' in found) {
    throw new HarnessError(`${found.reason}: servers and load have to be on a network of their own`);
  }
  return rerunInLab(found.way, import.meta.filename, argv);
}

async function main([subcommand, ...rest]: readonly string[]): Promise<number> {
  switch (subcommand) {
    case 'edge':
      return edge(rest);
    case 'api':
      return api(rest);
    case 'flood':
      return flood(rest);
    case 'sip-core':
      process.stdout.write(sipCoreText());
      return 0;
    case undefined:
    case '--help':
      process.stdout.write(HELP);
      return 0;
    default:
      throw new HarnessError(
        `there is no benchmark "${subcommand}": edge, api, flood and sip-core are; --help tells more`,
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
