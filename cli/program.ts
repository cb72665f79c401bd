import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT_HELP } from './exit-codes';
import type { GlobalOptions, Result, Session } from './session';

/** Runs one command: begins the session with the options that all commands share, and keeps the result. */
export type Run = (options: GlobalOptions, command: (session: Session) => Promise<Result>) => Promise<void>;

/** The commands, their options and their help. What they do is loaded when one is called. */
export function newProgram(run: Run): Command {
  const program = new Command('selfheal')
    .description(
      'Self-healing security for AWS: see what is wrong, what would be done, put it right, take it back.',
    )
    .option('--region <region>', 'where selfheal is installed (default: AWS_REGION, or the profile)')
    .addOption(new Option('--stage <stage>', 'which installation').default('prod').argParser(stage))
    .option('--profile <name>', 'the profile of your AWS credentials')
    .option('--assume-role <name>', 'the role by which you reach resources in other accounts')
    .option('--json', 'print one JSON document on stdout and nothing else')
    .option('--no-color', 'no colours')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', () => help(START, true));
  program.version(version(), '--version', 'show the version');

  program
    .command('bots')
    .argument('[bot]', 'its id or alias')
    .summary('the catalogue: what each bot mends')
    .description(
      'Lists the bots, or shows everything about one: parameters, IAM permissions, controls, effect.',
    )
    .addHelpText('after', () => help(['selfheal bots', 'selfheal bots kms_enable_rotation']))
    .action((bot: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await import('./commands/bots')).bots(session, bot)),
    );

  program
    .command('queue')
    .summary('what waits, and what would be done about it')
    .description(
      'Shows the messages of the remediation queue and what each would do. Nothing is taken off: messages are read\nand handed back at once. Messages of one resource stand in line, and at most ten of a line are shown.',
    )
    .option('--dead', 'the dead-letter queue: what could not be used, and why')
    .option('--redrive', 'with --dead: put the letters that can be used back on the remediation queue')
    .option('-y, --yes', 'with --redrive: do not ask')
    .option('--no-live', 'do not compute plans that messages do not carry')
    .option('--limit <count>', 'show at most so many', between(1, 1000), 100)
    .addHelpText('after', () =>
      help([
        'selfheal queue',
        'selfheal queue --json | jq ".messages[] | {bot, target, plan}"',
        'selfheal queue --dead',
        'selfheal queue --dead --redrive',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/queue')).queue(session, command.opts()),
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
    .description('Looks at the live resource and shows the exact calls that would mend it. Writes nothing.')
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
          (await import('./commands/plan')).plan(session, { bot, resource, words }, command.opts()),
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
    .summary('mend a resource now, by hand')
    .description(
      'Shows the plan, asks, mends, proves it by a re-read, writes it into the journal and tells Slack. Lets the bot\nwork on the resource again if an undo had kept it away.',
    )
    .option('--resource-region <region>', 'where the resource lies, when not in --region and not in its ARN')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'mend it although config.ts exempts it')
    .addHelpText('after', () =>
      help([
        'selfheal fix kms_enable_rotation 1234abcd-12ab-34cd-56ef-1234567890ab',
        'selfheal fix sg_close_ports sg-0123456789abcdef0 ports=22,3389 --yes',
      ]),
    )
    .action(
      (bot: string, resource: string | undefined, words: string[], _options: object, command: Command) =>
        run(command.optsWithGlobals(), async (session) =>
          (await import('./commands/fix')).fix(session, { bot, resource, words }, command.opts()),
        ),
    );

  program
    .command('history')
    .argument('[id]', 'one change in full')
    .summary('what was changed')
    .description(
      'Lists the changes in the journal, newest first, or shows one in full: before, after, calls.',
    )
    .option('--bot <bot>', 'of this bot')
    .option('--resource <resource>', 'of this resource: its id or ARN')
    .option('--since <time>', '15m, 2h, 7d, or an ISO time')
    .option('--limit <count>', 'at most so many', between(1, 10_000), 50)
    .addHelpText('after', () =>
      help([
        'selfheal history --since 7d',
        'selfheal history --resource sg-0123456789abcdef0',
        'selfheal history 20261121T093000-3f9a2c41b0',
      ]),
    )
    .action((id: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/history')).history(session, id, command.opts()),
      ),
    );

  program
    .command('undo')
    .argument('[id]', 'the change, as selfheal history shows it')
    .summary('take changes back')
    .description(
      'Brings resources back to how they were before a change, newest change first, and keeps the bot away from them\nuntil selfheal fix is run there. Shows the calls and asks. A resource that has changed since is left alone,\nunless --force is given.',
    )
    .option('--bot <bot>', 'all changes of this bot; with --since')
    .option('--since <time>', 'all changes since: 15m, 2h, 7d, or an ISO time')
    .option('--run <id>', 'all changes that the same finding caused as the change with this id')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'undo although the resource has changed since, or the run was interrupted')
    .addHelpText('after', () =>
      help([
        'selfheal undo 20261121T093000-3f9a2c41b0',
        'selfheal undo --bot kms_enable_rotation --since 2h',
        'selfheal undo --run 20261121T093000-3f9a2c41b0 --yes',
      ]),
    )
    .action((id: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/undo')).undo(session, id, command.opts()),
      ),
    );

  program
    .command('scan')
    .summary('look for faults now, without AWS Config')
    .description(
      'Runs the checks of all enabled posture bots over the live resources of an account and shows what is wrong and\nwhat would be done. Only reads, unless --enqueue puts what it found on the remediation queue.',
    )
    .option('--bot <bot...>', 'only these bots, enabled or not')
    .option('--account <id>', 'a member account; with --assume-role (default: your own)')
    .option('--resource-region <region...>', 'look there, or in all regions: all (default: --region)')
    .option('--enqueue', 'put what is found on the remediation queue')
    .option('-y, --yes', 'with --enqueue: do not ask')
    .addHelpText('after', () =>
      help([
        'selfheal scan',
        'selfheal scan --bot kms_enable_rotation --resource-region eu-west-1 us-east-1',
        'selfheal scan --account 444455556666 --assume-role OrganizationAccountAccessRole',
        'selfheal scan --enqueue --yes',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/scan')).scan(session, command.opts()),
      ),
    );

  program
    .command('explain')
    .argument('<file>', 'one finding or several as JSON; - reads what is piped in')
    .summary('what would happen to a finding, and why')
    .description(
      'Shows step by step who is speaking, what it asks for, and what config.ts makes of it. Asks AWS nothing and sends\nnothing.',
    )
    .option(
      '--account <id>',
      'the account selfheal is installed in (default: the one that the finding names)',
    )
    .option('--home <region>', 'the region it is installed in (default: eu-west-1)')
    .addHelpText('after', () => help(['selfheal explain finding.json', 'pbpaste | selfheal explain -']))
    .action((file: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/explain')).explainFinding(session, file, command.opts()),
      ),
    );

  program
    .command('routes')
    .summary('what is done about which finding')
    .description('Lists the routes of config.ts, and the controls that enabled bots answer without one.')
    .addHelpText('after', () => help(['selfheal routes', 'selfheal routes --json']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => (await import('./commands/routes')).routes(session)),
    );

  program
    .command('ingest')
    .argument('<file>', 'findings as JSON: one, a list, or one a line; - reads what is piped in')
    .summary('take in findings from a file')
    .description(
      "Reads findings as the findings function does, shows what they ask for, asks, and puts it on the remediation\nqueue. Takes Prowler's output as it is.",
    )
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', () =>
      help(['selfheal ingest prowler-output.ocsf.json', 'selfheal ingest findings.json --yes']),
    )
    .action((file: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/ingest')).ingest(session, file, command.opts()),
      ),
    );

  program
    .command('member-template')
    .summary('what member accounts hold')
    .description(
      'Prints the CloudFormation template for member accounts: the role that the enabled bots assume there, and the\nrules that send events to this installation. Asks AWS nothing. docs/members.md says how it is deployed.',
    )
    .addOption(
      new Option('--account <id>', 'the account selfheal is installed in (default: a parameter)').argParser(
        account,
      ),
    )
    .option('--terraform', 'as a module for Terraform: member.tf.json')
    .addHelpText('after', () =>
      help([
        'selfheal member-template > member.json',
        'selfheal member-template --terraform > selfheal-member/member.tf.json',
        'selfheal member-template --account 111122223333 --region eu-west-1 > member.json',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/member-template')).memberTemplateOf(session, command.opts()),
      ),
    );

  program
    .command('doctor')
    .summary('whether the installation is as it should be')
    .description(
      'Looks at the installation from outside: credentials, queues, schedule, functions, webhook, AWS Config, and in each\nmember account the role and what forwards events. Each thing is green, red with what mends it, or unknown where AWS\ndoes not let it be told. Changes nothing. Ends with 1 when anything is red.',
    )
    .option('--webhook', 'send a test message to Slack')
    .addHelpText('after', () =>
      help([
        'selfheal doctor',
        'selfheal doctor --webhook',
        'selfheal doctor --assume-role OrganizationAccountAccessRole',
        'selfheal doctor --json | jq ".checks[] | select(.state == \\"red\\")"',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('./commands/doctor')).doctor(session, command.opts()),
      ),
    );

  return program;
}

const START = [
  'selfheal doctor                    whether the installation is as it should be',
  'selfheal bots                      what can be mended',
  'selfheal plan kms_enable_rotation <key>   what would be done to one key; writes nothing',
  'selfheal queue                     what waits while auto response is off',
  'selfheal explain finding.json      what would happen to a finding, and why',
  'selfheal history                   what was changed',
  'selfheal undo <id>                 take a change back',
];

function help(examples: readonly string[], withCodes = false): string {
  const list = examples.map((example) => `  ${example}`).join('\n');
  const codes = withCodes ? `\n\n${EXIT_HELP}` : '\n\nExit codes: see selfheal --help';
  return `\nExamples:\n${list}${codes}`;
}

function between(least: number, most: number) {
  return (value: string): number => {
    const count = Number(value);
    if (/^\d+$/.test(value) && count >= least && count <= most) return count;
    throw new InvalidArgumentError(`It takes a number from ${least} to ${most}.`);
  };
}

function account(value: string): string {
  if (/^\d{12}$/.test(value)) return value;
  throw new InvalidArgumentError('An account is twelve digits.');
}

function stage(value: string): string {
  if (/^[A-Za-z0-9-]{1,30}$/.test(value)) return value;
  throw new InvalidArgumentError('A stage is letters, digits and hyphens.');
}

function version(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- at run time, beside the sources
  return (require('../package.json') as { version: string }).version;
}
