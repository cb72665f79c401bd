/** Whom Security Hub names as the author of a note. */
export const NOTE_AUTHOR = 'selfheal';

/**
 * What every note begins with: the state of the finding that it answers, by the finding's own time, which an update
 * leaves as it is. By it the event that Security Hub sends of our own update is told from a finding that is new.
 *
 * @param time - ISO, as the message has it.
 */
export function noteHead(time: string): string {
  return `selfheal on the finding of ${time}: `;
}
