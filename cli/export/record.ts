import type { Change } from '../../shared/bot/changes/change';
import type { Call } from '../../shared/bot/outcome';
import { arnsOf } from '../../shared/resources/policy-arn';
import { ACCOUNT, REGION, type Target, partitionOf } from '../../shared/resources/target';
import type { Finding } from '../../shared/worker/message';
import type { Facts } from '../rows/narrow';

/** A row as all formats are made from it. */
export interface Exported extends Facts {
  /** The change's id in the journal, or the message's; of what a scan found, the bot and the resource. */
  readonly id: string;
  /** What is wrong, or was; absent where nobody has said it. */
  readonly violation: string | undefined;
  /** `open`: it is there; `settled`: it is put right; `exempt`: it is there, and config.ts wants it left alone. */
  readonly status: 'open' | 'settled' | 'exempt';
  /** The same in words: `fixed`, `would be fixed`, `nothing: the resource is gone`. */
  readonly standing: string;
  readonly calls: readonly Call[];
  /** What they change, in words; none where nobody has put it in words. */
  readonly changes: readonly Change[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly finding: Finding;
  /** Of a change: who was at work. */
  readonly by?: string;
}

/** What goes and what comes, in words, a line each: `- tcp 22 from 0.0.0.0/0`. What stays is left out. */
export function changeLines({ changes }: Pick<Exported, 'changes'>): string[] {
  return changes.filter(({ sign }) => sign !== ' ').map(({ sign, text }) => `${sign} ${text}`);
}

/** The ARN of a resource; its own id where it has none, or where the id does not tell all of it. */
export function arnOf(target: Target): string {
  const { id, type, account, region } = target;
  if (type === ACCOUNT || type === REGION) return `arn:${partitionOf(region)}:iam::${account}:root`;
  try {
    return arnsOf(target).find((arn) => !/[*?]/.test(arn)) ?? id;
  } catch {
    return id;
  }
}
