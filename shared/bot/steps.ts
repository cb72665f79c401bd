import { actionOf } from '../aws/iam-names';
import { type Target, isGlobal } from '../resources/target';
import type { AnyStep, Client, CommandOf, ClientClasses, Clients, Risk, Waiting } from './bot';
import type { Call, Failure, Left } from './outcome';
import { isThere, isThrottled } from './refusals';
import { covered, opened } from './sealed';

/** What became of the steps of a plan. */
export interface Carried {
  readonly sent: readonly Call[];
  /** What was not carried out, in the plan's order; empty: all was. */
  readonly left: readonly Left[];
  /** Why it was not gone on with, where nobody refused anything. */
  readonly paused?: string;
}

/** What steps are carried out with. */
export interface Carrying {
  readonly aws: Clients<ClientClasses>;
  readonly target: Target;
  /** Of a destructive bot every step stands on all before it, whether or not it says so. */
  readonly risk: Risk;
  /** Called with each call as soon as it has been carried out. */
  readonly onSent?: (call: Call) => void;
  /** Asked before every step whether to go no further for now, and why. */
  readonly between?: (index: number) => Promise<Waiting | undefined>;
}

/**
 * Carries out the steps of one plan. They are independent: one that AWS refuses does not keep the others from being
 * tried. A step with `after` begins a new stage, which is entered only when everything before it was carried out. What
 * would refuse every step alike (throttling, a session that is not to be had) ends it at once.
 */
export async function carryOut(
  steps: readonly AnyStep[],
  { aws, target, risk, onSent, between }: Carrying,
): Promise<Carried> {
  const sent: Call[] = [];
  const left: Left[] = [];
  let over = false;
  for (const [index, step] of steps.entries()) {
    const call = toCall(step);
    const isBarrier = step.after === true || risk === 'destructive';
    if (over || (isBarrier && left.length > 0)) {
      over = true;
      left.push(call);
      continue;
    }
    const pause = await between?.(index);
    if (pause) return { sent, left: [...left, ...steps.slice(index).map(toCall)], paused: pause.waiting };
    try {
      await send(aws, step);
      sent.push(call);
      onSent?.(call);
    } catch (error) {
      const failure = toFailure(error, target);
      if (isThere(failure)) continue;
      left.push({ ...call, error: failure });
      over = isThrottled(failure) || isForAll(failure);
    }
  }
  return { sent, left };
}

/** The steps as a stage of their own: sent only when everything before them was carried out. */
export function afterwards<T extends object>(steps: readonly T[]): (T & { readonly after?: true })[] {
  return steps.map((step, index) => (index === 0 ? { ...step, after: true } : step));
}

/**
 * A step as it is shown and journaled. The input is a copy: on sending, the SDK adds members to S3's
 * (`ChecksumAlgorithm`), and a call that was sent would no longer be the one that was planned.
 */
export function toCall(step: AnyStep): Call {
  const { service, command } = split(step);
  return { action: actionOf(service, command.constructor.name), input: { ...command.input } };
}

/**
 * Sends one step.
 *
 * @throws what AWS answers, with the `call` that it answered, and an error where an answer of HTTP 200 carries failures.
 */
export async function send(aws: Clients<ClientClasses>, step: AnyStep): Promise<void> {
  const { service, command } = split(step);
  const client = aws[service] as Client & { send(command: object): Promise<object | undefined> };
  const { action } = toCall(step);
  const { value: input, secrets } = opened(command.input);
  try {
    const answer = await client.send(secrets.length === 0 ? command : anew(command, input));
    const failure = failureIn(answer);
    if (failure) throw Object.assign(new Error(failure.message), { name: failure.code });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (secrets.length > 0) error.message = covered(error.message, secrets);
    // That a session could not be opened says so itself.
    if ('call' in error) throw error;
    throw Object.assign(error, { call: action });
  }
}

/** Lists of an answer that name what was not done. Source: the outputs of the SDK's commands. */
const FAILURES = /^(Unsuccessful|Unprocessed|Failed|Failures$|Errors$|UnknownIpPermissions$)/i;

