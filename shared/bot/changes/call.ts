import type { Target } from '../../resources/target';
import type { Call } from '../outcome';
import { type Change, change, fromTo } from './change';
import { type Difference, between, differenceOf, directionOf, dropped, labelled, merged } from './difference';
import { type Parts, isTarget, mainOf, ownersOf, partsOf, phraseOf, singular } from './input';
import { type Json, type JsonObject, isList, isObject, listOf, unfolded } from './json';
import { hasIn, listWith, sameNamed, withAll, withId } from './seen';
import { inWords, isNothing, named, speaksForItself, statementsIn } from './words';

/** What a call is read beside. */
export interface Beside {
  /** The bot's state, as JSON. */
  readonly state: Json;
  readonly target: Target;
  /** What calls beside it take away, by their ids: it does not stay. */
  readonly gone?: readonly Json[];
}

const REMOVING =
  /^(Revoke|Delete|Detach|Remove|Disassociate|Terminate|Release|Deregister|BatchDelete|Untag|Cancel)$/;
const MAKING = /^(Create|Attach|Associate|Add|Register|Allocate|Subscribe|Copy|Generate|BatchEnable|Import)$/;
const TURNING: Readonly<Record<string, readonly [before: string | undefined, after: string]>> = {
  Enable: [undefined, 'enabled'],
  Disable: ['enabled', 'disabled'],
  Start: [undefined, 'started'],
  Stop: ['running', 'stopped'],
};

/** The ids of what calls take away. */
export function goneBy(calls: readonly Call[], target: Target): readonly Json[] {
  return calls.flatMap((call) => {
    const { verb, addresses, values } = partsOf(call, target);
    if (!REMOVING.test(verb)) return [];
    return [...addresses, ...values]
      .flatMap(([, value]) => listOf(value))
      .filter((id) => !isTarget(id, target));
  });
}

/** What a call does beside setting the one attribute that it is for: what it makes, and with what it turns something on. */
export function besideAttribute(call: Call, target: Target): Difference {
  const parts = partsOf(call, target);
  const beside = { state: null, target };
  if (MAKING.test(parts.verb)) return changesOfCall(call, beside);
  const turns = TURNING[parts.verb] !== undefined && parts.values.length > 0;
  return turns ? written(parts, beside) : { changes: [], stays: [] };
}

/** What one call changes in the state that was read. */
export function changesOfCall(call: Call, beside: Beside): Difference {
  const parts = partsOf(call, beside.target);
  const { verb, noun } = parts;
  if (/^(Create|Add)?Tags?/.test(verb + noun)) return tagged(parts, beside);
  if (noun === 'NetworkAclEntry') return ofAclEntry(verb, call.input as JsonObject, beside);
  if (/^(Authorize|Revoke)$/.test(verb) && noun.startsWith('SecurityGroup'))
    return ofGroupRules(parts, beside);
  if (/^(Create|SetDefault|Set)$/.test(verb) && noun.endsWith('PolicyVersion'))
    return ofPolicyVersion(call, beside);
  if (verb === 'Update' && noun === 'AccessKey') return ofAccessKey(call.input as JsonObject, beside);
  if (REMOVING.test(verb)) return removed(parts, beside);
  if (MAKING.test(verb)) return { changes: made(parts, beside), stays: [] };
  const turned = TURNING[verb];
  if (turned) {
    const values = parts.values.length > 0 ? [written(parts, beside)] : [];
    return merged([{ changes: fromTo(phraseOf(parts, beside.target), ...turned), stays: [] }, ...values]);
  }
  const values = written(parts, beside);
  if (values.changes.length > 0 || parts.values.length === 0) return values;
  const said = inWords(Object.fromEntries(parts.values));
  return { changes: [change('+', `${phraseOf(parts, beside.target)}: ${said}`)], stays: values.stays };
}

