import type { Failure, Left } from './outcome';

/**
 * How services say that they are asked too often. Sources: AWS SDKs and Tools Reference Guide, "Retry behavior"; EC2 API,
 * error codes; S3, "Error responses".
 */
const THROTTLED =
  /^(Client\.)?(Throttl(ing|ed)(Exception)?|Request(Limit|Rate)(Exceeded|TooHigh)(Exception)?|RequestThrottled(Exception)?|TooManyRequests(Exception)?|BandwidthLimitExceeded|EC2ThrottledException|PriorRequestNotComplete|ProvisionedThroughputExceeded(Exception)?|SlowDown|TransactionInProgressException)$/;

/** Another change of the same thing is under way. Sources: IAM, S3, Lambda, RDS, Redshift and ElastiCache API, errors. */
const BUSY =
  /^(EntityTemporarilyUnmodifiable|OperationAborted|ConcurrentModification|ConditionalConflict|ResourceConflict|InvalidDB(Instance|Cluster|ClusterSnapshot|Snapshot|ParameterGroup)State|InvalidCluster(ParameterGroup)?State|InvalidCacheClusterState|InvalidReplicationGroupState|ReplicationInProgress)(Exception|Fault)?$/;

/** What was to be made is there already. `BucketAlreadyExists` is none of them: the bucket is somebody else's. */
const THERE = /(?<!^Bucket)(AlreadyExists?(Exception|Fault)?|Duplicate(Exception)?|AlreadyOwnedByYou)$/;

/**
 * Calls of which an answer by {@link THERE} is as good as having been carried out. `Authorize…` is none of them: of
 * several rules, one that is there keeps all others out.
 */
const MAKES = ':Create';

/** The caller lacks a right. Sources: the error models of the SDK's clients; EC2 API, error codes. */
const DENIED =
  /^(Client\.)?(AccessDenied|Unauthorized(Operation)?|AuthorizationError|NotAuthorized)(Exception|Fault)?$/;

/** Errors that trying again cannot mend, each with what a person can do. The first that matches says it. */
const FINAL: readonly { readonly code: RegExp; readonly message?: RegExp; readonly advice: string }[] = [
  {
    code: DENIED,
    message: /(explicit deny in an?|because no) (service|resource) control policy/i,
    advice:
      "a policy of the organization forbids it: except selfheal's role from that policy, or exempt the resource in config.ts",
  },
  {
    code: DENIED,
    message: /(explicit deny in a|because no) permissions boundary/i,
    advice:
      "the permissions boundary of selfheal's role forbids it: let the boundary allow it, or exempt the resource in config.ts",
  },
  {
    code: /(Limit|Quota)(Exceeded)?(Exception|Fault)?$|^(TooManyBuckets|PolicyLengthExceeded(Exception)?)$/,
    advice:
      'a quota is used up: raise it in Service Quotas, or remove what is no longer needed, and send the finding again',
  },
  {
    code: /^(Malformed\w*Policy\w*|MalformedPolicy|InvalidPolicy\w*|InvalidPrincipal\w*|PolicyNotValid\w*)$/,
    advice:
      'the service does not take the policy, which may name a principal that is gone: mend the policy by hand',
  },
  {
    code: /^(Unsupported\w*|OperationNotSupported\w*|NotSupported\w*|FeatureNotSupported\w*|NotImplemented|MethodNotAllowed)$/,
    advice: 'the service does not do this for this resource: change it by hand, or exempt it in config.ts',
  },
  {
    code: /^(OperationNotPermitted|UnmodifiableEntity)(Exception)?$/,
    advice: 'AWS protects it, or another service manages it: change it through that service, or by hand',
  },
  {
    code: /^DeleteConflict(Exception)?$/,
    advice: 'something still uses it: take it out of use first, or exempt it in config.ts',
  },
  {
    code: /^(OptInRequired|SubscriptionRequired(Exception)?)$/,
    advice: 'the account has not subscribed to the service: subscribe, or exempt it in config.ts',
  },
];

/** Whether AWS only asks for patience. */
export function isThrottled({ code }: Failure): boolean {
  return THROTTLED.test(code);
}

/** Whether the caller lacks a right. */
export function isDenied({ code }: Failure): boolean {
  return DENIED.test(code);
}

/** Whether another change of the same thing has to end first. */
export function isBusy({ code }: Failure): boolean {
  return BUSY.test(code);
}

/** Whether a call that makes something was refused because it is there: made meanwhile, or by a run that was cut off. */
export function isThere({ code, call = '' }: Failure): boolean {
  return THERE.test(code) && call.includes(MAKES);
}

/** What a person can do about an error that trying again cannot mend; `undefined`: trying again may. */
export function adviceFor(failure: Failure): string | undefined {
  if (isThrottled(failure) || isBusy(failure)) return undefined;
  return FINAL.find(
    ({ code, message }) =>
      code.test(failure.code) && (message === undefined || message.test(failure.message)),
  )?.advice;
}

/** An error in one sentence: `ec2:StopInstances: UnsupportedOperation: …`. */
export function sentenceOf({ code, message, call }: Failure): string {
  return `${call ? `${call}: ` : ''}${code}: ${message}`;
}

/** What of a plan was not carried out, each call with what it was for: `; left undone: iam:DetachRolePolicy {…}`. */
export function leftText(left: readonly Left[] = []): string {
  if (left.length === 0) return '';
  const shown = left.slice(0, SHOWN).map(({ action, input, error }) => {
    const why = error === undefined ? ' (not tried)' : '';
    return `${action} ${brief(input)}${why}`;
  });
  const more = left.length - shown.length;
  return `; left undone: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const SHOWN = 10;
const BRIEF = 120;

function brief(input: object): string {
  const text = JSON.stringify(input);
  return text.length > BRIEF ? `${text.slice(0, BRIEF)}…` : text;
}
