import { type Command, Option } from 'commander';
import { GROUPS, SORTS } from '../rows/kinds';
import { type Run, addHandingOn, addNarrowing, addWatching, between, help, listed } from './parts';

/** What the bots are, what waits for them, and what they do to one resource. */
export function addResourceCommands(program: Command, run: Run): void {
  program
    .command('bots')
    .argument(
      '[bot]',
      'its id or alias; or a service or a word, s3 or public: the bots that have to do with it',
    )
    .summary('the catalogue: what each bot repairs')
    .description(
      'Lists the bots, or shows everything about one: parameters, IAM permissions, controls, effect.',
    )
    .option('--severity <severity>', 'critical, high, medium, low, or high+ for high and worse', listed)
    .option('--enabled', 'only those that config.ts enables')
    .addHelpText('after', () =>
      help(['selfheal bots', 'selfheal bots s3 --severity high+', 'selfheal bots kms_enable_rotation']),
    )
    .action((bot: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/bots/bots')).bots(session, bot, command.opts()),
      ),
    );

  program
    .command('presets')
    .argument('[preset]', 'baseline, cis-5.0 or fsbp')
    .summary('lists of bots that config.ts takes in one word')
    .description(
      'Lists the presets, or shows one: the bots that it enables, what they may stop and by what they are paid for, the\nparameters that config.ts has yet to give, and what no bot answers.',
    )
    .addHelpText('after', () => help(['selfheal presets', 'selfheal presets baseline']))
    .action((name: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/presets/presets')).presets(session, name),
      ),
    );

  const queue = program
    .command('queue')
    .summary('what waits, and what would be done about it')
    .description(
      'Shows the messages of the remediation queue, and what each would do to its resource as it is now. Nothing is taken off: messages are read and handed back at once. Messages of one resource stand in line, and at most ten of a line are shown.',
    )
    .option('--dead', 'the dead-letter queue: what could not be used, and why')
    .option('--redrive', 'with --dead: put the letters that can be used back on the remediation queue')
    .option('-y, --yes', 'with --redrive: do not ask')
    .option('--as-enqueued', 'look at nothing: show the plans that messages carry, as their finder saw it')
    .addOption(new Option('--no-live', 'the same').hideHelp())
    .addOption(new Option('--sort <by>', 'in which order').choices(SORTS).default('severity'))
    .addOption(new Option('--group-by <what>', 'how many there are of each').choices(GROUPS))
    .option('--limit <count>', 'read at most so many', between(1, 1000), 100);
  addWatching(addHandingOn(addNarrowing(queue)))
    .addHelpText('after', () =>
      help([
        'selfheal queue',
        'selfheal queue --severity high+ --account 111122223333',
        'selfheal queue --group-by bot',
        'selfheal queue --format csv --out queue.csv',
        'selfheal queue --json | jq ".messages[] | {id, bot, target, plan}"',
        'selfheal queue --dead --redrive',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/queue/queue')).queue(session, command.opts()),
      ),
    );

  program
    .command('plan')
    .argument('<bot>', 'its id or alias')
    .argument(
      '[resource]',
      "the resource's id or ARN; `account`, or nothing, for bots that act on an account",
    )
    .argument('[words...]', 'parameters as behind AUTO: ports=22,3389 split=true')
    .summary('what a bot would do to a resource now')
    .description('Looks at the live resource and shows the exact calls that would repair it. Writes nothing.')
    .option('--resource-region <region>', 'where the resource lies, when not in --region and not in its ARN')
    .addHelpText('after', () =>
      help([
        'selfheal plan kms_enable_rotation 1234abcd-12ab-34cd-56ef-1234567890ab',
        'selfheal plan kms_enable_rotation arn:aws:kms:eu-west-1:111122223333:key/1234abcd-… periodDays=180',
        'selfheal plan s3_block_all_public_access my-bucket',
        'selfheal plan iam_turn_on_password_policy',
      ]),
    )
    .action(
      (bot: string, resource: string | undefined, words: string[], _options: object, command: Command) =>
        run(command.optsWithGlobals(), async (session) =>
          (await import('../commands/plan/plan')).plan(session, { bot, resource, words }, command.opts()),
        ),
    );

  program
    .command('fix')
    .argument('<bot>', 'its id or alias')
    .argument(
      '[resource]',
      "the resource's id or ARN; `account`, or nothing, for bots that act on an account",
    )
    .argument('[words...]', 'parameters as behind AUTO: ports=22,3389 split=true')
    .summary('repair a resource now, by hand')
    .description(
      'Shows the plan, asks, repairs, proves it by a re-read, writes it into the journal and tells Slack. Lets the bot\nwork on the resource again if an undo had kept it away.',
    )
    .option('--resource-region <region>', 'where the resource lies, when not in --region and not in its ARN')
    .option('-y, --yes', 'do not ask')
    .addOption(new Option('--dry-run', 'the same as npx selfheal plan').hideHelp())
    .option('--force', 'repair it although config.ts exempts it')
    .addHelpText('after', () =>
      help([
        'selfheal fix kms_enable_rotation 1234abcd-12ab-34cd-56ef-1234567890ab',
        'selfheal fix sg_close_ports sg-0123456789abcdef0 ports=22,3389 --yes',
      ]),
    )
    .action(
      (bot: string, resource: string | undefined, words: string[], _options: object, command: Command) =>
        run(command.optsWithGlobals(), async (session) =>
          command.opts<{ dryRun?: boolean }>().dryRun
            ? (await import('../commands/plan/plan')).plan(session, { bot, resource, words }, command.opts())
            : (await import('../commands/fix/fix')).fix(session, { bot, resource, words }, command.opts()),
        ),
    );
}
