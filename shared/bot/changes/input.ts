import type { Target } from '../../resources/target';
import type { Call } from '../outcome';
import { type Json, type JsonObject, asJson, isList, isObject } from './json';
import { stem } from './seen';
import { inWords, named } from './words';

/** A field of an input. */
export type Field = readonly [name: string, value: Json];

/** A call, taken apart: what it does to what, and what it says of it. */
export interface Parts {
  /** `Revoke` of RevokeSecurityGroupIngress. */
  readonly verb: string;
  /** `SecurityGroupIngress` of it. */
  readonly noun: string;
  /** The fields that name what is changed. */
  readonly addresses: readonly Field[];
  /** The others: what is to be. */
  readonly values: readonly Field[];
}

/** What says nothing about the resource: tokens, confirmations, what is looked at by nobody. */
export const ASIDE =
  /^(ExpectedBucketOwner|AccountId|Client(Request)?Token|IfMatch|LockToken|RevisionId|UpdateToken|Marker|DryRun|Force|ApplyImmediately|UsePreviousTemplate|Skip\w+|reason|TagSpecifications|.*Description|VersionToken|ServiceNamespace|Owner|PermissionType|CreateBucketConfiguration|HostedZoneId|RotateImmediately)$/i;

/** Fields that name what is changed whatever the operation is called. */
const ALWAYS =
  /^(Id|Name|Arn|Scope|cluster|ResourceId|ResourceArn|Resource|Resources|Bucket|logGroupName|ScalableDimension)$/i;

/** The name in a pair of a name and a value is no address. */
const OF_A_PAIR = /^(Attribute(Name|Value)?|Setting(Id|Value))$/;

const NAMES = /(Name|Ids?|Arns?|ARNs?|Identifiers?|Urls?|URLs?|Digest)$/;

/** Takes a call apart. */
export function partsOf({ action, input }: Call, target: Target): Parts {
  const operation = action.slice(action.indexOf(':') + 1);
  const verb = /^(?:Batch)?[A-Z][a-z]+(?=[A-Z]|$)/.exec(operation)?.[0] ?? '';
  const noun = operation.slice(verb.length) || (verb === 'Subscribe' ? 'Subscription' : '');
  const fields = Object.entries(asJson(input) as JsonObject).filter(
    ([name, value]) => !ASIDE.test(name) && !(name === 'PolicyName' && value === 'default'),
  );
  const isAddress = ([name, value]: Field) =>
    !OF_A_PAIR.test(name) &&
    (isTarget(value, target) || ALWAYS.test(name) || (isNames(value) && isOf(name, noun)));
  const addresses = fields.filter(isAddress);
  const values = fields.filter((field) => !isAddress(field));
  return { verb, noun, addresses, values };
}

/** Whether a value of an input names the target. */
export function isTarget(value: Json, { id, account }: Target): boolean {
  if (isList(value)) return value.length === 1 && isTarget(value[0] ?? null, { id, account } as Target);
  if (typeof value !== 'string') return false;
  if (value === id || value === account) return true;
  const [end] = id.split(/[/:]/).slice(-1);
  return (
    (id.startsWith('arn:') && value === end) ||
    (value.startsWith('arn:') && /[/:]/.test(value) && value.split(/[/:]/).at(-1) === id)
  );
}

/** `policy read of user ann`: what the addresses name, the thing that the operation is about first. */
export function phraseOf(
  { noun, addresses }: Pick<Parts, 'noun' | 'addresses'>,
  target: Target,
  id?: Json,
): string {
  const main = mainOf({ noun, addresses });
  const owners = addresses.filter((field) => field !== main && !isTarget(field[1], target));
  const what = named(subject(noun, addresses));
  return [main ? `${what} ${shown(id ?? main[1])}` : what, ...owners.map(ownerOf)].join(' of ');
}

/** `network interface eni-1 of security group sg-1`: the addresses alone. */
export function ownersOf(addresses: readonly Field[]): string {
  return addresses.map(ownerOf).join(' of ');
}

function ownerOf([name, value]: Field): string {
  const word = named(singular(name.replace(NAMES, '')));
  return word === '' || /^resources?$/.test(word) ? shown(value) : `${word} ${shown(value)}`;
}

/** The noun without what owns it: `Policy` of DeleteUserPolicy for a user. */
function subject(noun: string, addresses: readonly Field[]): string {
  const base = singular(baseOf(noun));
  const owner = addresses
    .map(([name]) => singular(name.replace(NAMES, '')))
    .find((name) => name !== '' && base.length > name.length && base.startsWith(name));
  return owner === undefined ? base : base.slice(owner.length);
}

/** The address of what the operation is about: `PolicyName` of DeleteUserPolicy. */
export function mainOf({ noun, addresses }: Pick<Parts, 'noun' | 'addresses'>): Field | undefined {
  const base = singular(baseOf(noun)).toLowerCase();
  const ends = addresses.filter(([name]) => {
    const word = singular(stem(name));
    return word !== '' && (base.endsWith(word) || word.endsWith(base));
  });
  const longest = ends.toSorted(([one], [other]) => stem(other).length - stem(one).length)[0];
  return longest ?? addresses.find(([name]) => /^(Name|Id|Arn)$/i.test(name));
}

/** The name without an s of the plural. */
export function singular(name: string): string {
  if (name.endsWith('ies')) return name.replace(/ies$/, 'y');
  return /(ss|us|is|Access)$/.test(name) ? name : name.replace(/s$/, '');
}

/** `User` of RemoveUserFromGroup. */
function baseOf(noun: string): string {
  return noun.replace(/(From|To)[A-Z].*$/, '');
}

function shown(value: Json): string {
  return isList(value) && value.length > 0 ? value.map(short).join(', ') : short(value);
}

/** An ARN that would fill the line is named by its end. */
function short(value: Json): string {
  const text = inWords(value);
  return text.length > 80 && text.startsWith('arn:') ? text.split(':').slice(5).join(':') : text;
}

function isNames(value: Json): boolean {
  return (
    typeof value === 'string' ||
    (isList(value) && value.length > 0 && value.every((one) => typeof one === 'string'))
  );
}

/** Whether a field's name is a part of the operation's: `UserName` of DeleteUserPolicy. */
function isOf(name: string, noun: string): boolean {
  const word = singular(stem(name));
  if (name === singular(noun).toLowerCase()) return true;
  return NAMES.test(name) && word !== '' && singular(noun).toLowerCase().includes(word);
}

/** The name and the value of what AWS gives as a pair: an attribute, a parameter, a patch, a feature. */
export function pairOf(item: Json): Field | undefined {
  if (!isObject(item)) return undefined;
  for (const [name, value] of PAIRS) {
    const [key, said] = [item[name], item[value]];
    if (typeof key === 'string' && said !== undefined && !isObject(said)) return [key, said];
  }
  return undefined;
}

const PAIRS = [
  ['AttributeName', 'AttributeValue'],
  ['ParameterName', 'ParameterValue'],
  ['SettingId', 'SettingValue'],
  ['path', 'value'],
  ['Key', 'Value'],
  ['key', 'value'],
  ['Name', 'Status'],
] as const;
