/** Resources that nobody has: what a bot is asked about to see that it answers, and does nothing. */
import type { CatalogueEntry } from '../shared/catalogue';
import { canonical } from '../shared/resources/canonical';
import type { Target } from '../shared/resources/target';
import { typeOf } from '../shared/resources/types';

/** Where they would lie. */
export interface Home {
  readonly account: string;
  readonly region: string;
}

/**
 * A resource of the bot's type that is not there, of a name that no other number has. The settings of an account and of
 * a region always are: of those types it is they.
 *
 * @throws Error for a type of which no name could be made.
 */
export function nobodys(
  { resource: type }: Pick<CatalogueEntry, 'resource'>,
  number: number,
  home: Home,
): Target {
  const { account, region } = home;
  const { arn, prefix } = typeOf(type) ?? {};
  const [pattern] = [arn ?? []].flat();
  const name = prefix === undefined ? `nobodys-${number}-a1b2c3` : `${prefix}${nameBehind(prefix, number)}`;
  const id = pattern === undefined ? name : `arn:aws:${filledIn(pattern, home, name, number)}`;
  const made = canonical({ type, id, around: { account, region } }, 'aws');
  if ('wrong' in made) throw new Error(`no name could be made for an ${type}: ${made.wrong}`);
  return made.target;
}

function nameBehind(prefix: string, number: number): string {
  return String(number).padStart(prefix === 'AKIA' ? 16 : 17, '0');
}

function filledIn(pattern: string, { account, region }: Home, name: string, number: number): string {
  return (
    pattern
      // What else varies is a name too, but for these.
      .replace(/\*(\/(?:webacl|rulegroup)\/\*\/)\*/, `regional$1${uuid(number)}`)
      .replace(/task-definition\/\*:@/, `task-definition/${name}:1`)
      .replace(/^([\w-]*):region:/, `$1:${region}:`)
      .replace(/^([\w-]*:[\w-]*):account:/, `$1:${account}:`)
      .replace(/@\+?/, name)
      .replaceAll('*', name)
  );
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
