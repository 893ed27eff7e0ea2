// The benchmarks. Each subcommand is a folder of its own.
import { runCommand, type Command, type Running } from '../commands/command.ts';
import { EXIT } from '../harness/exit_code.ts';
import { insideLab, rerunInLab, wayIntoLab } from '../harness/lab/namespace.ts';
import { HarnessError } from '../harness/verdict.ts';
import { apiBench } from './api/api_bench.ts';
import { HELP as API_HELP, readApiOptions, type ApiOptions } from './api/options.ts';
import { edgeBench } from './edge/edge_bench.ts';
import { installKamailio } from './edge/kamailio.ts';
import { HELP as EDGE_HELP, readOptions, type EdgeBenchOptions } from './edge/options.ts';
import { floodBench } from './flood/flood_bench.ts';
import { HELP as FLOOD_HELP, readFloodOptions, type FloodOptions } from './flood/options.ts';
import { sipCoreText } from './sip_core.ts';

const HELP = `Usage: npm run bench -- SUBCOMMAND [options]

  edge       our signaling edge and Kamailio 5.6 under the same load; edge --help lists its options
  api        our management API at a steady rate, and the edge's look-up; api --help lists its options
  flood      our signaling edge under floods, with good calls meanwhile; flood --help lists its options
  sip-core   what parsing, deciding and serialising cost without a socket

bench/README.md tells how to read the figures. Compare figures of one run only, on an otherwise idle machine.
`;

const edge: Command<EdgeBenchOptions> = {
  name: 'bench',
  help: EDGE_HELP,
  exits: { fine: 'measured', notSo: 'calls failed' },
  readOptions,
  async run(options, running) {
    if (insideLab()) return edgeBench(options, running);
    // Installed before the lab, which has no way to a package source.
    if (options.withKamailio) installKamailio(running.say);
    return inLab('edge', running);
  },
};

const api: Command<ApiOptions> = {
  name: 'bench',
  help: API_HELP,
  exits: { fine: 'measured', notSo: 'requests failed' },
  readOptions: readApiOptions,
  run: async (options, running) => (insideLab() ? apiBench(options, running) : inLab('api', running)),
};

const flood: Command<FloodOptions> = {
  name: 'bench',
  help: FLOOD_HELP,
  exits: { fine: 'the edge held', notSo: 'the edge did not hold' },
  readOptions: readFloodOptions,
  run: async (options, running) => (insideLab() ? floodBench(options, running) : inLab('flood', running)),
};

/** The subcommand without options, and --help. */
const bench: Command<'sip-core'> = {
  name: 'bench',
  help: HELP,
  exits: { fine: 'measured', notSo: 'what was measured failed' },
  readOptions([subcommand]) {
    if (subcommand === undefined || subcommand === '--help') return 'help';
    if (subcommand === 'sip-core') return subcommand;
    throw new HarnessError(
      `there is no benchmark "${subcommand}"; there are edge, api, flood and sip-core (--help tells more)`,
    );
  },
  async run() {
    process.stdout.write(sipCoreText());
    return EXIT.fine;
  },
};

/** Runs this command again on a network of its own. */
function inLab(subcommand: string, { argv }: Running): Promise<number> {
  const found = wayIntoLab();
  if ('reason' in found) {
    throw new HarnessError(`${found.reason}: servers and load have to be on a network of their own`);
  }
  return rerunInLab(found.way, import.meta.filename, [subcommand, ...argv]);
}

const [subcommand, ...rest] = process.argv.slice(2);
switch (subcommand) {
  case 'edge':
    await runCommand(edge, rest);
    break;
  case 'api':
    await runCommand(api, rest);
    break;
  case 'flood':
    await runCommand(flood, rest);
    break;
  default:
    await runCommand(bench);
}