/**
 * What an answer of HTTP 200 says was not done: `Unsuccessful` of CreateFlowLogs, `FailedEntries` of PutTargets,
 * `UnprocessedItems`, `Errors` of DeleteObjects, `Return: false` of EC2.
 */
export function failureIn(answer: object | undefined): Failure | undefined {
  for (const [name, value] of Object.entries(answer ?? {})) {
    if (name === 'Return' && value === false)
      return { code: 'NotDone', message: 'AWS answered Return: false' };
    if (!FAILURES.test(name) || typeof value !== 'object' || value === null) continue;
    const items: unknown[] = Array.isArray(value) ? value : Object.values(value as object);
    if (items.length === 0) continue;
    return { code: word(items[0], 'code') ?? 'NotDone', message: said(name, items) };
  }
  return undefined;
}

/** The service's own sentence about the first, and how many more there are. */
function said(name: string, items: readonly unknown[]): string {
  const [first] = items;
  const sentence = word(first, 'message') ?? JSON.stringify(first);
  const more = items.length > 1 ? ` (and ${items.length - 1} more)` : '';
  return `${name}: ${sentence}${more}`;
}

/** `ErrorCode`, `Code`, or `Error.Code` of an item, under the names that services give it. */
function word(item: unknown, kind: 'code' | 'message'): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const names = kind === 'code' ? /^(error|failure)?_?code$/i : /^(error|failure)?_?(message|reason)$/i;
  for (const [name, value] of Object.entries(item)) {
    if (names.test(name) && (typeof value === 'string' || typeof value === 'number')) return String(value);
  }
  const { Error: inner, error = inner } = item as { Error?: unknown; error?: unknown };
  return word(error, kind);
}

/**
 * What services of a region answer to keys of an account that has not enabled it. Source: re:Post, AuthFailure in some
 * regions; AWS Account Management, enabling regions.
 */
const UNKNOWN_KEYS = /^(InvalidClientTokenId|UnrecognizedClient(Exception)?|AuthFailure|InvalidToken)$/;
/** What services answer to a session that has ended, or that was taken back. Source: IAM, troubleshooting roles. */
const EXPIRED = /^(ExpiredToken|RequestExpired|UnrecognizedClient|InvalidToken)/;

/** Whether the error is that of a session that has ended or was taken back. */
export function isExpired({ code }: Failure): boolean {
  return EXPIRED.test(code) || UNKNOWN_KEYS.test(code);
}

/** Whether every other call would be refused in the same way. */
function isForAll(failure: Failure): boolean {
  return failure.call === 'sts:AssumeRole' || isExpired(failure);
}

/** An error as data, with the name that AWS gave it. */
export function toFailure(error: unknown, { account, region, type }: Target): Failure {
  if (!(error instanceof Error)) return { code: 'Error', message: String(error) };
  const { call, $metadata } = error as { call?: string; $metadata?: { httpStatusCode?: number } };
  const at = call !== undefined && { call };
  // The answer to a HEAD has no body, so that the SDK has no name for its error.
  if (error.name === 'Unknown' && $metadata?.httpStatusCode === 403) {
    return { code: 'AccessDenied', message: 'access denied', ...at };
  }
  const name = $metadata?.httpStatusCode === 429 ? 'TooManyRequestsException' : error.name;
  const hint =
    UNKNOWN_KEYS.test(error.name) && !isGlobal(type) && call !== 'sts:AssumeRole'
      ? `; region ${region} may not be enabled in account ${account}: enable it there, or leave it out of regions in config.ts`
      : '';
  return {
    code: name,
    message: hint ? `${error.message.replace(/\.$/, '')}${hint}` : error.message,
    ...at,
  };
}

function anew(command: object, input: object): object {
  const Class = command.constructor as new (input: object) => object;
  return new Class(input);
}

function split({ after: _, ...step }: AnyStep) {
  const [entry] = Object.entries<CommandOf<Client>>(step);
  if (!entry) throw new Error('a step names no client');
  return { service: entry[0], command: entry[1] };
}
