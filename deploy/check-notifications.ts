import * as z from 'zod';
import {
  type NotificationChannel,
  PLACEHOLDER,
  TEMPLATE_FIELDS,
  TOLD_OUTCOMES,
  channelName,
} from '../shared/config/notifications';

const parameter = z
  .string()
  .regex(/^\/?[\w.-]+(\/[\w.-]+)*$/, 'the name of a parameter looks like /selfheal/jira')
  .optional();
const secret = z
  .string()
  .regex(/^[\w/+=.@-]{1,500}$/, 'the name of a secret, not its ARN')
  .optional();
const address = z
  .string()
  .refine(isAddress, 'must be an https address with nothing behind it: https://acme.atlassian.net');
const common = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,24}$/, 'a name has lower case letters, digits and -, at most 25')
    .optional(),
  minSeverity: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  accounts: z
    .array(z.string().regex(/^\d{12}$/, 'an account id has 12 digits'))
    .min(1)
    .optional(),
  outcomes: z.array(z.enum(TOLD_OUTCOMES)).min(1).optional(),
};
const kept = { ...common, parameter, secret };
const fields = z.record(z.string(), z.unknown()).optional();
const texts = z.record(z.string(), z.string()).optional();
const mailbox = z.email('must be an e-mail address');

const kinds = z.discriminatedUnion('to', [
  z.strictObject({
    ...kept,
    to: z.literal('jira'),
    url: address,
    project: z.string().regex(/^[A-Z][A-Z0-9_]{1,254}$/, 'the key of a project looks like SEC'),
    issueType: z.string().min(1),
    fields,
    closeWith: z.string().min(1).optional(),
  }),
  z.strictObject({
    ...kept,
    to: z.literal('servicenow'),
    url: address,
    table: z
      .string()
      .regex(/^[a-z0-9_]+$/, 'the name of a table looks like incident')
      .optional(),
    fields: texts,
    closeWith: texts,
  }),
  z.strictObject({ ...kept, to: z.literal('pagerduty'), url: address.optional() }),
  z.strictObject({ ...kept, to: z.literal('teams') }),
  z.strictObject({ ...kept, to: z.literal('slack') }),
  z.strictObject({
    ...common,
    to: z.literal('email'),
    from: mailbox,
    recipients: z.array(mailbox).min(1).max(50),
    region: z
      .string()
      .regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, 'a region looks like eu-west-1')
      .optional(),
  }),
  z.strictObject({
    ...kept,
    to: z.literal('webhook'),
    url: z.url({ protocol: /^https$/, error: 'must be an https address' }),
    headers: texts,
    body: z.unknown().optional(),
  }),
]);

/** `notifications` of config.ts. A misspelt field would tell the wrong people, or nobody. */
export const notificationsSchema = z.array(kinds).superRefine((channels, context) => {
  const names = new Set<string>();
  channels.forEach((channel, index) => {
    const wrong = (path: string, message: string) => {
      context.addIssue({ code: 'custom', path: [index, path], message });
    };
    const name = channelName(channel as NotificationChannel);
    if (names.has(name)) {
      wrong('name', `there are two channels called ${name}: give each a name of its own`);
    }
    names.add(name);
    if (channel.to !== 'email' && (channel.parameter === undefined) === (channel.secret === undefined)) {
      wrong('parameter', 'name either the parameter or the secret that holds what it takes to sign in');
    }
    const unknown = channel.to === 'webhook' ? unknownField(channel.body) : undefined;
    if (unknown !== undefined) {
      wrong('body', `there is no field {{${unknown}}}: there are ${TEMPLATE_FIELDS.join(', ')}`);
    }
  });
});

function unknownField(template: unknown): string | undefined {
  const text = template === undefined ? '' : JSON.stringify(template);
  const named = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return named.find((name) => !TEMPLATE_FIELDS.some((field) => field === name));
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return protocol === 'https:' && origin === text;
}
