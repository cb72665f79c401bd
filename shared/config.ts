import type * as z from 'zod';
import type { Accounts } from './accounts';
import type { NotificationChannel, SecretSource } from './config/notifications';
import type { Risk, Severity } from './bot/bot';
import type { Exemption, ExemptionTag } from './config/exemptions';
import type { Hours } from './config/windows';
import type { bots } from '../functions/remediators';

type Registry = typeof bots;

/** The id of a bot that exists. */
export type BotId = keyof Registry;

type ParamsOf<I extends BotId> = Partial<z.input<Awaited<ReturnType<Registry[I]>>['bot']['params']>>;

/** A value, or an item of a list. */
type Item<T> = T extends readonly (infer I)[] ? I : T;

/**
 * How far a bot may go, the most careful first: `off` leaves the resource alone, `plan` tells what it would do, `approve`
 * asks a person first, `auto` repairs.
 */
export const MODES = ['off', 'plan', 'approve', 'auto'] as const;

/** See {@link MODES}. */
export type Mode = (typeof MODES)[number];

/**
 * Where bots may go less far than their own mode says: the first rule of the list that matches decides. Every field that is
 * given must match, of a list any one.
 */
export interface RolloutRule {
  readonly mode: Mode;
  readonly bots?: readonly BotId[];
  readonly accounts?: readonly string[];
  /** Accounts under these units of AWS Organizations, at any depth: `ou-ab12-cdefghij`. */
  readonly organizationalUnits?: readonly string[];
  readonly regions?: readonly string[];
  /** A tag of the resource; without `value`, whatever its value is. */
  readonly tag?: { readonly key: string; readonly value?: string };
  /** Of the finding, or of the bot where the finding says none. */
  readonly severities?: readonly Severity[];
}

/** How one bot is to work. */
export interface BotSettings<P> {
  readonly enabled: boolean;
  /** See {@link MODES}. Default: `auto`, but `plan` for destructive bots, which are automatic only where this says so. */
  readonly mode?: Mode;
  /** Changes an hour in one account, in place of what `limits` says for bots of its kind. */
  readonly limit?: number;
  /** Over the bot's defaults, under what a finding may say itself. */
  readonly params?: P;
  /**
   * Values that findings may choose from, of parameters that are config.ts' to set: what grants, attaches, admits or
   * names a destination. `{ policyArn: ['arn:aws:iam::aws:policy/AWSDenyAll'] }`
   */
  readonly allowed?: { readonly [K in keyof P]?: readonly Item<P[K]>[] };
}

/** How repairs are approved, see {@link Config.approvals}. */
export interface Approvals {
  /** Hours after which a request ends without an answer. Default: 24. */
  readonly deadlineHours?: number;
  /** What happens then: it expires (the default), or it is done as if somebody had approved it. */
  readonly onDeadline?: 'expire' | 'run';
  /** Slack's buttons: behind them is a function with a URL, which believes what Slack has signed. */
  readonly slack?: {
    /** Where the signing secret of your Slack app is kept. */
    readonly signingSecret: { readonly parameter: string } | { readonly secret: string };
    readonly approvers: readonly Approver[];
  };
  /** Whether events of the account's own bus may decide: whoever may put events there may then approve. Default: `false`. */
  readonly eventBridge?: boolean;
}

/** Who may decide on which repairs; every field that is given must match. */
export interface Approver {
  /** Slack's ids of people: `U024BE7LH`. */
  readonly users: readonly string[];
  readonly bots?: readonly BotId[];
  readonly accounts?: readonly string[];
  /** Repairs of bots of no more risk than this. Default: any. */
  readonly upTo?: Risk;
}

/** Whose resources are, see {@link Config.ownership}. */
export interface Ownership {
  /**
   * What is done about a resource that a stack of CloudFormation or a state of Terraform owns, which would bring the
   * fault back: `hold` it, `tell` whose it is and repair, `ignore` it and look nothing up (the default).
   */
  readonly ownedBy?: 'hold' | 'tell' | 'ignore';
  /** Keys of the tags by which your Terraform marks what it owns; the value names the state. */
  readonly terraformTags?: readonly string[];
  /** Whether CloudTrail is asked who last changed a resource that is at fault. Default: `false`. */
  readonly changedBy?: boolean;
}

/** Sources that say what is wrong, and leave it to routes what is done about it. */
export const ROUTED_SOURCES = [
  'guardduty',
  'securityhub',
  'config',
  'conformity',
  'accessanalyzer',
  'macie',
  'inspector',
  'health',
  'alarm',
  'prowler',
] as const;

