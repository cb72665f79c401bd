import * as z from 'zod';
import type { AnyBot } from '../shared/bot/bot';
import { ordersIn } from '../functions/findings/routing';
import { readWords, splitWords } from '../functions/findings/words';
import { type Granted, beyondAuthority } from '../shared/authority';
import { notificationsSchema } from './check-notifications';
import { type CatalogueEntry, defaultsOf, findBot } from '../shared/catalogue';
import { type Config, FINDING_SOURCES, MODES, ROUTED_SOURCES, settingsOf } from '../shared/config';
import { exemptionsSchema } from './check-exemptions';
import { hoursSchema } from './check-windows';
import { nearest } from '../shared/nearest';
import { type ConfigFault, faultsOf, placeText } from './config-words';

/**
 * What is wrong with config.ts, which is compiled without a look at its types: what does harm in silence, or waits for
 * the first finding to fail. Nothing else is judged while its form is wrong.
 */
export function configFaults(config: Config, catalogue: readonly CatalogueEntry[]): ConfigFault[] {
  const form = faultsOf(schemaOf(catalogue.map(({ id }) => id)), config);
  return form.length > 0
    ? form
    : [...catalogue.flatMap((entry) => botFaults(config, entry)), ...routeFaults(config, catalogue)];
}

/**
 * Refuses a config.ts that cannot be deployed.
 *
 * @throws Error that names each field of config.ts and what is wrong with it.
 */
export async function checkConfig(
  config: Config,
  catalogue: readonly CatalogueEntry[],
  load: (id: string) => Promise<AnyBot | undefined>,
): Promise<void> {
  const faults = configFaults(config, catalogue);
  if (faults.length > 0) throw new Error(faultsText(faults));
  for (const { id } of catalogue) {
    if (settingsOf(config, id) && !(await load(id))) {
      throw new Error(`${id} is in the catalogue and not in the index: run npm run generate`);
    }
  }
}

/** Faults as one sentence, or as a list. */
export function faultsText(faults: readonly ConfigFault[]): string {
  const lines = faults.map(({ at, says }) => (at === '' ? says : `${at}: ${says}`));
  const [first = ''] = lines;
  return lines.length === 1 ? `config.ts is wrong: ${first}` : ['config.ts is wrong:', ...lines].join('\n  ');
}

function botFaults(config: Config, entry: CatalogueEntry): ConfigFault[] {
  const { id } = entry;
  const settings = settingsOf(config, id);
  if (!settings) return [];
  // What config.ts leaves out is said by the finding, or filled in from the bot's own defaults.
  const schema = paramsSchema({ ...entry.params, required: [], additionalProperties: false });
  const params = faultsOf(schema, settings.params ?? {}, ['bots', id, 'params']);
  return params.length > 0 ? params : grantFaults(entry, settings);
}

/**
 * What findings may not say, config.ts has to: a bot without it would be enabled and never do anything. A posture bot
 * finds its own faults, and asks for such a parameter only where another one makes it needed.
 */
function grantFaults(
  { id, kind, params, from }: CatalogueEntry,
  { params: given = {}, allowed = {} }: Granted,
): ConfigFault[] {
  const { properties = {}, required } = params;
  const asked = Object.keys(properties).filter((name) => {
    const isRequired = Array.isArray(required) && required.includes(name);
    const isNeeded = isRequired || (kind === 'response' && properties[name]?.default === undefined);
    return from[name] === 'config' && isNeeded;
  });
  const missing = asked
    .filter((name) => given[name] === undefined && (allowed[name]?.length ?? 0) === 0)
    .map((name) => ({
      at: placeText(['bots', id]),
      says: `${id} is enabled without ${name}, which no finding may say: give it under bots.${id}.params, or the values that findings may choose from under bots.${id}.allowed.${name}`,
    }));
  const beyond = Object.entries(allowed).flatMap(([name, values]): ConfigFault[] => {
    const at = placeText(['bots', id, 'allowed', name]);
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!schema) return [{ at, says: noParameter(name, Object.keys(properties)) }];
    if (from[name] !== 'config') return [{ at, says: 'findings may set it as it is' }];
    const parser = paramsSchema(schema);
    return (values ?? [])
      .filter((value) => !parser.safeParse(value).success && !parser.safeParse([value]).success)
      .map((value) => ({ at, says: `holds ${JSON.stringify(value)}, which is no value of it` }));
  });
  return [...missing, ...beyond];
}

