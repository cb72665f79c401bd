import pc from 'picocolors';
import type { JournalEntry } from '../../shared/journal';

/** What became of one fault. */
export interface Story {
  readonly name: string;
  readonly id: string;
  readonly chapters: readonly { readonly entry: JournalEntry; readonly slack: string | undefined }[];
}

const LINE = 100;

/** Tells a fault's story: finding → plan → calls → proof → Slack. */
export function tell({ name, id, chapters }: Story, say: (line?: string) => void): void {
  say();
  say(`${pc.bold(name)}  ${pc.dim(id)}`);
  for (const { entry, slack } of chapters) {
    say(
      line(
        'finding',
        `${clock(entry.startedAt)}  ${entry.finding.title ?? entry.violation}`,
        entry.finding.source,
      ),
    );
    say(line('plan', entry.violation, entry.bot));
    for (const { action, input } of entry.calls) say(line('call', `${pc.cyan(action)} ${short(input)}`));
    say(line('proof', `${entry.endedAt ? clock(entry.endedAt) : ''}  re-read: ${verdict(entry)}`));
    say(line('slack', slack === undefined ? pc.red('nothing') : sentence(slack)));
    say(pc.dim(`  undo     npx selfheal undo ${entry.id}`));
  }
}

function line(label: string, text: string, from?: string): string {
  return `  ${pc.dim(label.padEnd(8))} ${text}${from ? pc.dim(`  (${from})`) : ''}`;
}

function verdict({ status, after }: JournalEntry): string {
  const state = after === undefined ? '' : pc.dim(` ${short(after)}`);
  return status === 'fixed' ? `${pc.green('the fault is gone')}${state}` : pc.red(status);
}

/** The header of a Block Kit message, or its plain text. */
function sentence(message: string): string {
  const { text = '' } = JSON.parse(message) as { text?: string };
  return text.split('\n')[0] ?? '';
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= LINE ? text : `${text.slice(0, LINE)}…`;
}

function clock(iso: string): string {
  return iso.slice(11, 19);
}
