import { type Command, Option } from 'commander';
import { GROUPS, SORTS } from '../rows/kinds';
import { type Run, addHandingOn, help, listed } from './parts';

/** Where findings come from, and what becomes of them. */
export function addFindingCommands(program: Command, run: Run): void {
  const scan = program
    .command('scan')
    .summary('look for faults now, without AWS Config')
    .description(
      'Runs the checks of all enabled posture bots over the live resources of an account and shows what is wrong and\nwhat would be done. Only reads, unless --enqueue puts what it found on the remediation queue.',
    )
    .option('--bot <bot...>', 'only these bots, enabled or not')
    .option('--account <id>', 'a member account; with --assume-role (default: your own)')
    .option('--resource-region <region...>', 'look there, or in all regions: all (default: --region)')
    .option('--severity <severity>', 'critical, high, medium, low, or high+ for high and worse', listed)
    .addOption(new Option('--sort <by>', 'in which order').choices(SORTS).default('severity'))
    .addOption(new Option('--group-by <what>', 'how many there are of each').choices(GROUPS))
    .option('--enqueue', 'put what is found on the remediation queue')
    .option('-y, --yes', 'with --enqueue: do not ask');
  addHandingOn(scan)
    .addHelpText('after', () =>
      help([
        'selfheal scan',
        'selfheal scan --bot kms_enable_rotation --resource-region eu-west-1 us-east-1',
        'selfheal scan --account 444455556666 --assume-role OrganizationAccountAccessRole',
        'selfheal scan --format sarif --out selfheal.sarif',
        'selfheal scan --severity high+ --enqueue --yes',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/scan/scan')).scan(session, command.opts()),
      ),
    );

  program
    .command('explain')
    .argument('<files...>', 'findings as JSON, in the forms that ingest takes; - reads what is piped in')
    .summary('what would happen to a finding, and why')
    .description(
      'Shows step by step who is speaking, what it asks for, and what config.ts makes of it. Asks AWS nothing and sends\nnothing.',
    )
    .option(
      '--account <id>',
      'the account selfheal is installed in (default: the one that the finding names)',
    )
    .option('--home <region>', 'the region it is installed in (default: eu-west-1)')
    .option('--deployed', 'judge by what is deployed, in place of config.ts here; asks AWS for it')
    .addHelpText('after', () => help(['selfheal explain finding.json', 'pbpaste | selfheal explain -']))
    .action((files: readonly string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/explain/explain')).explainFinding(session, files, command.opts()),
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
    .argument('<files...>', 'findings as JSON: one, a list, one a line; - reads what is piped in')
    .summary('take in findings from files')
    .description(
      'Reads findings as the findings function does, shows what they ask for, asks, and puts it on the remediation queue. Takes what aws securityhub get-findings and get-findings-v2 and aws guardduty get-findings print, the output of Prowler, and what queue, scan and history hand on as OCSF.',
    )
    .option('--dry-run', 'only say what would be enqueued, by bot, by account, and what is declined and why')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', () =>
      help([
        'selfheal ingest prowler-output.ocsf.json',
        'aws securityhub get-findings | selfheal ingest - --dry-run',
        'selfheal ingest findings-1.json findings-2.json --yes',
      ]),
    )
    .action((files: readonly string[], _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/ingest/ingest')).ingest(session, files, command.opts()),
      ),
    );
}