/** What is set, field by field, beside the part of the state that the addresses name. */
function written(parts: Parts, { state, target }: Beside): Difference {
  const { addresses } = parts;
  const others = addresses.filter(([, value]) => !isTarget(value, target));
  // Where nothing but names are given, the last is what the first is to have.
  const values = parts.values.length > 0 ? parts.values : others.slice(-1);
  const of = others.filter((field) => !values.includes(field));
  const scope = withAll(
    state,
    of.flatMap(([, value]) => listOf(value)),
  );
  // What the state knows nothing of is new, or another thing than the resource: it is said as a whole.
  if (of.length > 0 && !scope) return { changes: made(parts, { state, target }), stays: [] };
  const whose = ownersOf(of);
  const pair = attributeOf(parts);
  const removes = values.some(([name, value]) => name === 'OperationType' && value === 'remove');
  const fields = pair
    ? [pair]
    : values.filter(([name]) => !/^(Attribute|AttributeName|OperationType)$/.test(name));
  return merged(
    fields.map(([name, value]) => {
      const end = /(?:^|To)(Remove|Removed|Disable)$/.exec(name);
      if (end || removes) {
        return dropped(named(singular(end ? name.slice(0, end.index) : name)), listOf(value), state);
      }
      const label = whose === '' ? named(name) : `${named(name)} of ${whose}`;
      return differenceOf(name, value, { label, scope: scope ?? state, of: whose });
    }),
  );
}

/** `AttributeName` and `AttributeValue` of one call. */
function attributeOf({ values, addresses }: Parts): readonly [string, Json] | undefined {
  const all = [...addresses, ...values];
  const key = all.find(([name]) => /^(Attribute(Name)?|SettingId)$/.test(name));
  const value = all.find(([name]) => /^(AttributeValue|SettingValue)$/.test(name));
  return key && value && typeof key[1] === 'string' ? [key[1], value[1]] : undefined;
}

/** A thing that goes: by the ids in the input it is looked up in the state, and said as it is there. */
function removed(parts: Parts, { state, target, gone: elsewhere = [] }: Beside): Difference {
  const { noun, addresses, values } = parts;
  const named = mainOf(parts);
  const others = [...addresses, ...values].filter(([, value]) => !isTarget(value, target));
  const isTargets = named !== undefined && isTarget(named[1], target);
  const main =
    (named && !isTargets ? named : undefined) ??
    others.find(([, value]) => listOf(value).some((id) => withId(state, id) !== undefined)) ??
    (named ? undefined : others.find(([, value]) => listOf(value).every((one) => typeof one === 'string')));
  if (!main) return withoutIt(parts, named !== undefined, { state, target });
  const ids = listOf(main[1]);
  const isAddress = addresses.includes(main);
  const whole = phraseOf(parts, target);
  const phraseFor = (id: Json) => {
    if (isTargets) return whole;
    if (named === main) return phraseOf(parts, target, id);
    return `${whole} ${inWords(id)}`;
  };
  const beside = addresses.flatMap(([, value]) => listOf(value));
  const lines = ids.map((id) => {
    const found = withId(state, id);
    if (found && speaksForItself(found)) return inWords(found, directionOf(noun));
    const said = found ? details(found, isTargets && !isAddress ? beside : [id, ...beside]) : '';
    return said === '' ? phraseFor(id) : `${phraseFor(id)}: ${said}`;
  });
  const kept = listWith(state, ids).filter((item) => ![...ids, ...elsewhere].some((id) => hasIn(item, id)));
  const gone = new Set(lines);
  const stays = kept.map((item) => staying(item, parts)).filter((one) => !gone.has(one));
  return { changes: lines.map((line) => change('-', line)), stays };
}

