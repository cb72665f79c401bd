import { isPublicRange } from './internet';

type Scalar = string | number | boolean;

/** The Condition element: values by key by operator. */
export type Condition = Readonly<Record<string, Readonly<Record<string, Scalar | readonly Scalar[]>>>>;

/** Whether a value, any of which may match, stands for a fixed caller or place. */
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
/**
 * Condition keys that say who is calling or from where, and when a value of theirs confines: those of S3's own
 * definition, and those of the same kind that IAM has added since.
 */
const CONFINING: ReadonlyMap<string, Fixed> = new Map([
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

/** Where everybody may have an account, and by which keys its users are told apart. */
const WEB_IDENTITY: Readonly<Record<string, readonly string[]>> = {
  'accounts.google.com': ['aud', 'sub', 'oaud'],
  'cognito-identity.amazonaws.com': ['aud', 'sub'],
  'graph.facebook.com': ['app_id', 'id'],
  'www.amazon.com': ['app_id', 'user_id'],
};

/** Only requests that AWS services make by themselves have these keys. */
const OF_SERVICES = ['aws:principalservicename', 'aws:principalservicenameslist'];

/** Who may come in by a service is told by these: on whose behalf, and from which resource, it acts. */
const OF_SOURCE = /^aws:source(arn|account|owner|orgid|orgpaths)$/;

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

/** One key of one operator of a condition. */
export interface Test {
  /** `ForAnyValue` or `ForAllValues`. */
  readonly set: string | undefined;
  readonly operator: string;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

/** Operators and keys in small letters, as IAM does not tell their case apart. */
export function testsOf(condition: Condition | undefined): Test[] {
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

/**
 * All conditions must hold, so one that confines is enough; any value may match, so all of its values must.
 *
 * @param provider The web identity provider whose users are meant: its own keys confine these, and nobody else.
 */
export function isConfined(condition: Condition | undefined, provider?: string): boolean {
  return confining(condition, provider).length > 0;
}

/**
 * A Deny with that condition lets nobody out but fixed callers, those from fixed places, and AWS services: the pattern
 * of data perimeters. Each of its conditions must hold for it to deny, so each must fail for those only.
 */
export function letsOnlyFixedOut(condition: Condition | undefined): boolean {
  return testsOf(condition).every((test) => {
    const { operator, key, values } = test;
    // Without IfExists it lets out whoever does not sign, for whom there is no such key.
    if (operator === 'bool' && test.ifExists && key === 'aws:principalisawsservice')
      return values.join() === 'false';
    if (operator === 'null' && OF_SERVICES.includes(key)) return values.join() === 'true';
    return NEGATIVE.includes(operator) && test.set !== 'foranyvalue' && isFixed(test);
  });
}

/** Nothing of the condition says for whom a service acts. */
export function namesNoSource(condition: Condition | undefined): boolean {
  return !confining(condition).some(
    ({ key }) => OF_SOURCE.test(key) || /^aws:source(ip|vpc|vpce)$/.test(key),
  );
}

/** The condition admits any AWS service, or a named one, and confines by nothing else. */
export function confinesToServices(condition: Condition | undefined): boolean {
  const tests = confining(condition);
  const services = ['aws:principalisawsservice', ...OF_SERVICES];
  return tests.length > 0 && tests.every(({ key }) => services.includes(key));
}

/** Those of the condition's tests that confine. */
function confining(condition: Condition | undefined, provider?: string): Test[] {
  const tests = testsOf(condition);
  const present = new Set(
    tests
      .filter(({ operator, values }) => operator === 'null' && values.join() === 'false')
      .map(({ key }) => key),
  );
  return tests.filter((test) => {
    // These two hold for a request without the key.
    const escapes = test.ifExists || test.set === 'forallvalues';
    const positive = POSITIVE.includes(test.operator) || test.operator === 'bool';
    return positive && isFixed(test, provider) && (!escapes || present.has(test.key));
  });
}

function isFixed({ key, values }: Test, provider = ''): boolean {
  // Ranges are judged together: 256 of them may be everything.
  if (key === 'aws:sourceip') return !isPublicRange(values);
  const fixedFor = CONFINING.get(key);
  if (fixedFor) return values.every(fixedFor);
  const own = Object.hasOwn(WEB_IDENTITY, provider) ? WEB_IDENTITY[provider] : undefined;
  return own?.some((name) => key === `${provider}:${name}`) === true && values.every(fixed);
}

/** One or several values, as a list. */
export function listOf<T extends string | number | boolean>(values: T | readonly T[]): readonly T[] {
  return typeof values === 'object' ? values : [values];
}
