/** Where a secret text is kept: the name of an SSM SecureString parameter, or a secret's name. */
export type SecretSource = { readonly parameter: string } | { readonly secret: string };

/** Outcomes that channels may be told of. */
export const TOLD_OUTCOMES = [
  'fixed',
  'planned',
  'unverified',
  'failed',
  'held',
  'waiting',
  'undone',
  'dead-lettered',
  'rejected',
  'expired',
  'exemption-ending',
  'exemption-ended',
] as const;

/** See {@link TOLD_OUTCOMES}. */
export type ToldOutcome = (typeof TOLD_OUTCOMES)[number];

/** What all channels have in common. */
interface Channel {
  /** Needed where two are of one kind. Lower case letters, digits and `-`. Default: what `to` says. */
  readonly name?: string;
  /** Least severity of the bot. Default: all. */
  readonly minSeverity?: 'low' | 'medium' | 'high' | 'critical';
  /** Only resources of these accounts. Default: all. */
  readonly accounts?: readonly string[];
  /**
   * Outcomes that open a ticket (default: failed, held, unverified, planned, dead-lettered), or that a message is sent
   * for (default: all). A ticket is always commented on and closed, whatever this says.
   */
  readonly outcomes?: readonly ToldOutcome[];
}

/** Jira Cloud. Kept secret: `user@example.com:api-token`, or a token alone for `Bearer`. */
export type JiraChannel = Channel &
  SecretSource & {
    readonly to: 'jira';
    /** `https://acme.atlassian.net` */
    readonly url: string;
    /** The project's key. */
    readonly project: string;
    readonly issueType: string;
    /** Further fields of new issues, as Jira's REST API takes them: `{ priority: { name: 'High' } }`. */
    readonly fields?: Readonly<Record<string, unknown>>;
    /** The transition that closes an issue. Default: the first that leads to a status of the category "done". */
    readonly closeWith?: string;
  };

/** ServiceNow. Kept secret: `user:password`, or a token alone for `Bearer`. */
export type ServiceNowChannel = Channel &
  SecretSource & {
    readonly to: 'servicenow';
    /** `https://acme.service-now.com` */
    readonly url: string;
    /** Default: `incident`. */
    readonly table?: string;
    /** Further fields of new records: `{ assignment_group: 'Cloud' }`. */
    readonly fields?: Readonly<Record<string, string>>;
    /** Fields that close a record. Default: `{ state: '6', close_code: 'Solution provided' }`. */
    readonly closeWith?: Readonly<Record<string, string>>;
  };

/** PagerDuty, Events API v2. Kept secret: the integration (routing) key. */
export type PagerDutyChannel = Channel &
  SecretSource & {
    readonly to: 'pagerduty';
    /** Default: `https://events.pagerduty.com`; the service region Europe has `https://events.eu.pagerduty.com`. */
    readonly url?: string;
  };

/** A workflow of Microsoft Teams that posts what a webhook gets. Kept secret: the workflow's URL. */
export type TeamsChannel = Channel & SecretSource & { readonly to: 'teams' };

/** Another channel of Slack. Kept secret: the webhook's URL. */
export type SlackChannel = Channel & SecretSource & { readonly to: 'slack' };

/** E-mail by Amazon SES. */
export interface EmailChannel extends Channel {
  readonly to: 'email';
  /** An address that SES has verified, or of a domain that it has. */
  readonly from: string;
  readonly recipients: readonly string[];
  /** Where the address is verified. Default: the installation's own region. */
  readonly region?: string;
}

/** Any other receiver of JSON. Kept secret: the key that requests are signed with. */
export type WebhookChannel = Channel &
  SecretSource & {
    readonly to: 'webhook';
    readonly url: string;
    /** Headers beside the signature; nothing secret, they stand in the function's code. */
    readonly headers?: Readonly<Record<string, string>>;
    /**
     * What is sent: JSON, in whose texts `{{outcome}}` and the like are replaced; a text that is nothing but
     * `{{event}}` becomes the value itself. Default: the event. The fields are listed in docs/notifications.md.
     */
    readonly body?: unknown;
  };

/** Who else hears what becomes of findings, beside the channel of `slack`. */
export type NotificationChannel =
  | JiraChannel
  | ServiceNowChannel
  | PagerDutyChannel
  | TeamsChannel
  | SlackChannel
  | EmailChannel
  | WebhookChannel;

/** The name by which a channel's queue and tickets go. */
export function channelName({ name, to }: Pick<NotificationChannel, 'name' | 'to'>): string {
  return name ?? to;
}

/** What a template of {@link WebhookChannel} may name. */
export const TEMPLATE_FIELDS = [
  'account',
  'accountName',
  'bot',
  'command',
  'console',
  'delivery',
  'event',
  'fault',
  'finding',
  'journalId',
  'outcome',
  'reason',
  'region',
  'resource',
  'severity',
  'source',
  'state',
  'time',
  'title',
  'type',
  'violation',
] as const;

/** See {@link TEMPLATE_FIELDS}. */
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

/** A field in a template: `{{outcome}}`. */
export const PLACEHOLDER = /\{\{\s*(\w*)\s*\}\}/g;
