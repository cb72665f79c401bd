import { createHash } from 'node:crypto';
import { type Message, SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Rules, route } from '../../../functions/coordinator/route';
import { type Remediation, groupOf } from '../../../shared/worker/message';
import { takeOff } from '../../../shared/worker/queue';
import { counted, emptyText, restText, targetBrief } from '../../describe';
import { EXIT } from '../../terminal/exit-codes';
import { callerOf, openQueue } from '../../installation';
import { type Peeked, borrowing, peek } from '../../peek';
import { type Printable, joined, printable, shortened, text } from '../../terminal/print';
import { type Result, type Session, confirm } from '../../session';
import { ago } from '../../since';
import { table } from '../../terminal/table';

/** A dead letter, with whether it could be used now. */
interface DeadLetter {
  readonly messageId: string;
  readonly sentAt: string;
  readonly source: string;
  readonly reason: string;
  readonly body: string;
  readonly usable: boolean;
  /** Why it cannot be used now either. */
  readonly stillWrong?: string;
  readonly remediation?: Remediation;
}

const COLUMNS = {
  age: 'whole',
  'given up by': 'name',
  reason: 'prose',
  message: 'prose',
  'usable now': 'prose',
} as const;

/** Time for sending and taking off; a redrive that is killed leaves its dead letters to come back after this. */
const REDRIVE_SECONDS = 120;

/** `selfheal queue --dead [--redrive]`. */
export async function deadLetters(
  session: Session,
  {
    redrive,
    yes,
    limit,
  }: { readonly redrive: boolean; readonly yes: boolean | undefined; readonly limit: number },
): Promise<Result> {
  const dead = await openQueue(session, 'deadLetterQueue');
  const caller = await callerOf(session);
  const config = await session.config();
  const { account: accountId, region } = caller;
  const rules: Rules = { config, accountId, region, catalogue: await session.catalogue() };
  const peeked = await session.during('reading the dead letters', peek(session, dead, limit));
  const deadLetters = peeked.messages.map((message) => deadLetterOf(message, rules));
  session.say(listText(session, deadLetters, peeked, { home: caller.region, limit }));
  const usable = deadLetters.filter((deadLetter) => deadLetter.usable);
  const document = {
    ...{ queue: dead.url, waiting: peeked.waiting, inFlight: peeked.inFlight, shown: deadLetters.length },
    messages: deadLetters.map(({ remediation: _, ...deadLetter }) => deadLetter),
  };
  if (!redrive) return { exit: EXIT.fine, document };
  if (usable.length === 0) {
    session.say(text`\nNone of them can be used as it is: nothing was put back.`);
    return { exit: EXIT.fine, document: { ...document, redriven: [] } };
  }
  await confirm(session, `\nPut ${counted(usable.length, 'letter')} back on the remediation queue?`, yes);
  const wanted = new Set(usable.map(({ messageId }) => messageId));
  const to = await openQueue(session, 'remediationQueue');
  const redriven = await session.during(
    'putting them back',
    borrowing(session, dead, { limit, seconds: REDRIVE_SECONDS }, async ({ messages }, keep) => {
      const done: string[] = [];
      for (const message of messages) {
        const { remediation, messageId } = deadLetterOf(message, rules);
        if (!remediation || !wanted.has(messageId)) continue;
        await to.sqs.send(
          new SendMessageCommand({
            QueueUrl: to.url,
            MessageBody: message.Body,
            MessageGroupId: groupOf(remediation),
            // New, or SQS would drop it as a repetition; the dead letter's own, so that trying again sends it once.
            MessageDeduplicationId: createHash('sha256').update(`redrive/${messageId}`).digest('hex'),
          }),
        );
        await takeOff(dead.sqs, dead.url, message.ReceiptHandle ?? '');
        keep(message);
        done.push(messageId);
      }
      return done;
    }),
  );
  session.say(text`\n${session.paint.green(text`put back`)} ${counted(redriven.length, 'letter')}.`);
  const missed = wanted.size - redriven.length;
  if (missed > 0)
    session.note(text`${counted(missed, 'letter')} could not be read again just now: run it once more.`);
  return { exit: missed > 0 ? EXIT.failed : EXIT.fine, document: { ...document, redriven } };
}

function deadLetterOf(
  { MessageId = '', Body = '', Attributes, MessageAttributes }: Message,
  rules: Rules,
): DeadLetter {
  const routed = route(Body, rules);
  const usable = 'remediation' in routed;
  return {
    messageId: MessageId,
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? Date.now())).toISOString(),
    source: MessageAttributes?.source?.StringValue ?? 'SQS',
    // SQS itself moves what was received too often, and gives no reason.
    reason: MessageAttributes?.reason?.StringValue ?? 'it was received too often without an answer',
    body: Body,
    usable,
    ...(usable ? { remediation: routed.remediation } : { stillWrong: routed.reason }),
  };
}

/** Who is asked for what: the bot, its parameters, the resource, and whose finding it says it is. */
function orderText({ bot, params, target, finding }: Remediation, home: string): Printable {
  const said = Object.keys(params).length > 0 ? ` ${JSON.stringify(params)}` : '';
  return text`${printable(bot)}${shortened(printable(said), 200)} on ${targetBrief(target, home)}, for ${printable(finding.source)}`;
}

function listText(
  { paint, io }: Session,
  deadLetters: readonly DeadLetter[],
  peeked: Peeked,
  { home, limit }: { readonly home: string; readonly limit: number },
): Printable {
  if (deadLetters.length === 0) return joined(emptyText(peeked, 'There are no dead letters.'), '\n');
  const rows = deadLetters.map((deadLetter) => [
    printable(ago(Date.parse(deadLetter.sentAt))),
    printable(deadLetter.source),
    { text: shortened(printable(deadLetter.reason), 300), paint: paint.red },
    deadLetter.remediation
      ? orderText(deadLetter.remediation, home)
      : { text: shortened(printable(deadLetter.body), 120), paint: paint.dim },
    deadLetter.usable
      ? { text: text`yes`, paint: paint.green }
      : text`no: ${printable(deadLetter.stillWrong ?? '')}`,
  ]);
  const foot = [
    text`${counted(deadLetters.length, 'dead letter')}. --redrive puts those back that can be used now.`,
    ...restText(peeked, deadLetters.length, limit),
  ];
  return text`${table(paint, io.columns, COLUMNS, rows)}\n\n${paint.dim(joined(foot, '\n'))}`;
}