/** What stands beside a thing that goes, said as the thing would be. */
function staying(item: Json, { noun, addresses }: Parts): string {
  if (!isObject(item) || speaksForItself(item)) return inWords(item, directionOf(noun));
  const id = ['id', 'arn', 'name', 'Id', 'Arn', 'Name']
    .map((key) => item[key])
    .find((one) => typeof one === 'string');
  if (id === undefined) return inWords(item);
  const what = phraseOf({ noun, addresses }, NOBODY, id).split(' of ')[0] ?? '';
  const said = details(item, [id]);
  return said === '' ? what : `${what}: ${said}`;
}

const NOBODY: Target = { account: '', region: '', type: '', id: '' };

/** The target itself goes, or a part of it that has no id: what the state knows of it goes along. */
function withoutIt(parts: Parts, isNamed: boolean, { state, target }: Beside): Difference {
  const { noun, addresses } = parts;
  const phrase = phraseOf(parts, target);
  const values = parts.values.filter(([, one]) => !isNothing(one) && !(typeof one === 'number'));
  if (values.length > 0 && addresses.length > 0 && !isNamed) {
    return { changes: [change('-', `${phrase}: ${inWords(Object.fromEntries(values))}`)], stays: [] };
  }
  // A policy that is detached from a group is still there.
  if (addresses.some(([, value]) => !isTarget(value, target))) {
    return { changes: [change('-', phrase)], stays: [] };
  }
  const part = partNamed(state, noun);
  const statements = part === undefined ? undefined : statementsIn(part);
  if (statements) {
    return { changes: statements.map((one) => change('-', inWords(one))), stays: [] };
  }
  if (part !== undefined && !isNothing(part) && typeof part !== 'boolean') {
    return { changes: [change('-', `${phrase}: ${inWords(part)}`)], stays: [] };
  }
  const root = isObject(state) ? state : {};
  const said = details(root, []);
  const inside = Object.values(root)
    .flatMap((field) => (isList(field) ? field : (statementsIn(field) ?? [])))
    .filter((item) => speaksForItself(item));
  return {
    changes: [
      change('-', said === '' ? phrase : `${phrase}: ${said}`),
      ...inside.map((item) => change('-', inWords(item))),
    ],
    stays: [],
  };
}

/** What the state has for the noun of an operation, by its last words: `policy` for BucketPolicy. */
function partNamed(state: Json, noun: string): Json | undefined {
  const words = noun.split(/(?=[A-Z][a-z])/);
  for (let at = 0; at < words.length; at++) {
    const found = sameNamed(state, words.slice(at).join(''));
    if (found) return found.value;
  }
  return undefined;
}

/** A thing that comes: by name, with what is said of it; the statements of its documents follow. */
function made(parts: Parts, { state, target }: Beside): Change[] {
  const { noun, verb, values, addresses } = parts;
  const documents = values.flatMap(([, value]) => statementsIn(value) ?? []);
  const plain = values.filter(
    ([name, value]) =>
      !statementsIn(value) && !isNothing(value) && !/^tags$/i.test(name) && !isAboutTarget(value, target),
  );
  const direction = directionOf(noun);
  const rules = plain.flatMap(([, value]) => (isList(value) ? value : [])).filter(speaksForItself);
  const rest = plain.filter(([, value]) => !(isList(value) && value.every(speaksForItself)));
  const others = addresses
    .filter(([, value]) => !isTarget(value, target))
    .flatMap(([, value]) => listOf(value));
  const known = /^(Attach|Associate|Add)$/.test(verb)
    ? others.map((id) => withId(state, id)).find(Boolean)
    : undefined;
  const said = [
    inWords(Object.fromEntries(rest)),
    known ? details(known, [...others, ...addresses.map(([, value]) => value)]) : '',
  ]
    .filter((one) => one !== '' && one !== 'nothing')
    .join(', ');
  const phrase = phraseOf(parts, target);
  const head = said === '' ? phrase : said.startsWith(phrase) ? said : `${phrase}: ${said}`;
  return [
    ...(said === '' && documents.length > 0 ? [] : [change('+', head)]),
    ...rules.map((rule) => change('+', inWords(rule, direction))),
    ...documents.map((statement) => change('+', `${phrase}: ${inWords(statement)}`)),
  ];
}

