import type { Target } from '../resources/target';

/** The key of the one item of the journal's table that says what is stopped: one read answers for every bot. */
export const STOPS = 'stops';

/** What is stopped: `all`, `account/111122223333`, `bot/ec2_stop_instance`; each with who stopped it and why. */
export type Stops = Readonly<Record<string, string>>;

/** Why a bot must not go on with a resource, or `undefined`: nobody has stopped it. */
export function stopFor(
  stops: Stops | undefined,
  bot: string,
  { account }: Pick<Target, 'account'>,
): string | undefined {
  const [stop] = ['all', `account/${account}`, `bot/${bot}`].flatMap((scope) => {
    const who = stops?.[scope];
    return who === undefined ? [] : stopTexts({ [scope]: who });
  });
  return stop;
}

/** What is stopped, a sentence each: `bot ec2_stop_instance is stopped by …`. */
export function stopTexts(stops: Stops): string[] {
  return Object.entries(stops).map(
    ([scope, who]) => `${scope === 'all' ? 'everything' : scope.replace('/', ' ')} is stopped ${who}`,
  );
}
