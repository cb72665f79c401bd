import { Argument, type Command, Option } from 'commander';
import { type Run, help } from './parts';

/** For whoever writes config.ts. */
export function addConfigCommands(program: Command, run: Run): void {
  program
    .command('init')
    .summary('write a config.ts to begin with')
    .description(
      'Asks five questions, and writes config.ts into this folder. Each option answers one of them; --yes takes the\ndefaults for the others. Asks AWS nothing.',
    )
    .option('--members <who>', 'other accounts: an organization or account ids, with commas; or none')
    .option('--external-id <text>', 'what the roles of members ask for (default: one that is made up)')
    .option('--bots <bots>', 'presets, `few` safe ones, or ids, with commas; or none')
    .option('--events <sources>', 'sources of findings over EventBridge, with commas; or none')
    .option('--slack-parameter <name>', 'the SSM parameter that holds the URL of the webhook')
    .addOption(new Option('--mode <mode>', 'how far bots may go').choices(['plan', 'approve', 'auto']))
    .option('-y, --yes', 'do not ask')
    .option('--force', 'overwrite a config.ts that is there')
    .addHelpText('after', () =>
      help([
        'selfheal init',
        'selfheal init --yes --bots baseline --mode approve',
        'selfheal init --yes --members o-a1b2c3d4e5 --bots cis-5.0 --events securityhub,guardduty',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/init/init')).init(session, command.opts()),
      ),
    );

  program
    .command('import')
    .addArgument(
      new Argument('<tool>', 'whose settings they are').choices(['cloudbots', 'conformity', 'dd-aws']),
    )
    .argument('<file>', 'where they stand; - reads what is piped in')
    .summary('write config.ts from the settings of another tool')
    .description(
      'Reads a ruleset of CloudGuard or the GD_ACTIONS of CloudBots, the config.js of Conformity’s auto-remediation, or the\nterraform.tfvars of Defendable Design for AWS, as data that is never run, and writes a config.ts that does no more than\nthey did. Says what came over, what differs, and what has no counterpart. Asks AWS nothing.',
    )
    .option('--out <file>', 'where config.ts is written (default: into this folder); - prints it')
    .option('--dry-run', 'write nothing: show it')
    .option('--force', 'overwrite a config.ts that is there')
    .addHelpText('after', () =>
      help([
        'selfheal import cloudbots bundle.json',
        'selfheal import conformity functions/config.js --dry-run',
        'selfheal import dd-aws terraform.tfvars --out config.ts',
      ]),
    )
    .action((tool: string, file: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/import/import')).importSettings(session, tool, file, command.opts()),
      ),
    );

  program
    .command('validate')
    .aliases(['check', 'config'])
    .summary('what is wrong with config.ts, and what it would deploy')
    .description(
      'Judges config.ts as packaging does, with the line and what was probably meant, and lists what it would deploy:\nbots and their modes, sources, accounts, limits. Warns of exemptions that have ended. Asks AWS nothing. Ends with 2\nwhen config.ts is wrong.',
    )
    .addHelpText('after', () =>
      help(['selfheal validate', 'selfheal validate --json | jq ".faults[] | {at, says, line}"']),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/validate/validate')).validate(session),
      ),
    );
}
