import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coldStart } from './cold-start/cold-start.ts';
import { alarmToMessage } from './emulated/alarm-to-message.ts';
import { calls } from './emulated/calls.ts';
import { launchToTarget } from './emulated/launch-to-target.ts';
import type { Bench, Figure } from './figure.ts';
import { tableOf } from './figure.ts';
import { planning } from './planning/planning.ts';
import { sweepFleet } from './sweep/sweep.ts';

const BENCHES: Readonly<Record<string, (bench: Bench) => Promise<readonly Figure[]>>> = {
  planning,
  sweep: sweepFleet,
  calls,
  'launch-to-target': launchToTarget,
  'alarm-to-message': alarmToMessage,
  'cold-start': coldStart,
};

const HELP = `Figures of the design, measured on this machine (127.0.0.1 only).

  npm run bench                     all of them
  npm run bench -- --only NAME      one: ${Object.keys(BENCHES).join(', ')}
  npm run bench -- --json           the figures as JSON, for a program

Exit code 1 when a figure is over its limit.
`;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const chosen = Object.entries(BENCHES).filter(([name]) => values.only === undefined || name === values.only);
  if (chosen.length === 0) throw new Error(`there is no ${values.only}; there are ${Object.keys(BENCHES).join(', ')}`);
  const figures: Figure[] = [];
  for (const [name, measure] of chosen) {
    say(`${name} …`);
    figures.push(
      ...(await measure({ root: join(import.meta.dirname, '..'), say: (line) => say(`  ${name}: ${line}`) })),
    );
  }
  process.stdout.write(values.json ? `${JSON.stringify(figures, undefined, 2)}\n` : `\n${tableOf(figures)}\n`);
  return figures.some(({ isReached }) => isReached === false) ? 1 : 0;
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
