import * as z from 'zod';
import type { Target } from '../resources/target';
import type { Change } from './changes/change';
import type { Call } from './outcome';

/** A modular client of the AWS SDK v3, as far as the core needs to know it. */
export interface Client {
  readonly config: object;
  readonly middlewareStack: object;
  destroy(): void;
}

/** A client's class, to be built by the core for the account and region of the target. */
export type ClientClass = new (config: never) => Client;

/** The clients of a bot by the prefix of their IAM actions: `{ ec2: EC2Client }`. */
export type ClientClasses = Readonly<Record<string, ClientClass>>;

/** The built clients of a bot. */
export type Clients<C extends ClientClasses> = { readonly [K in keyof C]: InstanceType<C[K]> };

/**
 * A command that the client `T` can send. The command's middleware is typed with its own client's stack and
 * configuration, which is what keeps the commands of other services out.
 */
export interface CommandOf<T extends Client> {
  readonly input: object;
  resolveMiddleware: (stack: T['middlewareStack'], config: T['config'], options: never) => unknown;
}

/**
 * One write as data: the client's key and the command, `{ s3: new PutBucketPolicyCommand(…) }`. The steps of a plan are
 * independent of each other, and one that AWS refuses keeps no other from being tried. With `after` a step, and what
 * follows it, is sent only when everything before it was carried out; `afterwards` says so of several.
 */
export type Step<C extends ClientClasses> = {
  [K in keyof C]: Readonly<Record<K, CommandOf<InstanceType<C[K]>>>> & { readonly after?: true };
}[keyof C];

/** A step of some bot, whose client and command are forgotten. */
export type AnyStep = object & { readonly after?: true };

/** A plan that is refused: the fault stands, but this bot must not or cannot mend it. */
export interface Held {
  readonly held: string;
}

/** A plan that goes on by itself when AWS is ready: the message comes back without counting a try, for a day. */
export interface Waiting {
  readonly waiting: string;
}

/** What undo says when there is no way back. */
export interface Irreversible {
  readonly irreversible: string;
}

/** What every pure function of a bot gets beside the state. */
export interface Context<P> {
  readonly target: Target;
  readonly params: P;
  /** Where selfheal itself is; absent where nobody has said so. */
  readonly home?: Home;
}

/** The account that selfheal runs in, and the path of its own roles there. */
export interface Home {
  readonly account: string;
  readonly rolePath: string;
}

/** IAM actions, three lists: the right to reopen a port must not sit in the role that closes it. */
export interface Permissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly undo: readonly string[];
  /** Those of them that also go to other resources of the target's type: a session allows the rest on the target only. */
  readonly elsewhere?: readonly string[];
  /**
   * Those of them that are for one helper with a fixed name, and how its ARN ends behind the account:
   * `{ 'iam:PassRole': 'role/vpcFlowLogDelivery' }`. On all roles, it would be the right to become any of them.
   * `${params.users}` in it stands for what config.ts lets that parameter be.
   */
  readonly only?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * The conditions under which IAM allows single writes, where it knows a key that says what the bot sends: the policy
   * that is attached, the service that a role is passed to. See {@link Condition}.
   */
  readonly where?: Readonly<Record<string, Condition>>;
}

/**
 * A condition of IAM: by operator and key, the values; `{ ArnEquals: { 'iam:PolicyARN': '${params.policyArn}' } }`.
 * `${Partition}` and `${Account}` stand for those of the resource, `${params.…}` for what config.ts lets that parameter
 * be: without a word of config.ts the action is not allowed at all.
 */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The controls of the standards that a bot answers, by their own ids: what stands in front of its page. */
export interface Controls {
  readonly securityHub?: readonly string[];
  /** Recommendations of the CIS AWS Foundations Benchmark by its version, since 5.2 is two things in two of them. */
  readonly cis?: Readonly<Partial<Record<'3.0' | '5.0' | '6.0' | '7.0', readonly string[]>>>;
  readonly conformity?: readonly string[];
  /** Identifiers of AWS-managed Config rules: `CMK_BACKING_KEY_ROTATION_ENABLED`. */
  readonly config?: readonly string[];
  readonly prowler?: readonly string[];
  /** Those of them that the bot answers in part, and what it leaves; of CIS by version 3.0: `{ 'CIS 1.12': 'passwords that nobody uses' }`. */
  readonly partly?: Readonly<Record<string, string>>;
}