/** Whether all that a value says is which resource is meant. */
function isAboutTarget(value: Json, target: Target): boolean {
  if (isObject(value)) return Object.values(value).every((one) => isAboutTarget(one, target));
  return isTarget(value, target);
}

function tagged({ values, addresses }: Parts, { state, target }: Beside): Difference {
  const others = addresses.filter(([, value]) => !isTarget(value, target) && !isTargetIn(value, target));
  const of =
    others.length > 0
      ? ` of ${others
          .map(([, value]) =>
            listOf(value)
              .map((one) => inWords(one))
              .join(', '),
          )
          .join(', ')}`
      : '';
  const tags = values.flatMap(([name, value]) => {
    if (!/^tags?$/i.test(name)) return [];
    return isObject(value) ? Object.entries(value) : listOf(value).flatMap(tagOf);
  });
  return merged(
    tags.map(([key, value]) => {
      const old =
        tagIn(state, key) ?? (tags.length === 1 && of === '' ? sameNamed(state, 'value')?.value : undefined);
      const before =
        old === undefined || isNothing(old) || inWords(old) === inWords(value) ? undefined : inWords(old);
      return { changes: fromTo(`tag ${key}${of}`, before, inWords(value)), stays: [] };
    }),
  );
}

function tagOf(item: Json): [string, Json][] {
  if (!isObject(item)) return [];
  const key = item.Key ?? item.key ?? item.TagKey;
  const value = item.Value ?? item.value ?? item.TagValue ?? '';
  return typeof key === 'string' ? [[key, value]] : [];
}

function tagIn(state: Json, key: string): Json | undefined {
  const tags = sameNamed(state, 'tags')?.value;
  if (isObject(tags)) return tags[key];
  return listOf(tags)
    .flatMap(tagOf)
    .find(([name]) => name === key)?.[1];
}

