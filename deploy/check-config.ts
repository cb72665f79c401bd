import * as z from 'zod';
import type { AnyBot } from '../shared/bot/bot';
import { ordersIn } from '../functions/findings/routing';
import { readWords, splitWords } from '../functions/findings/words';
import { type Granted, beyondAuthority } from '../shared/authority';
import { notificationsSchema } from './check-notifications';
import { type CatalogueEntry, defaultsOf, findBot } from '../shared/catalogue';
import { exemptionsSchema } from './check-exemptions';
import { hoursSchema } from './check-windows';
import { type Config, FINDING_SOURCES, MODES, ROUTED_SOURCES, settingsOf } from '../shared/config';

/**
 * Checks the values of config.ts that would do harm in silence: packaging compiles it without looking at its types.
 *
 * @throws Error that names the field of config.ts and what is wrong with it.
 */
export async function checkConfig(
  config: Config,
  catalogue: readonly CatalogueEntry[],
  load: (id: string) => Promise<AnyBot | undefined>,
): Promise<void> {
  const ids = catalogue.map(({ id }) => id);
  const checked = schemaOf(ids).safeParse(config);
  if (!checked.success) throw new Error(`config.ts is wrong:\n${z.prettifyError(checked.error)}`);
  checkRoutes(config, catalogue);
  for (const id of ids) {
    const settings = settingsOf(config, id);
    if (!settings) continue;
    const bot = await load(id);
    if (!bot) throw new Error(`${id} is in the catalogue and not in the index: run npm run generate`);
    // What config.ts leaves out is said by the finding, or filled in from the bot's own defaults.
    const params = (bot.params as z.ZodObject)
      .strict()
      .partial()
      .safeParse(settings.params ?? {});
    if (!params.success) {
      throw new Error(`config.ts: the parameters of ${id} are wrong:\n${z.prettifyError(params.error)}`);
    }
    const wrong = wrongGrant(bot, settings);
    if (wrong !== undefined) throw new Error(`config.ts: ${wrong}`);
  }
}

/**
 * What findings may not say, config.ts has to: a bot without it would be enabled and never do anything. A posture bot
 * finds its own faults, and asks for such a parameter only where another one makes it needed.
 */
function wrongGrant(
  { id, kind, params, from }: AnyBot,
  { params: given = {}, allowed = {} }: Granted,
): string | undefined {
  const fields = (params as z.ZodObject).shape as Readonly<Record<string, z.ZodType>>;
  for (const [name, schema] of Object.entries(fields)) {
    const silent = schema.safeParse(undefined);
    const isNeeded = !silent.success || (kind === 'response' && silent.data === undefined);
    if (from[name] !== 'config' || !isNeeded) continue;
    if (given[name] !== undefined || (allowed[name]?.length ?? 0) > 0) continue;
    return `${id} is enabled without ${name}, which no finding may say: give it under bots.${id}.params, or the values that findings may choose from under bots.${id}.allowed.${name}`;
  }
  for (const [name, values] of Object.entries(allowed)) {
    if (from[name] !== 'config')
      return `bots.${id}.allowed.${name}: ${name in fields ? 'findings may set it as it is' : 'there is no such parameter'}`;
    for (const value of values ?? []) {
      const schema = fields[name];
      if (schema?.safeParse(value).success || schema?.safeParse([value]).success) continue;
      return `bots.${id}.allowed.${name} holds ${JSON.stringify(value)}, which is no value of it`;
    }
  }
  return undefined;
}

/** A route to a bot that is missing or asleep must not wait for its first finding to be found out. */
function checkRoutes(config: Config, catalogue: readonly CatalogueEntry[]): void {
  for (const [source, table] of Object.entries(config.routes ?? {})) {
    for (const [pattern, route] of Object.entries(table)) {
      const where = `config.ts: the route ${source} ${pattern}`;
      for (const order of ordersIn(typeof route === 'string' ? route : route.auto)) {
        const [name = '', ...words] = splitWords(order);
        const entry = findBot(catalogue, name);
        if (!entry) throw new Error(`${where} names ${name}, and there is no such bot: see docs/bots.md`);
        const settings = settingsOf(config, entry.id);
        if (!settings) throw new Error(`${where} names ${entry.id}, which is not enabled under bots`);
        const read = readWords(entry, words, settings.params);
        if ('wrong' in read) throw new Error(`${where}: ${read.wrong}`);
        const beyond = beyondAuthority(entry, read.params, settings, defaultsOf(entry));
        if (beyond !== undefined) throw new Error(`${where}: ${beyond}`);
      }
    }
  }
}

const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https address' });
const SEVERITY_NAMES = ['low', 'medium', 'high', 'critical'] as const;
const accountId = z.string().regex(/^\d{12}$/, 'an account id has 12 digits');
const unit = z
  .string()
  .regex(/^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/, 'a unit looks like ou-ab12-cdefghij');
