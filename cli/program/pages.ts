import type { Command } from 'commander';
import { type Run, between, help } from './parts';

/** What is open and what was done, as a page. */
export function addPageCommands(program: Command, run: Run): void {
  program
    .command('report')
    .summary('one HTML file: what is open, what was done')
    .description(
      'Reads the journal and the queues and writes one file that needs nothing else: what is open, planned, fixed, failed,\nheld and exempt, by account, region, bot, standard and severity, and each repair with its calls, proof and way back.\nTakes nothing off the queue. With --json it prints the data instead.',
    )
    .option('--out <file>', 'where it is written (default: selfheal-report.html)')
    .option('--since <time>', '15m, 2h, 7d, or an ISO time', '30d')
    .option(
      '--limit <count>',
      'list at most so many changes; older ones are counted',
      between(1, 20_000),
      2_000,
    )
    .addHelpText('after', () =>
      help([
        'selfheal report',
        'selfheal report --since 90d --out report.html',
        'selfheal report --json | jq .totals',
      ]),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/report/report')).report(session, command.opts()),
      ),
    );

  program
    .command('dashboard')
    .summary('the report live, on this machine')
    .description(
      'Serves the report on 127.0.0.1 under an address with a secret in it, and keeps it up to date. Ctrl-C ends it.',
    )
    .option('--port <port>', 'where (default: one that is free)', between(0, 65_535), 0)
    .option('--every <seconds>', 'seconds between two looks', between(5, 3_600), 15)
    .option('--since <time>', '15m, 2h, 7d, or an ISO time', '30d')
    .option(
      '--limit <count>',
      'list at most so many changes; older ones are counted',
      between(1, 20_000),
      1_000,
    )
    .addHelpText('after', () => help(['selfheal dashboard', 'selfheal dashboard --port 8080 --since 7d']))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) =>
        (await import('../commands/dashboard/dashboard')).dashboard(session, command.opts()),
      ),
    );
}
