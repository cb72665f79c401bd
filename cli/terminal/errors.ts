import { EXIT, type ExitCode } from './exit-codes';

/** Something a person can put right: one sentence for them, and the code the command ends with. */
export class Problem extends Error {
  override name = 'Problem';

  constructor(
    message: string,
    readonly exit: ExitCode = EXIT.usage,
  ) {
    super(message);
  }
}

/** Where selfheal was looked for, as far as it is known. */
export interface Place {
  readonly stage: string;
  readonly region: string | undefined;
}

/** An error as one sentence and an exit code. */
export interface Explained {
  readonly sentence: string;
  readonly exit: ExitCode;
}

/** Says in one sentence what went wrong and what to do about it. */
export function explain(error: unknown, place: Place): Explained {
  if (error instanceof Problem) return { sentence: error.message, exit: error.exit };
  const { name, message, code } = shapeOf(error);
  const aws = (sentence: string) => ({ sentence, exit: EXIT.aws });
  if (isUnreachable(error)) {
    return aws(`AWS cannot be reached${endpoint()}: ${code || message}`);
  }
  if (NO_CREDENTIALS.has(name) || /could not load credentials/i.test(message)) {
    return aws('no AWS credentials were found: sign in, set AWS_PROFILE, or name one with --profile');
  }
  if (BAD_CREDENTIALS.has(name)) return aws(`AWS does not accept the credentials: ${message}: sign in again`);
  if (/region is missing/i.test(message)) return aws(NO_REGION);
  if (NOT_THERE.has(name)) return aws(noInstallation(place));
  const denied = denialOf(error);
  if (denied) return aws(`AWS denies ${denied.action ?? 'access'} to the caller: ${message || name}`);
  if (/throttl|TooManyRequests|RequestLimitExceeded/i.test(name)) {
    return aws(`AWS is throttling this account: ${message}: try again in a minute`);
  }
  return { sentence: `${name}: ${message}`, exit: EXIT.failed };
}

/** That AWS denies the caller a call, with the IAM action where its answer names one; `undefined`: another error. */
export function denialOf(error: unknown): { readonly action: string | undefined } | undefined {
  const { name, message } = shapeOf(error);
  return DENIED.test(name) ? { action: /perform:? ([\w-]+:\w+)/.exec(message)?.[1] } : undefined;
}

/** That no service of AWS answered at all. */
export function isUnreachable(error: unknown): boolean {
  const { name, code } = shapeOf(error);
  return UNREACHABLE.has(code) || UNREACHABLE.has(name);
}

/** Said where neither the command, the environment nor the profile names a region. */
export const NO_REGION = 'no AWS region: set AWS_REGION, or name one with --region';

/** Said where the queue or the journal is not there. */
export function noInstallation({ stage, region }: Place): string {
  const where = region ? ` in ${region}` : '';
  return `there is no installation of stage ${stage}${where}: deploy it, or name another --stage or --region`;
}

/** The parts of an error that are worth reading. A failed connection hides its code inside. */
function shapeOf(error: unknown) {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error), code: '' };
  const given = error as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    errors?: unknown;
    cause?: unknown;
  };
  const inner = [given.cause, ...(Array.isArray(given.errors) ? (given.errors as unknown[]) : [])];
  const codes = [given, ...inner].map((each) => (each as { code?: unknown } | undefined)?.code);
  const code = codes.find((each) => typeof each === 'string') ?? '';
  const word = (value: unknown, otherwise: string) =>
    typeof value === 'string' && value !== '' ? value : otherwise;
  return { name: word(given.name, 'Error'), message: word(given.message, code), code };
}

function endpoint(): string {
  const url = process.env.AWS_ENDPOINT_URL;
  return url ? ` at ${url} (AWS_ENDPOINT_URL)` : '';
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'TimeoutError',
]);
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'ProviderError']);
const BAD_CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'AuthFailure',
  'TokenRefreshRequired',
]);
const NOT_THERE = new Set([
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'ResourceNotFoundException',
]);
const DENIED = /^(AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized|Forbidden)/;
