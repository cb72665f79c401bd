import type { Command } from 'commander';
import { type Run, help } from './parts';

const DECISIONS = [
  [
    'approve',
    'have a planned repair done',
    'Shows the plan, asks, and puts it on the queue: its bot looks again, and does just this.',
    [],
  ],
  [
    'reject',
    'a planned repair is not to be done',
    'The same plan is not asked about again; another plan for the resource is.',
    [],
  ],
  [
    'snooze',
    'decide on a planned repair later',
    'Leaves the plan alone for a while; then its bot asks again with the next finding.',
    ['--for'],
  ],
  ['drop', 'take a plan off the list', 'The next finding asks again.', []],
] as const;

/** What was planned and waits for a person. */
export function addPlanCommands(program: Command, run: Run): void {
  program
    .command('pending')
    .summary('what was planned and waits for somebody')
    .description(
      'Lists repairs that wait for approval, and those that bots only tell of (mode plan), newest first.',
    )
    .option('--bot <bot>', 'of this bot')
    .option('--account <id>', 'in this account')
    .option('--all', 'those that were rejected, dropped or have expired too')
    .addHelpText('after', () => help(['selfheal pending', 'selfheal pending --bot sg_close_ports --json']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/pending/pending')).pending(session, command.opts()),
      ),
    );
  for (const [name, summary, description, options] of DECISIONS) {
    const command = program
      .command(name)
      .argument('<id>', 'the plan, as npx selfheal pending shows it')
      .summary(summary)
      .description(description)
      .option('-y, --yes', 'do not ask')
      .addHelpText('after', () => help([`selfheal ${name} sg_close_ports/pending-3f9a2c41b7d0`]))
      .action((id: string, _options: object, called: Command) =>
        run(called.optsWithGlobals(), async (session) =>
          (await import('../commands/pending/pending'))[name](session, id, called.opts()),
        ),
      );
    if (options.length > 0) command.option('--for <time>', '15m, 2h, 7d (default: 7d)');
  }
}
