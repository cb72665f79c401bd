import { createHash } from 'node:crypto';
import type { SQSBatchResponse } from 'aws-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CatalogueEntry } from '../../shared/catalogue';
import { type Config, settingsOf } from '../../shared/config';
import type { Environment } from '../../shared/environment';
import { refusal } from '../../shared/guard';
import { log } from '../../shared/log';
import { type Remediation, remediationSchema, tooLarge } from '../../shared/message';
import { deadLetter, enqueue } from '../../shared/queue';
import { type Received, unwrap } from './records';
import type { Reading } from './source';
import { sources } from './sources';

/** What the intake works with; tests give their own. */
export interface Desk {
  readonly config: Config;
  readonly catalogue: readonly CatalogueEntry[];
  readonly environment: Environment;
  readonly sqs: SQSClient;
}

/** What became of the findings of one event. */
export interface Tally {
  enqueued: number;
  declined: number;
  deadLettered: number;
}

/**
 * Takes in the findings of one event. Findings that ask for a repair go to the remediation queue, those that
 * cannot be used to the dead-letter queue with the reason; if AWS refuses either, the messages come back.
 */
export async function takeIn(
  desk: Desk,
  event: unknown,
): Promise<SQSBatchResponse & { readonly tally: Tally }> {
  const tally: Tally = { enqueued: 0, declined: 0, deadLettered: 0 };
  const messages = unwrap(event);
  const accepted: Remediation[] = [];
  const failed = new Set<Received>();
  for (const message of messages) {
    for (const reading of readings(desk, message)) {
      if ('remediation' in reading) accepted.push(reading.remediation);
      else if ('declined' in reading) {
        tally.declined += 1;
        log('info', 'declined', { messageId: message.messageId, reason: reading.declined });
      } else {
        await letter(desk, message, reading.unusable).then(
          () => (tally.deadLettered += 1),
          (error: unknown) => {
            log('error', 'a finding could not be put on the dead-letter queue', { error: String(error) });
            failed.add(message);
          },
        );
      }
    }
  }
  try {
    await enqueue(desk.sqs, desk.environment.queueUrl, accepted);
    tally.enqueued = accepted.length;
  } catch (error) {
    // Deduplication makes it harmless to take in again what was sent before the error.
    log('error', 'findings could not be enqueued', { error: String(error) });
    for (const message of messages) failed.add(message);
  }
  log('info', 'intake', { messages: messages.length, ...tally });
  return giveBack(failed, tally);
}

function giveBack(failed: ReadonlySet<Received>, tally: Tally) {
  const unqueued = [...failed].find(({ itemIdentifier }) => itemIdentifier === undefined);
  if (unqueued) throw new Error(`finding ${unqueued.messageId} could not be taken in: try again`);
  return {
    batchItemFailures: [...failed].map(({ itemIdentifier = '' }) => ({ itemIdentifier })),
    tally,
  };
}

function readings(desk: Desk, message: Received): Reading[] {
  const { catalogue, environment } = desk;
  let json: unknown;
  try {
    json = JSON.parse(message.text);
  } catch {
    return [{ unusable: 'the finding is not JSON' }];
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return [{ unusable: 'the finding is not a JSON object' }];
  }
  const found = json;
  const source = sources.find((candidate) => candidate.accepts(found));
  if (!source)
    return [
      { unusable: `no source speaks like this: known are ${sources.map(({ name }) => name).join(', ')}` },
    ];
  const { accountId, region } = environment;
  const { sentAt, messageId } = message;
  return source
    .read(found, {
      ...{ catalogue, accountId, region, sentAt, messageId },
      ...(desk.config.routes && { routes: desk.config.routes }),
      isEnabled: (bot) => settingsOf(desk.config, bot) !== undefined,
    })
    .map((reading) => ('remediation' in reading ? guarded(desk, reading.remediation) : reading));
}

function guarded({ config, environment }: Desk, remediation: Remediation): Reading {
  const parsed = remediationSchema.safeParse(remediation);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { unusable: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}` };
  }
  const unusable =
    refusal(config, environment.accountId, remediation.target) ??
    (settingsOf(config, remediation.bot)
      ? tooLarge(remediation)
      : `${remediation.bot} is not enabled: enable it in config.ts and deploy`);
  return unusable === undefined ? { remediation: parsed.data } : { unusable };
}

async function letter(
  { sqs, environment }: Desk,
  { text, messageId }: Received,
  reason: string,
): Promise<void> {
  const id = createHash('sha256').update(`${messageId}/${reason}`).digest('hex');
  await deadLetter(sqs, environment.deadLetterQueueUrl, {
    body: text === '' ? '-' : text,
    reason,
    source: 'findings',
    id,
    group: id,
  });
}
