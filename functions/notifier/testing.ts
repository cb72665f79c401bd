import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SelfhealEvent } from '../../shared/worker/event';
import type { SlackMessage } from './blocks';
import type { Place } from './place';

/** How the stand-in of Slack answers one request; `hang` never does. */
export type Answer =
  'hang' | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };

/** A server on this machine that answers in turn, the last answer for all that follow. */
export interface FakeSlack {
  readonly url: string;
  readonly received: { readonly path: string; readonly payload: Partial<SlackMessage> }[];
  readonly close: () => Promise<void>;
}

/** What Slack says when all is well. */
export const OK: Answer = { status: 200, body: 'ok' };

/** Starts a {@link FakeSlack}. */
export async function fakeSlack(...answers: readonly Answer[]): Promise<FakeSlack> {
  const received: FakeSlack['received'] = [];
  const queue = [...answers];
  const server = await listen((request, body, response) => {
    received.push({ path: request.url ?? '', payload: JSON.parse(body) as Partial<SlackMessage> });
    const answer = (queue.length > 1 ? queue.shift() : queue[0]) ?? OK;
    if (answer === 'hang') return;
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  });
  return { ...server, received, url: `${server.url}/services/T0/B0/secret` };
}

/** A server of one's own on a free port of 127.0.0.1. */
export async function listen(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(request, Buffer.concat(chunks).toString(), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The installation that tests' messages are of. */
export const PLACE: Place = { account: '111122223333', region: 'eu-west-1', stage: 'prod' };

/** An event of ours, complete where the test says nothing else. */
export function anEvent(over: Partial<SelfhealEvent> = {}): SelfhealEvent {
  return {
    kind: 'selfheal',
    version: 1,
    time: '2026-03-01T10:00:00.000Z',
    outcome: 'fixed',
    bot: 'sg_close_ports',
    title: 'Close ports that are open to the world',
    severity: 'high',
    target: {
      account: '111122223333',
      region: 'eu-west-1',
      type: 'AWS::EC2::SecurityGroup',
      id: 'sg-0a1b2c3d',
    },
    finding: { source: 'config', id: 'finding-1', time: '2026-03-01T09:59:58.000Z' },
    violation: 'port 22 is open to 0.0.0.0/0',
    calls: [{ action: 'ec2:RevokeSecurityGroupIngress', input: { GroupId: 'sg-0a1b2c3d' } }],
    journalId: '01HXJOURNAL',
    attempt: 1,
    ...over,
  };
}

/** A record of the queue as SNS fills it: the message in an envelope. */
export function snsBody(message: unknown, topic = 'selfheal-events'): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: '6c5e8e8c-0000-4000-8000-000000000000',
    TopicArn: `arn:aws:sns:eu-west-1:111122223333:${topic}`,
    Subject: 'ALARM',
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: '2026-03-01T10:00:00.000Z',
  });
}

/** A change of compliance as AWS Config publishes it. */
export function aComplianceChange(over: object = {}) {
  const evaluationResultIdentifier = {
    evaluationResultQualifier: {
      configRuleName: 'DD_Config_SG_OpenPorts',
      resourceType: 'AWS::EC2::SecurityGroup',
      resourceId: 'sg-0a1b2c3d',
    },
    orderingTimestamp: '2026-03-01T10:00:00.000Z',
  };
  return {
    awsAccountId: '111122223333',
    configRuleName: 'DD_Config_SG_OpenPorts',
    configRuleARN: 'arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-abc',
    resourceType: 'AWS::EC2::SecurityGroup',
    resourceId: 'sg-0a1b2c3d',
    awsRegion: 'eu-west-1',
    newEvaluationResult: {
      evaluationResultIdentifier,
      complianceType: 'NON_COMPLIANT',
      resultRecordedTime: '2026-03-01T10:00:01.000Z',
      configRuleInvokedTime: '2026-03-01T10:00:00.500Z',
      annotation: null as string | null,
      resultToken: null,
    },
    oldEvaluationResult: null as object | null,
    notificationCreationTime: '2026-03-01T10:00:02.000Z',
    messageType: 'ComplianceChangeNotification',
    recordVersion: '1.0',
    ...over,
  };
}

