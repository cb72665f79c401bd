// `npm run bench`: what selfheal costs beside what it stands on, as ratios within one run. It shows, and judges
// nothing: exit 0 unless something could not be measured.
import { Command, Option } from 'commander';
import pc from 'picocolors';
import { measureBots } from './bots';
import { measureCoordinator } from './coordinator';
import { measureCost } from './cost';
import { measureEndToEnd } from './end-to-end';
import { measureFindings } from './findings';
import { measureMemory } from './memory';
import { measureOverhead } from './overhead';
import { measurePackaging } from './packaging';
import { measurePolicies } from './policies';
import { measureSessions } from './sessions';
import { measureStart } from './start';
import { type Row, isReached, tableOf } from './table';

const PARTS = {
  coordinator: measureCoordinator,
  findings: measureFindings,
  memory: measureMemory,
  sessions: measureSessions,
  overhead: measureOverhead,
  policies: measurePolicies,
  bots: measureBots,
  start: measureStart,
  package: measurePackaging,
  'end-to-end': measureEndToEnd,
  cost: measureCost,
} as const;

type Part = keyof typeof PARTS;

interface Options {
  readonly only: readonly Part[];
  readonly json: boolean;
}

const names = Object.keys(PARTS) as Part[];

new Command('bench')
  .description(
    'Measure selfheal: its coordinator, memory, sessions, policies, functions, command line, packaging, and the whole on local AWS.',
  )
  .addOption(
    new Option('--only <parts>', `some of ${names.join(',')}`)
      .argParser(readParts)
      .default(names, 'all of them'),
  )
  .option('--json', 'print one JSON object instead of the table', false)
  .action(run)
  .parseAsync()
  // Whatever still listens when something could not be measured ends with this process.
  .then(() => process.exit())
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });

async function run({ only, json }: Options): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));
  const rows: Row[] = [];
  const show = (text: string) => {
    if (!json) console.log(text);
  };
  for (const part of only) {
    const say = (line: string) => {
      console.error(pc.dim(`${part}: ${line}`));
    };
    rows.push(...(await PARTS[part](say, show)));
  }
  if (json) console.log(JSON.stringify({ rows: rows.map((row) => ({ ...row, reached: isReached(row) })) }));
  else console.log(tableOf(rows));
}

function readParts(text: string): Part[] {
  const wanted = text.split(',');
  const unknown = wanted.filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0)
    throw new Error(`there is no ${unknown.join(', ')} to measure: ${names.join(', ')}`);
  return names.filter((name) => wanted.includes(name));
}
