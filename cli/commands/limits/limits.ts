import { limitsOf, periodOf } from '../../../shared/worker/limits';
import { callerOf, openJournal } from '../../installation';
import { EXIT } from '../../terminal/exit-codes';
import { printable, text } from '../../terminal/print';
import { type Result, type Session, confirm } from '../../session';
import { table } from '../../terminal/table';

const COLUMNS = { account: 'whole', bot: 'name', 'this hour': 'whole', limit: 'whole' } as const;

/** Options of `selfheal limits`. */
export interface LimitsOptions {
  readonly account?: string;
  readonly release?: boolean;
  readonly yes?: boolean;
}

/**
 * `selfheal limits`: what bots have changed in this hour, and how much they may. `--release` forgets what was counted, so
 * that what waits goes on within minutes.
 */
export async function limits(session: Session, options: LimitsOptions): Promise<Result> {
  const { say, paint, io } = session;
  const config = await session.config();
  const journal = await openJournal(session);
  const caller = await callerOf(session);
  const accounts =
    options.account === undefined ? accountsOf(config.accounts, caller.account) : [options.account];
  if (options.release) {
    await confirm(session, `Let bots change as much again in ${accounts.join(', ')} this hour?`, options.yes);
    for (const account of accounts) await journal.releaseLimits(account);
  }
  const counts = await journal.counts(accounts);
  const catalogue = await session.catalogue();
  const rows = [...counts].flatMap(([account, counted]) =>
    Object.entries(counted).map(([name, changes]) => {
      const id = name.startsWith('bot/') ? name.slice(4) : undefined;
      const entry = catalogue.find((one) => one.id === id);
      const own = entry && limitsOf(config, entry);
      const all = catalogue[0] && limitsOf(config, catalogue[0]);
      return { account, bot: id, changes, limit: id === undefined ? all?.perAccount : own?.perBot };
    }),
  );
  if (config.limits === false) say(text`config.ts sets no limits.`);
  else if (rows.length === 0) say(text`Nothing was changed in this hour.`);
  else {
    const cell = ({ changes, limit }: (typeof rows)[number]) => {
      const shown = printable(String(changes));
      return limit !== undefined && changes >= limit ? { text: shown, paint: paint.red } : shown;
    };
    say(
      table(
        paint,
        io.columns,
        COLUMNS,
        rows.map((row) => [
          printable(row.account),
          printable(row.bot ?? 'all bots'),
          cell(row),
          printable(String(row.limit ?? '-')),
        ]),
      ),
    );
    const until = new Date(periodOf(Date.now()).end).toISOString().slice(11, 16);
    say(text`\nCounted anew from ${printable(until)} UTC.`);
  }
  return { exit: EXIT.fine, document: { counts: rows, ...(options.release && { released: accounts }) } };
}

function accountsOf(
  accounts: Awaited<ReturnType<Session['config']>>['accounts'],
  home: string,
): readonly string[] {
  const named = accounts?.mode === 'multi' ? (accounts.accounts ?? []) : [];
  return [...new Set([home, ...named])];
}
