import { isIP } from 'node:net';
import * as z from 'zod';

const strings = z.union([z.string(), z.array(z.string())]);
const principal = z.union([z.string(), z.record(z.string(), strings)]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const statementSchema = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: strings.optional(),
  Resource: strings.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.union([scalar, z.array(scalar)]))).optional(),
});

const policySchema = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([statementSchema, z.array(statementSchema)]),
});

/** A statement of a resource policy; elements that are not looked at are kept as they are. */
export type Statement = z.infer<typeof statementSchema>;

/** A resource policy. Source: IAM User Guide, Grammar of the IAM JSON policy language. */
export type Policy = z.infer<typeof policySchema>;

/** Reads the text of a resource policy; throws a sentence when it is none. */
export function parsePolicy(text: string): Policy {
  const policy = policySchema.safeParse(parseJson(text));
  if (!policy.success) throw new Error(`the resource policy is malformed: ${z.prettifyError(policy.error)}`);
  // zod rebuilds objects with the keys it knows first; what is written back must have the order it came in.
  return JSON.parse(text) as Policy;
}

/** Its statements, where one may stand without a list. */
export function statementsOf({ Statement }: Policy): readonly Statement[] {
  return Array.isArray(Statement) ? Statement : [Statement];
}

/**
 * The statement, by itself, lets in people whom it does not name: an Allow for everyone (or for everyone but some)
 * without a condition that confines it. Source: S3 User Guide, Blocking public access, The meaning of "public".
 */
export function isPublic(statement: Statement): boolean {
  const { Effect, Principal, NotPrincipal, Condition } = statement;
  const open = NotPrincipal !== undefined || principalsOf(Principal).some(isOpen);
  return Effect === 'Allow' && open && !isConfined(Condition);
}

/**
 * The public statements of a policy. One that a Deny of the same policy confines is none: what everyone is allowed
 * and everyone outside a VPC endpoint is denied is open to that endpoint only, and removing it would cut that off.
 */
export function publicStatements(policy: Policy): readonly Statement[] {
  const statements = statementsOf(policy);
  return statements.filter(
    (statement) => isPublic(statement) && !statements.some((other) => shields(other, statement)),
  );
}

/**
 * The policy without the given statements of it. Where one also names principals, these keep their access and only
 * "everyone" goes. All else stays as it is; `Statement` may be left empty, which no service accepts.
 */
export function withoutPublic(policy: Policy, remove = publicStatements(policy)): Policy {
  const kept = statementsOf(policy).flatMap((statement) =>
    remove.includes(statement) ? narrowed(statement) : [statement],
  );
  const [only] = kept;
  return { ...policy, Statement: only && !Array.isArray(policy.Statement) ? only : kept };
}

/**
 * An Allow without conditions gives the action to the account or to users or roles of it: what is left of a policy
 * can then still be changed from within the account.
 */
export function allowsAccount(policy: Policy, account: string, action: string): boolean {
  return statementsOf(policy).some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Allow' &&
      Object.keys(Condition ?? {}).length === 0 &&
      principalsOf(Principal).some(
        ({ kind, name }) => kind === 'AWS' && (name === account || name.split(':')[4] === account),
      ) &&
      covers(lower(Action), lower(action)),
  );
}

/** The policy with one statement more; its Sid is left out where another one has it. */
export function withStatement(policy: Policy | undefined, { Sid, ...rest }: Statement): Policy {
  const statements = policy ? statementsOf(policy) : [];
  const isTaken = statements.some((other) => other.Sid === Sid);
  const added = { ...(Sid !== undefined && !isTaken && { Sid }), ...rest };
  return { ...(policy ?? { Version: '2012-10-17' }), Statement: [...statements, added] };
}

