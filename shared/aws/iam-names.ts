import type { Condition } from '../bot/bot';
import table from './iam-actions.json';

/** A right that a call needs beside its own, for what its input says. `local/aws` enforces the same table. */
interface ByInput {
  /** The call; `ec2:*`: any of the service. */
  readonly action: string;
  /** The member of the input that must be there, with a dot into a structure; absent: the call always needs it. */
  readonly field?: string;
  /** What the member must say; absent: anything. */
  readonly is?: string;
  /** A pattern of what the member must say, for one that can say several things. */
  readonly like?: string;
  readonly needs: string;
  /** The service that will use a role that is handed over or linked to it, as `iam:PassedToService` has it. */
  readonly to?: string;
}

/**
 * Operations whose IAM action has another name than the SDK's command. Everything else is
 * `<client>:<Command without "Command">`. Source: Service Authorization Reference.
 */
const OTHER_NAMES: Readonly<Record<string, string>> = table.otherNames;

/**
 * Tags given to what is made need the right to create tags, a role that is handed over the right to pass it, a bucket
 * made with ownership controls the right to put them (S3, CreateBucket), flow logs to S3 are deliveries of CloudWatch
 * Logs (VPC User Guide, Publish flow logs to Amazon S3), CloudFront lets itself into the ACL of a log bucket with the
 * caller's rights (CloudFront Developer Guide, Configure standard logging (legacy)), and secrets get another key from whoever may use it (Secrets
 * Manager User Guide, Permissions for the KMS key).
 */
const BY_INPUT: readonly ByInput[] = table.byInput;

/** The IAM action that a command needs: `actionOf('s3', 'PutPublicAccessBlockCommand')`. */
export function actionOf(service: string, commandName: string): string {
  const action = `${service}:${commandName.replace(/Command$/, '')}`;
  return OTHER_NAMES[action] ?? action;
}

/** All IAM actions that a call needs: its own, and what its input asks for beside it. */
export function actionsNeeded({
  action,
  input,
}: {
  readonly action: string;
  readonly input: object;
}): string[] {
  const beside = BY_INPUT.filter((one) => isFor(one, action) && isAsked(one, input));
  return [action, ...new Set(beside.map(({ needs }) => needs))];
}

/** Calls of EC2 that tag what they make. */
const MAKES = /^ec2:(?!CreateTags$)(Allocate|Authorize|Copy|Create|Import|Register|Run)/;

/**
 * What one of a bot's actions can be confined to by what the others are: tags to what is made with them, where something
 * is made, and a role to the services that it is handed over to. Source: Service Authorization Reference, condition keys
 * of EC2 and IAM.
 */
export function conditionOn(action: string, all: readonly string[]): Condition | undefined {
  if (action === 'ec2:CreateTags') {
    const made = all.filter((one) => MAKES.test(one)).map((one) => one.slice('ec2:'.length));
    return made.length > 0 ? { StringEquals: { 'ec2:CreateAction': [...new Set(made)].sort() } } : undefined;
  }
  if (action === 'iam:PassRole') {
    const services = BY_INPUT.flatMap((one) =>
      one.needs === action && one.to !== undefined && all.some((each) => isFor(one, each)) ? [one.to] : [],
    );
    // In China the names of some services end in .cn.
    const like = [...new Set(services)].sort().map((service) => `${service}*`);
    return like.length > 0 ? { StringLike: { 'iam:PassedToService': like } } : undefined;
  }
  return undefined;
}

function isFor({ action }: ByInput, called: string): boolean {
  return action.endsWith('*') ? called.startsWith(action.slice(0, -1)) : action === called;
}

function isAsked({ field, is, like }: ByInput, input: object): boolean {
  if (field === undefined) return true;
  let value: unknown = input;
  for (const name of field.split('.')) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  if (like !== undefined) return typeof value === 'string' && new RegExp(like).test(value);
  // An empty name takes away what was named before.
  return is === undefined ? value !== undefined && value !== '' : value === is;
}
