import type { Held, Waiting } from './bot';

/**
 * Makes the function that says why a service takes no changes of what is in a state; `undefined`: it does. A service
 * changes what is `ready` (or in a state that is `asGood`); what is `stuck` comes there by a person's help only, and
 * everything else by itself.
 */
export function readiness(service: string, ready: string, stuck: RegExp, asGood?: RegExp) {
  return (status: string): Held | Waiting | undefined => {
    if (status === ready || asGood?.test(status)) return undefined;
    return stuck.test(status)
      ? { held: `${service} changes nothing that is ${status}: bring it back to ${ready} first` }
      : { waiting: `it is ${status}, and ${service} changes only what is ${ready}` };
  };
}
