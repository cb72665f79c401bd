import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { bot } from '../functions/remediators/kms/kms_enable_rotation';
import { LocalError } from '../local/aws';
import config from '../local/demo/config';
import type { Installation } from '../local/installation';
import { CLIENT_DEFAULTS, SQS_DEFAULTS, clientMaker } from '../shared/aws/clients';
import { work } from '../shared/worker/serve';
import { journal, journalId } from '../shared/worker/journal';
import { type Delivery, type Remediation, VISIBILITY_SECONDS } from '../shared/worker/message';
import { publish } from '../shared/worker/publish';
import { enqueue } from '../shared/worker/queue';
import { quietly, settings } from './aws';
import { cpuOf } from './deployed';

/** As many environments of one function as the local Lambda host has. */
const WORKERS = 4;

/** What local AWS can take when nothing stands before it. */
export interface Ceiling {
  /** Calls that one repair costs, beside its share of the receives. */
  readonly calls: number;
  /** Sends what the repairs of these keys cost. */
  measure(keys: readonly string[]): Promise<Measured>;
}

/** What one measurement found. */
export interface Measured {
  /** Repairs. */
  readonly perSecond: number;
  /** CPU time of local AWS for one, in milliseconds; `undefined` where the machine does not tell. */
  readonly cpuEach: number | undefined;
}

interface Place {
  readonly installation: Installation;
  /** Of a session of a role: local AWS judges what it may, as it does for functions, and not for other keys. */
  readonly credentials: Credentials;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly topicArn: string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface Sent extends Omit<Request, 'body'> {
  readonly body: string | Uint8Array;
}

/**
 * Records the requests of one repair by running it, and sends them again for other keys, without a client's work
 * on them: on a queue and a topic of its own, for the deployed ones have listeners.
 *
 * @param key One that does not rotate, for the recording.
 */
export async function makeCeiling(installation: Installation, key: string): Promise<Ceiling> {
  const place = await makePlace(installation);
  await fill(place, [key]);
  const [message] = await receive(place);
  if (!message) throw new LocalError('the message to record a repair with did not come');
  const requests = await record(place, deliveryOf(message));
  const names = namesOf(deliveryOf(message));
  return {
    calls: requests.length,
    measure: async (keys) => {
      await fill(place, keys);
      const cpu = cpuOf(installation);
      const started = performance.now();
      const replay = async () => {
        for (let messages = await receive(place); messages.length > 0; messages = await receive(place)) {
          for (const next of messages.map(deliveryOf)) {
            for (const request of requests) await send(installation.endpoint, request, names, namesOf(next));
          }
        }
      };
      await Promise.all(Array.from({ length: WORKERS }, replay));
      const perSecond = (keys.length / (performance.now() - started)) * 1000;
      const cpuAfter = cpuOf(installation);
      const cpuEach =
        cpu === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpu) / keys.length;
      return { perSecond, cpuEach };
    },
  };
}

async function makePlace(installation: Installation): Promise<Place> {
  const { endpoint, region, accountId } = installation;
  const credentials = await sessionOf(endpoint, accountId);
  const sqs = new SQSClient({ ...SQS_DEFAULTS, ...settings(endpoint) });
  const sns = new SNSClient(settings(endpoint));
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'bench.fifo', Attributes: { FifoQueue: 'true' } }),
  );
  await sqs.send(new CreateQueueCommand({ QueueName: 'bench-events' }));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'bench' }));
  const Endpoint = `arn:aws:sqs:${region}:${accountId}:bench-events`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  return { installation, credentials, sqs, queueUrl: QueueUrl, topicArn: TopicArn };
}

