import { createHash } from 'node:crypto';
import * as z from 'zod';
import { atMost } from '../bot/changes/change';
import type { Outcome } from '../bot/outcome';
import { resourceKey, targetSchema } from '../resources/target';

/** A call as data, see `Call` of the bot seam. */
const callSchema = z.object({ action: z.string(), input: z.looseObject({}) });

/** Most lines of changes that a message or an event carries. */
export const CHANGES = 20;

/** What calls change, in words, a line each, see `Change` of the bot seam. */
export const changesSchema = z
  .array(z.object({ sign: z.enum(['-', '+', ' ']), text: z.string().max(200) }))
  .max(CHANGES);

const received = z.object({
  /** Where it came in: a hub is updated in its own region. */
  region: z.string().min(1).max(64),
  /** How many repairs the finding asks for: one of several does not settle it. */
  repairs: z.int().positive(),
  /** What was looked for when it came in: the finding that is resolved is to be of the same. */
  control: z.string().max(512).optional(),
});

/**
 * What an update of a finding in Security Hub names it by, beside its id: the product in ASFF, `metadata.uid` in OCSF.
 * Source: Security Hub API, BatchUpdateFindings and BatchUpdateFindingsV2.
 */
export const securityHubSchema = z.union([
  received.extend({ productArn: z.string().min(12).max(2048) }),
  received.extend({ metadataUid: z.string().min(1).max(2048) }),
]);

/** See {@link securityHubSchema}. */
export type InSecurityHub = z.infer<typeof securityHubSchema>;

/** Who found the fault and when: what tells a repetition from a fault that came back. */
export const findingSchema = z.object({
  /** `config`, `cloudguard`, `generic`, `cli` … */
  source: z.string().min(1).max(64),
  /** The finding's own id at its source. */
  id: z.string().min(1).max(1024),
  time: z.iso.datetime({ offset: true }),
  title: z.string().max(1024).optional(),
  /** As its source has it; absent where the source says none. */
  severity: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  /** Of findings that came over SNS: the topic's ARN, and the message's id there. */
  publisher: z.object({ topic: z.string().min(1).max(256), messageId: z.string().max(128) }).optional(),
  /** Of findings that came through the Security Hub of this account. */
  securityHub: securityHubSchema.optional(),
});

/** See {@link findingSchema}. */
export type Finding = z.infer<typeof findingSchema>;

/** The message on the remediation queue: one fault, one bot, one resource. */
export const remediationSchema = z.object({
  version: z.literal(1),
  bot: z.string().min(1).max(64),
  target: targetSchema,
  /** Only what the finding says itself; config.ts and the bot's defaults fill in the rest at run time. */
  params: z.record(z.string(), z.unknown()).default({}),
  finding: findingSchema,
  /** What the finder saw and what would have been done then, where it looked: for the reader of the queue. */
  preview: z
    .object({ violation: z.string(), calls: z.array(callSchema), changes: changesSchema.optional() })
    .optional(),
  /** A person has decided on its plan, and when: the bot believes the decision in the journal alone. */
  decided: z.string().max(128).optional(),
});

/** See {@link remediationSchema}. */
export type Remediation = z.infer<typeof remediationSchema>;

/** What a dry run that found a fault says on the queue. */
export function previewOf(violation: string, outcome: Outcome): NonNullable<Remediation['preview']> {
  if (outcome.outcome !== 'planned') return { violation, calls: [] };
  const changes = [...atMost(outcome.changes, CHANGES)];
  return {
    violation,
    calls: outcome.calls.map(({ action, input }) => ({ action, input: { ...input } })),
    ...(changes.length > 0 && { changes }),
  };
}

/** One message of the queue as the coordinator hands it to a bot's function. */
export interface Delivery {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** Epoch milliseconds at which SQS took the message. */
  readonly sentAt: number;
  readonly body: Remediation;
  /** SQS has not given the message out before: no earlier try of it can be on record. */
  readonly isFirst?: boolean;
  /** The organizational units that the account lies under, where config.ts asks for them. */
  readonly units?: readonly string[];
}

/** The event of a bot's function: messages of one resource for one bot, in their order. */
export interface Dispatch {
  readonly deliveries: readonly Delivery[];
  /** Epoch milliseconds at which SQS shows the messages again: past it, nothing may be begun. */
  readonly visibleAgainAt: number;
}

/**
 * How long a message that was received stays hidden from others: longer than the function that works on it can run.
 * The queues of the template and the coordinator say the same.
 */
export const VISIBILITY_SECONDS = 360;

/**
 * Most bytes of a message, of an event to SNS, and of all messages for one run: an asynchronous invocation and SNS take
 * 256 KiB, and this leaves room for the rest. Source: Lambda quotas; SNS quotas.
 */
export const MESSAGE_BYTES = 200 * 1024;

/** Why a message cannot be handed to a function, or `undefined`: it can. */
export function tooLarge(remediation: Remediation): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(remediation));
  if (bytes <= MESSAGE_BYTES) return undefined;
  return `the message is larger than a function can be handed: ${bytes} bytes, at most ${MESSAGE_BYTES}`;
}

/** FIFO group: the resource, so that two bots never work on one resource at once. */
export function groupOf({ target }: Pick<Remediation, 'target'>): string {
  return digest(resourceKey(target));
}

/**
 * FIFO deduplication: what tells repetitions of a finding, and over SNS the one message. An id and a time can be
 * guessed, so by them alone a message that somebody else sent before would keep the true one out.
 */
export function deduplicationIdOf(remediation: Remediation): string {
  const { publisher } = remediation.finding;
  return digest(...identityOf(remediation), ...(publisher ? [publisher.messageId] : []));
}

/**
 * What tells a repetition: the finding's own identity and time, so that a fault that came back is a new one, whoever
 * publishes it, and what it asks for, as one finding may ask the same bot for two things.
 */
export function repetitionOf(remediation: Remediation): string {
  return digest(...identityOf(remediation));
}

function identityOf({ bot, target, params, finding, decided }: Remediation): string[] {
  const { source, id, time, publisher } = finding;
  const identity = [source, id, time, bot, resourceKey(target), JSON.stringify(params)];
  return [...identity, ...(publisher ? [publisher.topic] : []), ...(decided === undefined ? [] : [decided])];
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