/** The standards whose findings name a control by one id. */
export type FindingStandard = 'securityHub' | 'conformity' | 'config' | 'prowler';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** `safe`: nobody notices; `disruptive`: something may stop working; `destructive`: it cannot be brought back. */
export type Risk = 'safe' | 'disruptive' | 'destructive';

/**
 * Who may set a parameter: whoever may publish findings, or config.ts alone. Whatever grants, attaches, admits, names a
 * destination, exempts or goes further than the fault is `config`: a finding may only repeat what config.ts says.
 */
export type Authority = 'finding' | 'config';

/** For each parameter, who may set it. */
export type From<P extends z.ZodObject> = { readonly [K in keyof z.output<P>]-?: Authority };

/** How the words behind `AUTO: <bot>` become parameters, beside `name=value`, which every bot takes. */
export interface Words<P> {
  /** Parameters that may be given by position. */
  readonly order?: readonly (keyof P & string)[];
  /** Other names of parameters. */
  readonly names?: Readonly<Record<string, keyof P & string>>;
}

/** CloudFormation's name of a type. */
export type TypeName = `AWS::${string}::${string}`;

/** The types that a bot acts on. */
export function typesOf({ resource, alsoOn = [] }: Pick<Metadata, 'resource' | 'alsoOn'>): readonly string[] {
  return [resource, ...alsoOn];
}

/**
 * Finds what a finding names otherwise than its API does, or whose region it cannot tell: by AWS's unique id, say.
 * Asked before anything is judged. Reads only.
 */
export interface Finder<C extends ClientClasses> {
  /** IAM actions that it needs on all resources of the type. */
  readonly actions: readonly string[];
  /** The target by its own name and in its own region, or why it cannot be told; `undefined`: it is gone. */
  find(aws: Clients<C>, target: Target): Promise<Target | Held | undefined>;
}

/** What is known of a bot without running it. */
export interface Metadata {
  /** The name after `AUTO:`, the file, the function's suffix, the Config rule, the anchor in the docs. */
  readonly id: string;
  readonly aliases?: readonly string[];
  /** What it makes true, as an order: "Turn on rotation of KMS keys". */
  readonly title: string;
  /** The CloudFormation type that it acts on; `AWS::::Account`, and `AWS::::Region` for its settings in one region. */
  readonly resource: TypeName;
  /** Further types that it treats alike, or through which its {@link Bot.finder} finds what it acts on. */
  readonly alsoOn?: readonly TypeName[];
  readonly severity: Severity;
  readonly risk: Risk;
  /** `posture`: the state can be wrong by itself, so a Config rule looks for it; `response`: only a finding asks. */
  readonly kind: 'posture' | 'response';
  /**
   * `daily`: the fault can come without a change that AWS Config records (a key grows old, a share is no part of the
   * item), so its rule is asked once a day beside every change, about all resources of {@link Metadata.resource}.
   */
  readonly recheck?: 'daily';
  readonly permissions: Permissions;
  /** What single controls ask for where that is not what the parameters say, by their ids: `{ 'EC2.13': { ports: [22] } }`. */
  readonly byControl?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Who may set each parameter, see {@link Authority}. */
  readonly from: Readonly<Record<string, Authority>>;
}

/**
 * A bot is a wanted state: it reads ({@link Bot.inspect}), judges ({@link Bot.check}), and says which writes lead
 * there and back ({@link Bot.plan}, {@link Bot.undo}). It never writes and never catches: the core does both.
 */