/** Everyone is denied the action on the resource, both of which may hold wildcards, for requests without TLS. */
export function deniesPlainHttp(policy: Policy, action: string, resource: string): boolean {
  return statementsOf(policy).some(
    (statement) =>
      statement.Effect === 'Deny' &&
      principalsOf(statement.Principal).some(({ kind, name }) => kind === 'AWS' && name === '*') &&
      covers(lower(statement.Action), lower(action)) &&
      covers(statement.Resource, resource) &&
      testsOf(statement.Condition).every(
        ({ set, operator, key, values }) =>
          set === undefined &&
          operator === 'bool' &&
          key === 'aws:securetransport' &&
          values.some((value) => value.toLowerCase() === 'false'),
      ),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`the resource policy is not JSON: ${text.slice(0, 80)}`, { cause });
  }
}

interface Member {
  readonly kind: string;
  readonly name: string;
}

function principalsOf(principal: Statement['Principal']): Member[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [{ kind: 'AWS', name: principal }];
  return Object.entries(principal).flatMap(([kind, names]) => listOf(names).map((name) => ({ kind, name })));
}

/** Whoever has an account with a web identity provider comes in by its name; providers of one's own have ARNs. */
function isOpen({ kind, name }: Member): boolean {
  return kind === 'Federated' ? !name.startsWith('arn:') : name === '*';
}

function narrowed(statement: Statement): Statement[] {
  const { Principal } = statement;
  if (Principal === undefined || typeof Principal === 'string') return [];
  const named = Object.entries(Principal).flatMap(([kind, names]) => {
    const left = listOf(names).filter((name) => !isOpen({ kind, name }));
    return left.length > 0 ? [[kind, Array.isArray(names) ? left : names]] : [];
  });
  return named.length > 0 ? [{ ...statement, Principal: Object.fromEntries(named) as typeof Principal }] : [];
}

type Fixed = (value: string) => boolean;

