import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Run, help } from './parts';

/** For whoever keeps the installation. */
export function addInstallationCommands(program: Command, run: Run): void {
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
        (await import('../commands/member-template/member-template')).memberTemplateOf(
          session,
          command.opts(),
        ),
      ),
    );

  program
    .command('off')
    .summary('auto response off, now, without a deployment')
    .description(
      'Bots change nothing more, within seconds: what runs stops before its next call, and the schedule that starts the\ncoordinator is disabled. Findings go on to the queue. Asks nothing. `npx selfheal on` lets bots go on.',
    )
    .option('--reason <text>', 'why, for whoever asks')
    .addHelpText('after', () => help(['selfheal off', 'selfheal off --reason "INC-1234"']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/off/off')).off(session, command.opts()),
      ),
    );

  program
    .command('on')
    .summary('auto response on, now, without a deployment')
    .description(
      'Enables the schedule and lifts what `off` or `stop --all` stopped, after it has said how much waits. What is stopped\nfor one account or one bot stays so. What config.ts says is left as it is: write enable_auto_response: true there too.',
    )
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', () => help(['selfheal on', 'selfheal on --yes']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/off/off')).on(session, command.opts()),
      ),
    );

  program
    .command('stop')
    .summary('the kill switch: bots change nothing more')
    .description(
      'Stops all bots, those in one account, or one bot, within seconds: what runs stops before its next call. Messages\nstay in the queue, and no try is counted. Without an option it says what is stopped.',
    )
    .option('--all', 'everything')
    .option('--account <id>', 'what bots do in this account')
    .option('--bot <bot>', 'this bot')
    .option('--reason <text>', 'why, for whoever asks')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', () =>
      help(['selfheal stop', 'selfheal stop --all --yes', 'selfheal stop --bot ec2_stop_instance']),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/stop/stop')).stop(session, command.opts()),
      ),
    );

  program
    .command('start')
    .summary('lets go on what was stopped')
    .option('--all', 'what `npx selfheal stop --all` stopped')
    .option('--account <id>', 'what bots do in this account')
    .option('--bot <bot>', 'this bot')
    .addHelpText('after', () => help(['selfheal start --all', 'selfheal start --bot ec2_stop_instance']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/stop/stop')).start(session, command.opts()),
      ),
    );

  program
    .command('limits')
    .summary('how much was changed in this hour, and may be')
    .description(
      'Shows what bots have changed in this hour against the limits of config.ts. What is over waits in the queue until the\nhour ends, or until --release forgets what was counted.',
    )
    .option('--account <id>', 'of this account (default: all that config.ts names)')
    .option('--release', 'let bots change as much again this hour')
    .option('-y, --yes', 'with --release: do not ask')
    .addHelpText('after', () =>
      help(['selfheal limits', 'selfheal limits --release', 'selfheal limits --account 111122223333']),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/limits/limits')).limits(session, command.opts()),
      ),
    );

  program
    .command('exemptions')
    .summary('what bots leave alone, until when, and what that hides now')
    .description(
      'Lists the exemptions of config.ts with who asked for each, who approved, when it ends, and the faults that it hides\nnow in the account and region of the installation. Only reads.',
    )
    .option('--no-look', 'do not look what they hide')
    .addHelpText('after', () => help(['selfheal exemptions', 'selfheal exemptions --no-look --json']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/exemptions/exemptions')).exemptions(session, command.opts()),
      ),
    );

  program
    .command('doctor')
    .summary('whether the installation is as it should be')
    .description(
      'Looks at the installation from outside: credentials, queues, schedule, functions, webhook, AWS Config, and in each\nmember account the role and what forwards events. Each thing is green, red with what to do, or unknown where AWS\ndoes not let it be told. Changes nothing. Ends with 1 when anything is red.',
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
        (await import('../commands/doctor/doctor')).doctor(session, command.opts()),
      ),
    );
}

function account(value: string): string {
  if (/^\d{12}$/.test(value)) return value;
  throw new InvalidArgumentError('An account is twelve digits.');
}