export interface Bot<C extends ClientClasses, P extends z.ZodObject, S extends object> extends Metadata {
  /** Every field `.describe()`d, with a default where there can be one. */
  readonly params: P;
  readonly words?: Words<z.output<P>>;
  readonly byControl?: Readonly<Record<string, Partial<z.input<P>>>>;
  readonly clients: C;
  /** More than one when something must be made before it can be used; the preview says so. */
  readonly passes?: number;
  /** Names of the errors by which the service says that the resource is not there: inspect then need not catch them. */
  readonly gone?: readonly string[];
  /** Needed where findings do not name the resources of its type as the API does. */
  readonly finder?: Finder<NoInfer<C>>;
  /** Live state as a small value that survives JSON; `undefined`: the resource is gone. Reads only. */
  inspect(aws: Clients<C>, context: Context<z.output<P>>): Promise<S | undefined>;
  /** `undefined` when all is as wanted, else one sentence that a person can act on. Pure. */
  check(state: NoInfer<S>, context: Context<z.output<P>>): string | undefined;
  /** The writes that make {@link Bot.check} pass, or lead one pass nearer to it. Pure. */
  plan(state: NoInfer<S>, context: Context<z.output<P>>): readonly Step<C>[] | Held | Waiting;
  /** The writes that lead from the state `now` back to the state `before`. Pure. */
  undo(
    before: NoInfer<S>,
    context: Context<z.output<P>> & { readonly now: NoInfer<S> },
  ): readonly Step<C>[] | Irreversible;
  /** The part of the state that undo answers for, where helpers of the bot stay behind. Default: all of it. */
  footprint?(state: NoInfer<S>): unknown;
  /**
   * What the calls change, in words of the field, where {@link changesOf} of shared/bot/changes.ts cannot tell it from
   * the calls and the state. Pure.
   */
  changes?(state: NoInfer<S>, context: Context<z.output<P>>, way: Way<NoInfer<S>>): readonly Change[];
}

/** The calls of a plan, or of an undo: then with the state that it leads back to. */
export interface Way<S> {
  readonly calls: readonly Call[];
  readonly before?: S;
}

/** Some bot. The one place where its types are forgotten: the core moves states about without looking inside. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyBot = Bot<any, any, any>;

/** What a bot may leave unsaid, and {@link defineBot} says for it. */
export interface Unsaid<P extends z.ZodObject> {
  /** Default: the bot takes no parameters. */
  readonly params?: P;
  /** Default of `undo`: the actions of `write`, as where undo puts back with the very call that changed. */
  readonly permissions: Omit<Permissions, 'undo'> & Partial<Pick<Permissions, 'undo'>>;
  readonly from?: Readonly<Record<string, Authority>>;
}

/** A bot with parameters says of each who may set it; where none are given, P is inferred as any object. */
export type Authorised<P extends z.ZodObject> = [keyof z.output<P>] extends [never]
  ? Pick<Unsaid<P>, 'from'>
  : string extends keyof z.output<P>
    ? Pick<Unsaid<P>, 'from'>
    : { readonly from: From<P> };

const NO_PARAMS = z.object({});
export type NoParams = typeof NO_PARAMS;

/**
 * Types a bot: state flows from `inspect`, parameters from the zod object, commands from the clients. What it leaves
 * {@link Unsaid} is filled in.
 */
export function defineBot<
  const C extends ClientClasses,
  S extends object,
  const I extends string,
  P extends z.ZodObject = NoParams,
>(
  bot: Omit<Bot<C, P, S>, keyof Unsaid<P>> &
    Omit<Unsaid<P>, 'from'> &
    Authorised<NoInfer<P>> & { readonly id: I },
): Bot<C, P, S> & { readonly id: I } {
  const said: Omit<Bot<C, P, S>, keyof Unsaid<P>> & Unsaid<P> & { readonly id: I } = bot;
  const { actions = [] } = said.finder ?? {};
  const read = [...new Set([...said.permissions.read, ...actions])];
  const elsewhere = [...new Set([...(said.permissions.elsewhere ?? []), ...actions])];
  return Object.freeze({
    ...said,
    // Where no parameters are given, nothing but NoParams can be inferred for P.
    params: said.params ?? (NO_PARAMS as z.ZodObject as P),
    permissions: {
      undo: said.permissions.write,
      ...said.permissions,
      read,
      ...(elsewhere.length > 0 && { elsewhere }),
    },
    from: said.from ?? {},
  });
}