const kept = z.union([
  z.strictObject({ parameter: z.string().min(1) }),
  z.strictObject({ secret: z.string().min(1) }),
]);
const anyMode = {
  roleName: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'a role name of IAM')
    .optional(),
  scopedSessions: z.boolean().optional(),
  names: z.record(accountId, z.string().min(1)).optional(),
  sessionScope: z.enum(['resource', 'account']).optional(),
};
const accountsSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('single'), ...anyMode }),
  z
    .strictObject({
      mode: z.literal('multi'),
      ...anyMode,
      // Source: AssumeRole, ExternalId.
      externalId: z.string().regex(/^[\w+=,.@:/-]{2,1224}$/, 'an ExternalId as STS takes it'),
      accounts: z.array(accountId).optional(),
      organization: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'an organization looks like o-a1b2c3d4e5')
        .optional(),
      organizationalUnits: z.array(unit).optional(),
      deny: z.array(accountId).optional(),
    })
    .refine(({ accounts, organization }) => accounts !== undefined || organization !== undefined, {
      error: 'name the accounts, or the organization: nobody is let in otherwise',
    })
    .refine(({ organization, organizationalUnits }) => organization !== undefined || !organizationalUnits, {
      error: 'units are of an organization: name it too',
    }),
]);

function schemaOf(ids: readonly string[]) {
  const settings = z.strictObject({
    enabled: z.boolean(),
    mode: z.enum(MODES).optional(),
    limit: z.int().positive().optional(),
    params: z.looseObject({}).optional(),
    allowed: z.record(z.string(), z.array(z.unknown())).optional(),
  });
  const route = z.union([
    z.string().min(1),
    z.strictObject({ auto: z.string().min(1), minSeverity: z.number().min(0).max(10).optional() }),
  ]);
  const sources = z.enum(ROUTED_SOURCES);
  const arn = z
    .string()
    .regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/, 'must be the ARN of an SNS topic');
  // An empty list would let nothing through, and a misspelt field restrict nothing.
  const publishing = {
    sources: z.array(z.enum(FINDING_SOURCES)).min(1).optional(),
    bots: z.array(z.enum(ids)).min(1).optional(),
    accounts: z.array(accountId).min(1).optional(),
    minSeverity: z.number().min(0).max(10).optional(),
  };
  // An empty list would match nothing, a misspelt field everything.
  const rule = z.strictObject({
    mode: z.enum(MODES),
    bots: z.array(z.enum(ids)).min(1).optional(),
    accounts: z.array(accountId).min(1).optional(),
    organizationalUnits: z.array(unit).min(1).optional(),
    regions: z.array(z.string().min(1)).min(1).optional(),
    tag: z
      .strictObject({ key: z.string().min(1).max(128), value: z.string().max(256).optional() })
      .optional(),
    severities: z
      .array(z.enum(['low', 'medium', 'high', 'critical']))
      .min(1)
      .optional(),
  });
  const approver = z.strictObject({
    users: z
      .array(z.string().regex(/^[UW][A-Z0-9]{2,20}$/, "a person's id in Slack looks like U024BE7LH"))
      .min(1),
    bots: z.array(z.enum(ids)).min(1).optional(),
    accounts: z.array(accountId).min(1).optional(),
    upTo: z.enum(['safe', 'disruptive', 'destructive']).optional(),
  });
  return z.looseObject({
    rollout: z.array(rule).optional(),
    approvals: z
      .strictObject({
        deadlineHours: z.number().positive().max(2160).optional(),
        onDeadline: z.enum(['expire', 'run']).optional(),
        slack: z.strictObject({ signingSecret: kept, approvers: z.array(approver).min(1) }).optional(),
        eventBridge: z.boolean().optional(),
      })
      .optional(),
    ownership: z
      .strictObject({
        ownedBy: z.enum(['hold', 'tell', 'ignore']).optional(),
        terraformTags: z.array(z.string().min(1)).optional(),
        changedBy: z.boolean().optional(),
      })
      .optional(),
    repeats: z
      .union([
        z.literal(false),
        z.strictObject({
          times: z.int().positive().max(20).optional(),
          hours: z.number().positive().max(720).optional(),
        }),
      ])
      .optional(),
    routes: z.partialRecord(sources, z.record(z.string(), route)).optional(),
    findings: z
      .looseObject({
        events: z.array(sources).optional(),
        own: z.strictObject(publishing).optional(),
        topics: z.array(z.union([arn, z.strictObject({ arn, ...publishing })])).optional(),
        updateSecurityHub: z.boolean().optional(),
        securityHubAction: z.boolean().optional(),
      })
      .optional(),
    enable_auto_response: z.boolean(),
    bots: z.partialRecord(z.enum(ids), settings.optional()),
    ...exemptionsSchema(ids),
    ...hoursSchema(ids),
    // A misspelt field would leave a limit as it is, unseen.
    limits: z
      .union([
        z.literal(false),
        z.strictObject({
          perAccount: z.int().positive().optional(),
          perBot: z.int().positive().optional(),
          perDisruptiveResponse: z.int().positive().optional(),
          perDestructive: z.int().positive().optional(),
        }),
      ])
      .optional(),
    dashboard: z.boolean().optional(),
    concurrency: z.number().positive().optional(),
    accounts: accountsSchema.optional(),
    conformity: z.strictObject({ accounts: z.record(z.string().min(1), accountId) }).optional(),
    slack: z
      .looseObject({
        configRules: z.enum(['selfheal', 'all']).optional(),
        minSeverity: z.enum(SEVERITY_NAMES).optional(),
        accounts: z.array(accountId).min(1).optional(),
      })
      .optional(),
    botPages: httpsUrl.optional(),
    notifications: notificationsSchema.optional(),
  });
}
