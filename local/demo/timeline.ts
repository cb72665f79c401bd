import pc from 'picocolors';
import type { JournalEntry } from '../../shared/worker/journal';

/** What became of one fault. */
export interface Story {
  readonly name: string;
  readonly id: string;
  readonly chapters: readonly { readonly entry: JournalEntry; readonly slack: string | undefined }[];
}

const LINE = 100;
const FOUND_BY: Readonly<Record<string, string>> = {
  config: 'AWS Config',
  cloudguard: 'CloudGuard',
  generic: 'a tool of your own',
};

/** Tells a fault's story: finding → plan → calls → proof → Slack. */
export function tell({ name, id, chapters }: Story, say: (line?: string) => void): void {
  say();
  say(`${pc.bold(name)}  ${pc.dim(id)}`);
  for (const { entry, slack } of chapters) {
    say(
      line(
        'finding',
        // What AWS Config said may be older than what the bot then found.
        entry.finding.source === 'config' ? entry.violation : (entry.finding.title ?? entry.violation),
        FOUND_BY[entry.finding.source] ?? entry.finding.source,
      ),
    );
    say(
      line('plan', `${entry.bot}: ${entry.calls.length === 1 ? 'one call' : `${entry.calls.length} calls`}`),
    );
    for (const { action, input } of entry.calls) say(line('call', `${pc.cyan(action)} ${short(input)}`));
    if (entry.approvedBy !== undefined) say(line('approved', `by ${entry.approvedBy}, in Slack`));
    say(line('proof', verdict(entry)));
    say(line('slack', slack === undefined ? pc.red('nothing') : sentence(slack)));
    say(line('undo', pc.dim(`npx selfheal undo ${entry.id}`)));
  }
}

function line(label: string, text: string, from?: string): string {
  return `  ${pc.dim(label.padEnd(8))} ${text}${from ? pc.dim(`  (${from})`) : ''}`;
}

function verdict({ status, endedAt = '' }: JournalEntry): string {
  return status === 'fixed'
    ? pc.green(`read again at ${endedAt.slice(11, 19)}: the fault is gone`)
    : pc.red(status);
}

/** The header of a Block Kit message, or its plain text. */
function sentence(message: string): string {
  const { text = '' } = JSON.parse(message) as { text?: string };
  return short(text.replace(/[`*]/g, '').replace(/\s+/g, ' '));
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LINE ? text : `${text.slice(0, LINE)}…`;
}