function isTargetIn(value: Json, { id }: Target): boolean {
  return (
    typeof value === 'string' && value.startsWith('arn:') && new RegExp(`[:/]${escaped(id)}$`).test(value)
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Source: EC2 API, CreateNetworkAclEntry, ReplaceNetworkAclEntry, DeleteNetworkAclEntry. */
function ofAclEntry(verb: string, input: JsonObject, { state }: Beside): Difference {
  const { RuleNumber, Egress } = input;
  const entries = (sameNamed(state, 'entries')?.value ?? []) as Json;
  const isThis = (entry: Json) =>
    isObject(entry) && entry.number === RuleNumber && (entry.egress ?? false) === (Egress ?? false);
  const listed = isList(entries) ? entries.filter(isThis) : [];
  // A bot that reads one entry alone has it as it is now under this name.
  const alone = sameNamed(state, 'current')?.value;
  const old =
    listed[0] ??
    (isObject(alone) ? { ...alone, number: RuleNumber ?? null, egress: Egress ?? false } : undefined);
  const goes =
    verb === 'Create' ? [] : [change('-', old ? inWords(old) : `rule ${inWords(RuleNumber ?? null)}`)];
  const comes = verb === 'Delete' ? [] : [change('+', inWords(input))];
  const stays = isList(entries) ? entries.filter((entry) => !isThis(entry)) : [];
  return { changes: [...goes, ...comes], stays: stays.map((entry) => inWords(entry)) };
}

/** Source: EC2 API, AuthorizeSecurityGroupIngress, RevokeSecurityGroupIngress and those of Egress. */
function ofGroupRules(parts: Parts, { state, target }: Beside): Difference {
  const direction = directionOf(parts.noun);
  const sign = parts.verb === 'Revoke' ? '-' : '+';
  const all = [...parts.addresses, ...parts.values];
  const group = all.find(([name]) => name === 'GroupId')?.[1];
  const of = group === undefined || group === target.id ? '' : `security group ${inWords(group)}: `;
  const ids = listOf(all.find(([name]) => name === 'SecurityGroupRuleIds')?.[1]);
  const given = listOf(all.find(([name]) => name === 'IpPermissions')?.[1]).flatMap(sourcesIn);
  const rules = [...ids.map((id) => withId(state, id) ?? id), ...given];
  const kept = listWith(state, ids).filter((item) => !ids.some((id) => isIn(item, id)));
  return {
    changes: rules.map((rule) => change(sign, of + inWords(rule, direction))),
    stays: kept.map((rule) => inWords(rule, direction)),
  };
}

/** A permission holds many sources of one range of ports: a rule for each. Source: EC2 API, IpPermission. */
function sourcesIn(permission: Json): JsonObject[] {
  if (!isObject(permission)) return [];
  const { IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs, ...ports } = permission;
  const ends = [IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs].flatMap((list) => listOf(list));
  return ends.flatMap((end) => (isObject(end) ? [{ ...ports, ...end }] : []));
}

/** Source: IAM API, UpdateAccessKey. */
function ofAccessKey({ AccessKeyId, UserName, Status }: JsonObject, { state, target }: Beside): Difference {
  const key = withId(state, AccessKeyId ?? null) ?? (isObject(state) ? state : {});
  const { active, ...rest } = key;
  const user = UserName === undefined || UserName === target.id ? '' : ` of user ${inWords(UserName)}`;
  const said = details(rest, [AccessKeyId ?? null, UserName ?? null]);
  const label = `access key ${inWords(AccessKeyId ?? null)}${user}`;
  const was = active === undefined ? undefined : active === true ? 'active' : 'inactive';
  const kept = listWith(state, [AccessKeyId ?? null]).filter((item) => !isIn(item, AccessKeyId ?? null));
  const stays = kept.flatMap((item) => {
    if (!isObject(item) || typeof item.id !== 'string') return [];
    return [`access key ${item.id}: ${details(item, [item.id])}`];
  });
  return {
    changes: fromTo(
      label,
      was === undefined ? undefined : said === '' ? was : `${was}, ${said}`,
      inWords(Status ?? null).toLowerCase(),
    ),
    stays,
  };
}

/**
 * A version of a managed policy takes the place of the default one: the two are compared. Source: IAM API,
 * CreatePolicyVersion, SetDefaultPolicyVersion.
 */
function ofPolicyVersion({ input }: Call, { state }: Beside): Difference {
  const { PolicyDocument, VersionId } = input as JsonObject;
  const documentOf = (id: Json | undefined) => withId(state, id ?? null)?.document ?? null;
  const current = sameNamed(state, 'current')?.value;
  const next = PolicyDocument ?? documentOf(VersionId);
  const statements = between('statement', documentOf(current), next);
  const versions =
    VersionId === undefined ? [] : fromTo('default version', inWords(current ?? null), inWords(VersionId));
  return merged([{ changes: versions, stays: [] }, statements]);
}

/** What the state knows of a thing, in short: no text too long to read, nothing that stands beside already. */
function details(thing: JsonObject, beside: readonly Json[]): string {
  const hasPolicy = Object.values(thing).some((field) => statementsIn(field));
  const fields = Object.entries(thing).filter(([, field]) => {
    const value = unfolded(field);
    if (value === true && hasPolicy) return false;
    if (isNothing(value) || value === false || beside.includes(value)) return false;
    if (statementsIn(value)) return true;
    return isList(value)
      ? value.every((item) => !isObject(item))
      : !isObject(value) && String(value).length <= 80;
  });
  return fields
    .map(([name, field]) => {
      const value = unfolded(field);
      if (value === true) return named(name);
      return statementsIn(value) ? inWords(value) : `${labelled('', name)} ${inWords(value)}`;
    })
    .join(', ');
}

function isIn(item: Json, id: Json): boolean {
  return item === id || (isObject(item) && Object.values(item).includes(id));
}