/** See {@link ROUTED_SOURCES}. */
export type RoutedSource = (typeof ROUTED_SOURCES)[number];

/** Every source that findings may be of: those that are routed, and those that name the bot themselves. */
export const FINDING_SOURCES = [...ROUTED_SOURCES, 'cloudguard', 'generic'] as const;

/** See {@link FINDING_SOURCES}. */
export type FindingSource = (typeof FINDING_SOURCES)[number];

/** What whoever publishes on a topic may ask for. What is left out is not restricted, AWS's own sources apart. */
export interface Publishing {
  /**
   * The sources that may be spoken for. Default: all but those whose events AWS itself sends (Security Hub, GuardDuty,
   * AWS Config, Macie …), which are believed from EventBridge alone unless they are named here. Name one only where
   * nobody but AWS, or a forwarder of your own, can publish.
   */
  readonly sources?: readonly FindingSource[];
  /** The bots that may be asked for. */
  readonly bots?: readonly BotId[];
  /** The accounts whose resources may be acted on, among those that `accounts` admits. */
  readonly accounts?: readonly string[];
  /** Least severity, 0 to 10: the finding's own, or the bot's where the source says none (low 1, medium 4, high 7, critical 9). */
  readonly minSeverity?: number;
}

/** A topic of a publisher of its own, subscribed to the findings queue. */
export interface FindingsTopic extends Publishing {
  readonly arn: string;
}

/** What is done about a finding: `AUTO: …`, the words that CloudGuard's tags take, several parted by `|`. */
export type Route = string | { readonly auto: string; readonly minSeverity?: number };

/** What an operator decides. Types are checked by the compiler, values when the stack is packaged. */
export interface Config extends Hours {
  /** Off: findings wait in the queue, readable with `npx selfheal queue`. On: they are put right. */
  readonly enable_auto_response: boolean;
  /** `poll`: the coordinator works through its whole minute. `tick`: it drains the queue once a minute. */
  readonly coordinator?: 'poll' | 'tick';
  readonly bots: { readonly [I in BotId]?: BotSettings<ParamsOf<I>> };
  /**
   * How far bots may go where: `[{ accounts: ['111122223333'], mode: 'auto' }, { mode: 'plan' }]`. It narrows what each bot's
   * own mode allows, and never widens it.
   */
  readonly rollout?: readonly RolloutRule[];
  /** How repairs are approved that wait for a person. */
  readonly approvals?: Approvals;
  /** Whose resources are, and who made a fault. Default: nobody is asked. */
  readonly ownership?: Ownership;
  /**
   * The same fault of the same resource that was repaired so often is held: somebody or something keeps bringing it
   * back. Default: 3 times in 24 hours. `false`: it is repaired again and again.
   */
  readonly repeats?: false | { readonly times?: number; readonly hours?: number };
  /** Accounts in which bots may act. Default: only the one that selfheal is deployed in. */
  readonly accounts?: Accounts;
  /** Regions in which bots may act. Default: every region that the SDK knows. */
  readonly regions?: readonly string[];
  /** AWS Config rules managed by AWS, as Defendable Design for AWS deploys them. */
  readonly managedRules?: { readonly cloudTrailEnabled?: boolean; readonly iamPasswordPolicy?: boolean };
  readonly findings?: {
    /** ARNs of principals outside the account that may publish to the findings topic: CloudGuard's account. */
    readonly publishers?: readonly string[];
    /** What may be asked for over the installation's own findings topic. */
    readonly own?: Publishing;
    /**
     * Further SNS topics that may be subscribed to the findings queue (without raw message delivery), by ARN, or with
     * what each may ask for. What came over any other topic, or asks for more, goes to the dead-letter queue.
     */
    readonly topics?: readonly (string | FindingsTopic)[];
    /** Sources whose EventBridge events of this account and region are taken in. */
    readonly events?: readonly RoutedSource[];
    /**
     * Whether findings that came through Security Hub are updated with what became of them: a note, which takes the
     * place of the note before, and the workflow status `RESOLVED` when the fault is gone, `NOTIFIED` when it is only
     * planned, `NEW` when somebody has undone it. Default: `false`.
     */
    readonly updateSecurityHub?: boolean;
    /**
     * Whether the stack has a custom action "Fix with selfheal" in the console of Security Hub, which must be on in the
     * region then. By itself, without `events`, it lets in what people choose by hand alone. Default: `true` where
     * `events` names `securityhub`.
     */
    readonly securityHubAction?: boolean;
  };
  /**
   * By source, what is done about what: `{ guardduty: { 'Backdoor:EC2/*': 'AUTO: ec2_quarantine_instance' } }`. Names are
   * the source's own (finding types, control ids, rule ids); a `*` at the end stands for the rest. What is not named
   * here goes to the enabled bots that answer its control.
   */
  readonly routes?: Partial<Record<RoutedSource, Readonly<Record<string, Route>>>>;
  /**
   * Conformity's checks name an account by an id of its own: which account of AWS that is. A check of an account that
   * is not here, and that names none of AWS's itself, goes to the dead-letter queue.
   */
  readonly conformity?: { readonly accounts: Readonly<Record<string, string>> };
  readonly slack?: {
    /** Where the webhook's URL is kept: the name of an SSM SecureString parameter, or a secret's name. */
    readonly webhook?: SecretSource;
    /** Least severity that this channel hears of. Default: all. */
    readonly minSeverity?: 'low' | 'medium' | 'high' | 'critical';
    /** Only what is about these accounts, and what is about none. Default: all. */
    readonly accounts?: readonly string[];
    /** Which compliance changes are reported to Slack: those of the installation's own Config rules (the default), or all of the account. */
    readonly configRules?: 'selfheal' | 'all';
  };
  /** Who else is told: tickets, pagers, e-mail, further channels. Each has a queue of its own. See docs/notifications.md. */
  readonly notifications?: readonly NotificationChannel[];
  /** Where docs/bots.md can be read, `https://…/docs/bots.md`: messages then link the bot's section. */
  readonly botPages?: string;
  readonly exemptions?: readonly Exemption[];
  /** Tags by which resources may be exempted, and who may set them. Default: none, a tag exempts nothing. */
  readonly exemptionTags?: readonly ExemptionTag[];
  /**
   * How many changes bots may make within an hour; what is over waits in the queue, which is told once. Default: 100 in
   * an account, and there 20 by one bot, 10 by a disruptive one that only acts on findings, 1 by a destructive one.
   * `false`: no limits. What a person fixes or undoes is not counted.
   */
  readonly limits?:
    | false
    | {
        readonly perAccount?: number;
        readonly perBot?: number;
        readonly perDisruptiveResponse?: number;
        readonly perDestructive?: number;
      };
  /** Whether the stack has a CloudWatch dashboard of what becomes of findings. Default: `true`. */
  readonly dashboard?: boolean;
  /**
   * How many messages may be in work at once: up to 1 a share of the account's concurrency of Lambda, above 1 a number.
   * Default: 0.1, a tenth.
   */
  readonly concurrency?: number;
}

