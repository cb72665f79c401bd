import { type Command, Option } from 'commander';
import { GROUPS } from '../rows/kinds';
import { type Run, addHandingOn, addNarrowing, addWatching, between, help } from './parts';

/** What was changed, and the way back. */
export function addChangeCommands(program: Command, run: Run): void {
  const history = program
    .command('history')
    .argument('[id]', 'one change in full')
    .summary('what was changed')
    .description(
      'Lists the changes in the journal, the newest first, or shows one in full: before, after, calls.',
    )
    .option('--resource <resource>', 'of this resource: its id or ARN')
    .option('--since <time>', '15m, 2h, 7d, or an ISO time')
    .addOption(new Option('--group-by <what>', 'how many there are of each').choices(GROUPS))
    .option('--limit <count>', 'at most so many', between(1, 10_000), 50);
  addWatching(addHandingOn(addNarrowing(history)))
    .addHelpText('after', () =>
      help([
        'selfheal history --since 7d',
        'selfheal history --resource sg-0123456789abcdef0',
        'selfheal history --since 30d --limit 10000 --format csv --out changes.csv',
        'selfheal history --watch --format jsonl',
        'selfheal history kms_enable_rotation/20261121093000-3f9a2c41',
      ]),
    )
    .action((id: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/history/history')).history(session, id, command.opts()),
      ),
    );

  program
    .command('undo')
    .argument('[id]', 'the change, as npx selfheal history shows it')
    .summary('take changes back')
    .description(
      'Brings resources back to how they were before a change, newest change first, and keeps the bot away from them\nuntil npx selfheal fix is run there. Shows the calls and asks. A resource that has changed since is left alone,\nunless --force is given.',
    )
    .option('--bot <bot>', 'all changes of this bot; with --since')
    .option('--since <time>', 'all changes since: 15m, 2h, 7d, or an ISO time')
    .option('--run <id>', 'all changes that the same finding caused as the change with this id')
    .option('-y, --yes', 'do not ask')
    .addOption(new Option('--dry-run', 'only show the calls').hideHelp())
    .option('--force', 'undo although the resource has changed since, or the run was interrupted')
    .addHelpText('after', () =>
      help([
        'selfheal undo kms_enable_rotation/20261121093000-3f9a2c41',
        'selfheal undo --bot kms_enable_rotation --since 2h',
        'selfheal undo --run kms_enable_rotation/20261121093000-3f9a2c41 --yes',
      ]),
    )
    .action((id: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/undo/undo')).undo(session, id, command.opts()),
      ),
    );
}