/** An alarm as CloudWatch publishes it. */
export function anAlarm(over: object = {}) {
  return {
    AlarmName: 'DD_BP_Alarm_Root_Account_Usage',
    AlarmDescription: 'Somebody used the root account',
    AWSAccountId: '111122223333',
    NewStateValue: 'ALARM',
    NewStateReason: 'Threshold Crossed: 1 datapoint [1.0] was greater than or equal to the threshold (1.0).',
    StateChangeTime: '2026-03-01T10:00:00.000+0000',
    Region: 'EU (Ireland)',
    OldStateValue: 'OK',
    Trigger: { MetricName: 'Root_Account_Usage', Namespace: 'DD_BP_Metrics', Dimensions: [] },
    ...over,
  };
}

/** Every text of a message, with how Slack would read it. */
export function textsOf({ text, blocks }: SlackMessage): { type: string; text: string; limit: number }[] {
  return [
    { type: 'mrkdwn', text, limit: 4000 },
    ...blocks.flatMap((block) => {
      if (block.type === 'header') return [{ ...block.text, limit: 150 }];
      if (block.type === 'context') {
        return block.elements.map((element) =>
          'text' in element ? { type: element.type, text: element.text, limit: 3000 } : wrong(element),
        );
      }
      if (block.type === 'actions') {
        return block.elements.map((element) =>
          'text' in element ? { ...element.text, limit: 75 } : wrong(element),
        );
      }
      return [
        ...(block.text ? [{ ...block.text, limit: 3000 }] : []),
        ...(block.fields ?? []).map((field) => ({ ...field, limit: 2000 })),
      ];
    }),
  ];
}

/** What Slack would refuse in a message, in words. */
export function faultsOf(message: SlackMessage): string[] {
  const faults = textsOf(message).flatMap(({ text, limit }) => [
    ...(text.length === 0 ? ['an empty text'] : []),
    ...(text.length > limit ? [`${text.length} characters where ${limit} fit: ${text.slice(0, 60)}`] : []),
    ...(/\p{Surrogate}/u.test(text) ? [`half a character: ${text.slice(0, 60)}`] : []),
  ]);
  if (message.blocks.length > 50) faults.push(`${message.blocks.length} blocks`);
  for (const block of message.blocks) {
    if (block.type !== 'section' || !block.fields) continue;
    if (block.fields.length < 1 || block.fields.length > 10) faults.push(`${block.fields.length} fields`);
  }
  return faults;
}

/** Our own markup with all code taken out: the same for every value, or a value has changed the layout. */
export function layoutOf(message: SlackMessage): string[] {
  return textsOf(message)
    .filter(({ type }) => type === 'mrkdwn')
    .map(({ text }) =>
      text
        .replace(/<https:[^<>|]+\|/g, 'LINK|')
        .replace(/<!date[^<>|]+\|[^<>|]+>/g, 'CODE')
        .replace(/```[^`]*```/g, 'BLOCK')
        .replace(/`[^`\n]+`/g, 'CODE'),
    );
}

/** The message as text, without the links and times that are our own: nothing is left that Slack would read. */
export function withoutOwnMarkup(message: SlackMessage | readonly SlackMessage[]): string {
  return [message]
    .flat()
    .flatMap(textsOf)
    .map(({ text }) => text)
    .join('\n')
    .replace(/<https:\/\/[\w%/.:?=&;#-]+\|[\w ]+>|<!date\^\d+\^[\w{} ]+\|[\d: -]+ UTC>/g, '');
}

function wrong(value: unknown): never {
  throw new Error(`not a text: ${JSON.stringify(value)}`);
}
