/** Every command that the documentation and the help tell people to type is one that there is; many are run. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { type Command, commandsOf, simple } from '../tools/commands';
import type { Config } from '../shared/config';
import { allPages, pageOf } from '../tools/pages';
import { newProgram } from './program';
import { newInstallation } from './testing';

const ROOT = join(__dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
const serverless = createRequire(__filename)(
  'serverless/lib/cli/commands-schema/aws-service.js',
) as ReadonlyMap<string, { readonly options: Readonly<Record<string, object>> }>;
const programs = new Set(readdirSync(join(ROOT, 'node_modules/.bin')));
/** Programs of others. */
const OTHERS = new Set([
  'aws',
  'cd',
  'cp',
  'curl',
  'docker',
  'export',
  'git',
  'head',
  'jq',
  'mkdir',
  'pip',
  'terraform',
]);
/** Commands that write no file and end by themselves. They ask before they change something, and nobody answers. */
const RUN = new Set(
  'bots doctor explain fix history ingest limits member-template plan presets queue remove routes start stop undo'.split(
    ' ',
  ),
);

const documented = allPages().flatMap((page) =>
  commandsOf(page, readFileSync(join(ROOT, page.path), 'utf8')),
);

const examples = helps();

test('commands are found in blocks and in sentences', () => {
  const source = [
    'Run `npx selfheal queue --dead`, not `selfheal-prod`.',
    '```bash',
    'A=1 npx selfheal plan x \\',
    "  'two words' > out.json  # why",
    'npm ci && npm run demo -- --json | jq .a',
    '```',
    '```text',
    '$ npx selfheal undo <id> --yes',
    'printed by npx selfheal',
    '```',
  ].join('\n');
  const found = commandsOf(pageOf('a.md', source), source).map(({ words, isTyped }) => [isTyped, ...words]);
  expect(found).toEqual([
    [true, 'npx', 'selfheal', 'plan', 'x', 'two words'],
    [true, 'npm', 'ci'],
    [true, 'npm', 'run', 'demo', '--', '--json'],
    [true, 'jq', '.a'],
    [true, 'npx', 'selfheal', 'undo', '<id>', '--yes'],
    [false, 'npx', 'selfheal', 'queue', '--dead'],
  ]);
});

test('what is not there is told', async () => {
  const typed = async (line: string) =>
    faultOf({ where: 'a.md', words: simple(line)[0] ?? [], isTyped: true });
  expect(await typed('npx selfheal queu')).toMatch(/unknown command/);
  expect(await typed('npx selfheal queue --deadd')).toMatch(/unknown option/);
  expect(await typed('npx selfheal plan')).toMatch(/missing required argument/);
  expect(await typed('npx selfheal history a b')).toMatch(/too many arguments/);
  expect(await typed('npm run dmeo')).toMatch(/no script/);
  expect(await typed('npx serverless deploy --regin eu-west-1')).toMatch(/no option/);
  expect(await typed('selfhael queue')).toMatch(/nobody knows/);
});

test('every command of the documentation is one that there is', async () => {
  expect(documented.length).toBeGreaterThan(60);
  const faults = await Promise.all(
    documented.map(async (command) => {
      const fault = await faultOf(command);
      return fault === undefined ? [] : [`${command.where}: ${command.words.join(' ')}: ${fault}`];
    }),
  );
  expect(faults.flat()).toEqual([]);
});

test('every example of the help is one that there is', async () => {
  const faults: string[] = [];
  for (const command of examples) {
    const fault = await faultOf(command);
    if (fault !== undefined) faults.push(`${command.where}: ${command.words.join(' ')}: ${fault}`);
  }
  expect(faults).toEqual([]);
});

test('commands of the documentation are understood by an installation', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'selfheal-documented-'));
  const finding = join(folder, 'finding.json');
  writeFileSync(finding, JSON.stringify({ bot: 'ec2_stop_instance', target: { id: 'i-0123456789abcdef0' } }));
  const { run } = await newInstallation();
  const config: Partial<Config> = {
    bots: { sg_close_ports: { enabled: true } },
    accounts: { mode: 'multi', externalId: 'known-to-both-alone', accounts: ['444455556666'] },
  };
  const lines = [...documented, ...examples]
    .filter(
      ({ words: [npx, name, command = ''] }) => npx === 'npx' && name === 'selfheal' && RUN.has(command),
    )
    // A sentence may name a command without what it takes.
    .filter(
      ({ isTyped, words }) =>
        isTyped || words.length > 3 || !/^(fix|undo|explain|ingest|plan)$/.test(words[2] ?? ''),
    )
    .map(({ words }) => words.slice(2).map((word) => (word.endsWith('.json') ? finding : word)))
    // Watching does not end, and a file is written where the test runs.
    .filter((words) => !words.some((word) => /[<…]|^--(region|stage|profile|watch|out)$/.test(word)));
  const distinct = [...new Map(lines.map((words) => [words.join(' '), words])).values()];
  expect(distinct.length).toBeGreaterThan(10);
  const refused: string[] = [];
  for (const words of distinct) {
    const { exit, err } = await run(words, { config });
    // Ids of changes are made up.
    if (exit === 2 && !err.includes('there is no change')) refused.push(`${words.join(' ')}: ${err}`);
  }
  rmSync(folder, { recursive: true });
  expect(refused).toEqual([]);
});

/** Why nobody could run a command; `undefined`: it can be. */
async function faultOf({ words: [program = '', ...words], isTyped }: Command): Promise<string | undefined> {
  if (program === 'npm') {
    const [command = '', script = ''] = words;
    if (command !== 'run') return undefined;
    return script in scripts ? undefined : `no script ${script}`;
  }
  if (program !== 'npx') return OTHERS.has(program) ? undefined : `${program}: a program that nobody knows`;
  const [name = '', ...args] = words;
  if (name === 'selfheal') return selfhealFault(args, isTyped);
  if (name === 'serverless') return serverlessFault(args);
  return programs.has(name) ? undefined : `no program ${name}`;
}

/** Parses as the command line does, and runs nothing. */
async function selfhealFault(args: readonly string[], isTyped: boolean): Promise<string | undefined> {
  const isCut = args.includes('…');
  const program = newProgram(() => Promise.resolve());
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  program.exitOverride().configureOutput(silent);
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // A sentence may name a command without what it takes.
    const isName = isCut || (!isTyped && args.length === 1);
    if (error.exitCode === 0 || (isName && error.code === 'commander.missingArgument')) return undefined;
    return error.message;
  }
}

function serverlessFault([command = '', ...args]: readonly string[]): string | undefined {
  const known = serverless.get(command);
  if (!known) return `no command ${command}`;
  const options = args.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
  const unknown = options.find((option) => !(option in known.options));
  return unknown === undefined ? undefined : `no option ${unknown}`;
}

/** The examples in the help of each command, and of all of them. */
function helps(): Command[] {
  const program = newProgram(() => Promise.resolve());
  return [program, ...program.commands].flatMap((command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 1000 });
    command.outputHelp();
    const [, listed = ''] = help.split('Examples:\n');
    const lines = (listed.split('\n\n')[0] ?? '')
      .split('\n')
      .map((line) => line.trim().replace(/ {3,}.*/, ''));
    return lines
      .filter((line) => /^(npx |selfheal )/.test(line))
      .map((line) => simple(line)[0] ?? [])
      .map((words) => ({
        where: `help of ${command.name()}`,
        words: words[0] === 'npx' ? words : ['npx', ...words],
        isTyped: true,
      }));
  });
}
