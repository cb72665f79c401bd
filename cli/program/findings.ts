import type { Command } from 'commander';
import { type Run, help } from './parts';

/** Where findings come from, and what becomes of them. */
export function addFindingCommands(program: Command, run: Run): void {
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
        (await import('../commands/scan/scan')).scan(session, command.opts()),
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
        (await import('../commands/explain/explain')).explainFinding(session, file, command.opts()),
      ),
    );

  program
    .command('routes')
    .summary('what is done about which finding')
    .description('Lists the routes of config.ts, and the controls that enabled bots answer without one.')
    .addHelpText('after', () => help(['selfheal routes', 'selfheal routes --json']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/routes/routes')).routes(session),
      ),
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
        (await import('../commands/ingest/ingest')).ingest(session, file, command.opts()),
      ),
    );
}
