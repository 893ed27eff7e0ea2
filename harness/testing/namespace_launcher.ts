// namespace.test.ts runs this outside the lab. It reruns the probe inside the lab and exits with the probe's code.
import { rerunInLab, wayIntoLab } from '../lab/namespace.ts';

const found = wayIntoLab();
if ('reason' in found) throw new Error(found.reason);
const probe = new URL('./namespace_probe.ts', import.meta.url).pathname;
process.exit(await rerunInLab(found.way, probe, process.argv.slice(2)));