function noParameter(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return `there is no such parameter${meant === undefined ? '' : `: did you mean ${meant}?`}`;
}

function paramsSchema(schema: object): z.ZodType {
  return z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
}

/** A route to a bot that is missing or asleep must not wait for its first finding to be found out. */
function routeFaults(config: Config, catalogue: readonly CatalogueEntry[]): ConfigFault[] {
  return Object.entries(config.routes ?? {}).flatMap(([source, table]) =>
    Object.entries(table).flatMap(([pattern, route]) =>
      ordersIn(typeof route === 'string' ? route : route.auto).flatMap((order) => {
        const says = wrongOrder(config, catalogue, order);
        return says === undefined ? [] : [{ at: placeText(['routes', source, pattern]), says }];
      }),
    ),
  );
}

function wrongOrder(config: Config, catalogue: readonly CatalogueEntry[], order: string): string | undefined {
  const [name = '', ...words] = splitWords(order);
  const entry = findBot(catalogue, name);
  if (!entry) {
    const meant = nearest(
      name,
      catalogue.map(({ id }) => id),
    );
    const hint = meant === undefined ? 'npx selfheal bots lists them' : `did you mean ${meant}?`;
    return `there is no bot ${JSON.stringify(name)}: ${hint}`;
  }
  const settings = settingsOf(config, entry.id);
  if (!settings) return `it names ${entry.id}, which is not enabled under bots`;
  const read = readWords(entry, words, settings.params);
  if ('wrong' in read) return read.wrong;
  return beyondAuthority(entry, read.params, settings, defaultsOf(entry));
}

const httpsUrl = z.url({ protocol: /^https$/, error: 'an https address' });
const SEVERITY_NAMES = ['low', 'medium', 'high', 'critical'] as const;
const accountId = z.string().regex(/^\d{12}$/, 'an account id of 12 digits');
const unit = z
  .string()
  .regex(/^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/, 'a unit such as ou-ab12-cdefghij');
const kept = z.union([
  z.strictObject({ parameter: z.string().min(1) }),
  z.strictObject({ secret: z.string().min(1) }),
]);
const anyMode = {
  roleName: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'the name of an IAM role')
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
      externalId: z
        .string()
        .regex(/^[\w+=,.@:/-]{2,1224}$/, 'an ExternalId of 2 or more letters, digits and _+=,.@:/-'),
      accounts: z.array(accountId).optional(),
      organization: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'an organization such as o-a1b2c3d4e5')
        .optional(),
      organizationalUnits: z.array(unit).optional(),
      deny: z.array(accountId).optional(),
    })
    .refine(({ accounts, organization }) => accounts !== undefined || organization !== undefined, {
      error: 'needs accounts or organization: nobody is let in otherwise',
    })
    .refine(({ organization, organizationalUnits }) => organization !== undefined || !organizationalUnits, {
      error: 'needs organization, of which the units are',
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
  const arn = z.string().regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/, 'the ARN of an SNS topic');
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
      .array(z.string().regex(/^[UW][A-Z0-9]{2,20}$/, "a person's id in Slack such as U024BE7LH"))
      .min(1),
    bots: z.array(z.enum(ids)).min(1).optional(),
    accounts: z.array(accountId).min(1).optional(),
    upTo: z.enum(['safe', 'disruptive', 'destructive']).optional(),
  });
  const form = {
    coordinator: z.enum(['poll', 'tick']).optional(),
    regions: z
      .array(z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/, 'a region such as eu-west-1'))
      .optional(),
    managedRules: z
      .strictObject({ cloudTrailEnabled: z.boolean().optional(), iamPasswordPolicy: z.boolean().optional() })
      .optional(),
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
      .strictObject({
        publishers: z.array(z.string().min(1)).optional(),
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
      .strictObject({
        webhook: kept.optional(),
        configRules: z.enum(['selfheal', 'all']).optional(),
        minSeverity: z.enum(SEVERITY_NAMES).optional(),
        accounts: z.array(accountId).min(1).optional(),
      })
      .optional(),
    botPages: httpsUrl.optional(),
    notifications: notificationsSchema.optional(),
    // Every field of a config is judged, so that a misspelt one is none.
  } satisfies Record<keyof Config, z.ZodType>;
  return z.strictObject(form);
}