/** Where the webhook's URL is read when config.ts does not say. */
export const DEFAULT_WEBHOOK = { parameter: '/selfheal/slack-webhook-url' } as const;

/** Types config.ts: an unknown bot, a misspelt parameter or a wrong value does not compile. */
export function defineConfig(config: Config): Config {
  return config;
}

/** The settings of a bot that may come from anywhere: `undefined` when it is not enabled. */
export function settingsOf(config: Config, id: string): BotSettings<Record<string, unknown>> | undefined {
  const settings = Object.hasOwn(config.bots, id) ? config.bots[id as BotId] : undefined;
  return settings?.enabled ? settings : undefined;
}

/** A destructive bot is automatic only where config.ts says so in as many words. See also {@link Config.rollout}. */
export function modeOf({ mode }: Pick<BotSettings<unknown>, 'mode'>, risk: Risk): Mode {
  return mode ?? (risk === 'destructive' ? 'plan' : 'auto');
}

/** Whether the stack has a custom action in Security Hub. */
export function hasAction({ findings }: Config): boolean {
  return findings?.securityHubAction ?? findings?.events?.includes('securityhub') ?? false;
}

/** Whether findings of that source come in, by events or over a topic that is listed for it. */
export function hears(config: Config, source: RoutedSource): boolean {
  const { events, own } = config.findings ?? {};
  const topics = [own, ...topicsOf(config)];
  if (source === 'securityhub' && hasAction(config)) return true;
  return [events, ...topics.map((topic) => topic?.sources)].some((names) =>
    names?.some((name) => name === source),
  );
}

/** The topics of config.ts beside the installation's own, each with what it may ask for. */
export function topicsOf({ findings }: Config): FindingsTopic[] {
  return (findings?.topics ?? []).map((topic) => (typeof topic === 'string' ? { arn: topic } : topic));
}