/** "anonymous" is what these keys hold for a caller without credentials. */
const fixed: Fixed = (value) => !/[*?]|\$\{|^$|^anonymous$/i.test(value);
/** A fixed account confines an ARN whatever else is left open in it, and so does a bucket, whose name nobody else has. */
const fixedArn: Fixed = (value) =>
  fixed(value) ||
  (/^\d{12}$/.test(value.split(':')[4] ?? '') && !value.includes('${')) ||
  /^arn:[\w-]+:s3:\*?:\*?:[a-z0-9.-]+$/.test(value);
/** Messages go to nobody but that endpoint, those of one host, or the mailboxes of one domain. */
const fixedEndpoint: Fixed = (value) =>
  fixedArn(value) || /^(\*@[^*?$]+|https?:\/\/[^/*?$]+\/[^*?$]*\*?)$/.test(value);
/** `o-…` of `o-…/r-…/*`, and the role's own id of `AROA…:*`. */
const fixedHead: Fixed = (value) => fixed(value.split(/[/:]/)[0] ?? '');
/** Not broader than S3 takes for a fixed range: /8 of IPv4, /32 of IPv6. */
const fixedRange: Fixed = (value) => {
  const [address = '', prefix] = value.split('/');
  const version = isIP(address);
  if (version === 0) return false;
  return prefix === undefined || Number(prefix) >= (version === 4 ? 8 : 32);
};

/**
 * Condition keys that say who is calling or from where, and when a value of theirs confines: those of S3's own
 * definition, and those of the same kind that IAM has added since.
 */
const CONFINING: ReadonlyMap<string, Fixed> = new Map([
  ['aws:sourceip', fixedRange],
  ['aws:sourcearn', fixedArn],
  ['aws:sourceaccount', fixed],
  ['aws:sourceowner', fixed],
  ['aws:sourceorgid', fixed],
  ['aws:sourceorgpaths', fixedHead],
  ['aws:sourcevpc', fixed],
  ['aws:sourcevpcarn', fixedArn],
  ['aws:sourcevpce', fixed],
  ['aws:vpceaccount', fixed],
  ['aws:vpceorgid', fixed],
  ['aws:vpceorgpaths', fixedHead],
  ['aws:userid', fixedHead],
  ['aws:principalarn', fixedArn],
  ['aws:principalaccount', fixed],
  ['aws:principalorgid', fixed],
  ['aws:principalorgpaths', fixedHead],
  ['aws:principalisawsservice', (value) => value === 'true'],
  ['aws:principalservicename', fixed],
  ['aws:principalservicenameslist', fixed],
  ['kms:calleraccount', fixed],
  ['sns:endpoint', fixedEndpoint],
  ['s3:dataaccesspointarn', fixedArn],
  ['s3:dataaccesspointaccount', fixed],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', fixedArn],
]);

/** `accounts.google.com:aud`: the users of one application of a web identity provider. */
const WEB_IDENTITY = /^[\w-]+(\.[\w-]+)+:(aud|sub|app_id)$/;

const POSITIVE = [
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'arnequals',
  'arnlike',
  'ipaddress',
];
const NEGATIVE = [
  'stringnotequals',
  'stringnotequalsignorecase',
  'stringnotlike',
  'arnnotequals',
  'arnnotlike',
  'notipaddress',
];

interface Test {
  /** `ForAnyValue` or `ForAllValues`. */
  readonly set: string | undefined;
  readonly operator: string;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

/** Operators and keys in small letters, as IAM does not tell their case apart. */
function testsOf(condition: Statement['Condition']): Test[] {
  return Object.entries(condition ?? {}).flatMap(([operator, keys]) => {
    const [, set, name = '', ifExists] =
      /^(?:(foranyvalue|forallvalues):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
    return Object.entries(keys).map(([key, values]) => ({
      set,
      operator: name,
      ifExists: ifExists !== undefined,
      key: key.toLowerCase(),
      values: listOf(values).map(String),
    }));
  });
}

/** All conditions must hold, so one that confines is enough; any value may match, so all of its values must. */
function isConfined(condition: Statement['Condition']): boolean {
  const tests = testsOf(condition);
  const present = (key: string) =>
    tests.some((test) => test.operator === 'null' && test.key === key && test.values.join() === 'false');
  return tests.some((test) => {
    // These two hold for a request without the key.
    const escapes = test.ifExists || test.set === 'forallvalues';
    const positive = [...POSITIVE, 'bool'].includes(test.operator);
    return positive && isFixed(test) && (!escapes || present(test.key));
  });
}

function isFixed({ key, values }: Test): boolean {
  return values.every(CONFINING.get(key) ?? (WEB_IDENTITY.test(key) ? fixed : () => false));
}

/** Everyone is denied all that the statement allows, save from fixed places or for named principals. */
function shields(deny: Statement, allow: Statement): boolean {
  const everyone =
    deny.NotPrincipal === undefined
      ? principalsOf(deny.Principal).some(({ kind, name }) => kind === 'AWS' && name === '*')
      : !principalsOf(deny.NotPrincipal).some(isOpen);
  return (
    deny.Effect === 'Deny' &&
    everyone &&
    covers(lower(deny.Action), lower(allow.Action)) &&
    (isOfOneResource(deny) || covers(deny.Resource, allow.Resource)) &&
    testsOf(deny.Condition).every(
      (test) => NEGATIVE.includes(test.operator) && test.set !== 'foranyvalue' && isFixed(test),
    )
  );
}

/** Statements of ECR name no resource: they are about the repository that they hang on. */
function isOfOneResource({ Resource, ...rest }: Statement): boolean {
  return Resource === undefined && !('NotResource' in rest);
}

type Strings = string | readonly string[];

/** Every pattern of `narrow` lies within one of `wide`. What is left unsaid (NotAction, NotResource) does not. */
function covers(wide: Strings | undefined, narrow: Strings | undefined): boolean {
  if (wide === undefined || narrow === undefined) return false;
  const patterns = listOf(wide).map((pattern) => {
    const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    // `?` stands for one character, so not for the `*` of a pattern that is to lie within.
    return new RegExp(`^${literal.replace(/[*?]/g, (wild) => (wild === '*' ? '.*' : '[^*]'))}$`);
  });
  return listOf(narrow).every((one) => patterns.some((pattern) => pattern.test(one)));
}

function lower(strings: Strings | undefined): string[] | undefined {
  return strings === undefined ? undefined : listOf(strings).map((one) => one.toLowerCase());
}

function listOf<T extends string | number | boolean>(values: T | readonly T[]): readonly T[] {
  return typeof values === 'object' ? values : [values];
}
