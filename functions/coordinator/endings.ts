import type { Config } from '../../shared/config';
import { endingText, endingsDue } from '../../shared/exemption-ends';
import { type SelfhealEvent, newEvent } from '../../shared/worker/event';
import { log } from '../../shared/worker/log';
import type { Marks } from '../../shared/worker/marks';

/** What ends is looked for no more often than this. */
const LOOK_MS = 60 * 60_000;

/**
 * Tells on the events topic, once each, that an exemption ends within a week and that it has ended. It never fails: no
 * repair waits for this.
 */
export function endingsTeller(
  { exemptions = [] }: Pick<Config, 'exemptions'>,
  marks: Marks,
  tell: (event: SelfhealEvent) => Promise<void>,
  now = Date.now,
): () => Promise<void> {
  const told = new Set<string>();
  let lookedAt = -Infinity;
  return async () => {
    if (now() - lookedAt < LOOK_MS) return;
    lookedAt = now();
    for (const ending of endingsDue(exemptions, now())) {
      if (told.has(ending.key)) continue;
      const { is, exemption, key } = ending;
      try {
        await marks.once(key, () =>
          tell(
            newEvent({
              outcome: is === 'ended' ? 'exemption-ended' : 'exemption-ending',
              ...(exemption.bot !== undefined && { bot: exemption.bot }),
              title: is === 'ended' ? 'An exemption has ended' : 'An exemption ends',
              severity: 'medium',
              reason: endingText(ending, now()),
            }),
          ),
        );
        told.add(key);
      } catch (error) {
        log('error', 'the end of an exemption could not be told', { key, error: String(error) });
      }
    }
  };
}