async function sessionOf(endpoint: string, accountId: string): Promise<Credentials> {
  const iam = new IAMClient(settings(endpoint));
  const RoleName = 'bench';
  const AssumeRolePolicyDocument = JSON.stringify(
    allowing({ Action: 'sts:AssumeRole', Principal: { AWS: accountId } }),
  );
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = JSON.stringify(allowing({ Action: '*', Resource: '*' }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
  const { Credentials: keys } = await new STSClient(settings(endpoint)).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${RoleName}`,
      RoleSessionName: 'bench',
    }),
  );
  return {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
}

function allowing(statement: object): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] };
}

async function fill({ installation, sqs, queueUrl }: Place, keys: readonly string[]): Promise<void> {
  const { accountId: account, region } = installation;
  const remediations = keys.map((id): Remediation => ({
    version: 1,
    bot: bot.id,
    target: { account, region, type: bot.resource, id },
    params: {},
    finding: { source: 'generic', id: `ceiling-${id}`, time: new Date().toISOString() },
  }));
  await enqueue(sqs, queueUrl, remediations);
}

async function receive({ sqs, queueUrl }: Place): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId', 'SentTimestamp'],
    }),
  );
  return Messages;
}

function deliveryOf({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }: Message): Delivery {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    sentAt: Number(Attributes?.SentTimestamp),
    body: JSON.parse(Body) as Remediation,
    // As the coordinator says it of what was not given out before.
    isFirst: Attributes?.ApproximateReceiveCount === '1',
  };
}

/** Runs the repair as a bot's function does, and answers with the requests that it made. */
async function record(place: Place, delivery: Delivery): Promise<Request[]> {
  const { installation, credentials, queueUrl, topicArn } = place;
  const { accountId, region, endpoint, journalTable } = installation;
  const requests: Request[] = [];
  const options = { ...settings(endpoint), credentials, requestHandler: recorder(place, requests) };
  const sns = new SNSClient({ ...CLIENT_DEFAULTS, ...options });
  const worker = {
    config,
    environment: {
      accountId,
      region,
      queueUrl,
      deadLetterQueueUrl: queueUrl,
      eventsTopicArn: topicArn,
      journalTable,
      functionPrefix: '',
      stage: 'prod',
    },
    sqs: new SQSClient({ ...SQS_DEFAULTS, ...options }),
    journal: journal(journalTable, new DynamoDBClient({ ...CLIENT_DEFAULTS, ...options })),
    clients: clientMaker(options),
    tell: (event: Parameters<typeof publish>[2]) => publish(sns, topicArn, event),
  };
  const dispatch = { deliveries: [delivery], visibleAgainAt: Date.now() + VISIBILITY_SECONDS * 1000 };
  const { outcomes } = await quietly(() => work(bot, worker, dispatch, () => VISIBILITY_SECONDS * 1000));
  if (outcomes.join() !== 'fixed') throw new LocalError(`the repair to record ended ${outcomes.join()}`);
  return requests;
}

/** Passes requests on, and notes them. */
function recorder({ sqs }: Place, requests: Request[]) {
  const { requestHandler } = sqs.config;
  const handle: typeof requestHandler.handle = (request, options) => {
    const { method, path, headers, body } = request as Sent;
    requests.push({ method, path, headers: { ...headers }, body: textOf(body) });
    return requestHandler.handle(request, options);
  };
  return { handle };
}

function textOf(body: string | Uint8Array): string {
  if (typeof body === 'string') return body;
  // The SDK's bytes say that they are a string too, and warn whoever believes it.
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

/** Everything in which the requests of one message differ from those of another. */
function namesOf({ messageId, receiptHandle, sentAt, body }: Delivery): string[] {
  return [receiptHandle, messageId, journalId(body.bot, sentAt, messageId), body.target.id];
}

async function send(endpoint: string, request: Request, from: readonly string[], to: readonly string[]) {
  const body = from.reduce((text, name, index) => text.replaceAll(name, to[index] ?? ''), request.body);
  const { host: _host, 'content-length': _length, ...headers } = request.headers;
  const answer = await fetch(`${endpoint}${request.path}`, { method: request.method, headers, body });
  const said = await answer.text();
  if (!answer.ok) throw new LocalError(`local AWS refused a recorded call: ${said.slice(0, 500)}`);
}
