import type { Metadata } from '../bot/bot';
import type { Outcome } from '../bot/outcome';
import { resourceKey } from '../resources/target';
import { clip } from '../text';
import type { Remediation } from './message';

/** A finding that is older may well have been put right in between. */
const FRESH_MS = 60 * 60 * 1000;

/** When this function put right which resource, epoch milliseconds by the resource's key. */
export type Mended = Map<string, number>;

/**
 * In one sentence, that a fresh finding says that something is wrong and the bot finds nothing: one of the two looks at
 * the wrong thing, and nobody would hear of it. `undefined`: they agree, the finding is old, it is selfheal's own, or it
 * is about what this function has put right since. Bots that answer an attack find nothing to do when it is done.
 */
export function disagreementOf(
  { id, kind }: Pick<Metadata, 'id' | 'kind'>,
  { finding, target }: Pick<Remediation, 'finding' | 'target'>,
  outcome: Outcome['outcome'],
  mended: Mended,
  now = Date.now(),
): string | undefined {
  if (kind !== 'posture' || (outcome !== 'compliant' && outcome !== 'gone')) return undefined;
  const isOurs = OURS.includes(finding.source) || finding.id.startsWith(`${id}/`);
  const seen = Date.parse(finding.time);
  if (isOurs || now - seen > FRESH_MS || (mended.get(resourceKey(target)) ?? 0) >= seen) return undefined;
  const what =
    outcome === 'gone'
      ? 'there is no such resource where the finding says it is'
      : 'it was put right in between, or the two judge it differently';
  return `the finding says "${clip(finding.title ?? finding.id, 200)}", the bot finds nothing wrong: ${what}`;
}

/** Sources that run the bot's own check. */
const OURS: readonly string[] = ['scan', 'cli'];
