// Run by namespace.test.ts as the process outside the lab: reruns the probe inside of it and ends as it does.
import { rerunInLab, wayIntoLab } from '../lab/namespace.ts';

const found = wayIntoLab();
if ('reason' in found) throw new Error(found.reason);
const probe = new URL('./namespace_probe.ts', import.meta.url).pathname;
process.exit(await rerunInLab(found.way, probe, process.argv.slice(2)));
