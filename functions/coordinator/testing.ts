import type { LambdaClient } from '@aws-sdk/client-lambda';
import { type ReceiveMessageCommandInput, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Dispatch } from '../../shared/worker/message';
import { enabling, entry } from '../../testing/entry';
import type { World } from '../../testing/world';
import type { Coordinator } from './coordinate';
import { waitingRoom } from './waiting-room';

/** What a test puts between the coordinator and SQS. */
interface Between {
  /** Called before a receive goes out, with the seconds it asked to wait. */
  readonly onReceive?: (waitSeconds: number, turn: number) => void | Promise<void>;
  /** Called before any other command goes out; may throw in SQS's place. */
  readonly onCommand?: (name: string, input: Record<string, unknown>) => void;
}

/** A coordinator on the world's queues, whose long polls return at once, with two bots: `rotate` and `rename`. */
export function coordinatorOf(world: World, lambda: LambdaClient, between: Between = {}): Coordinator {
  return {
    rules: {
      config: enabling('rotate', 'rename'),
      accountId: world.account.account,
      region: world.account.region,
      catalogue: [entry('rotate', { aliases: ['turn'] }), entry('rename')],
    },
    environment: world.environment,
    sqs: hurried(world.sqs, between),
    lambda,
    standing: () => Promise.resolve(undefined),
    membership: () => Promise.resolve(undefined),
    units: () => Promise.resolve(undefined),
    journal: world.journal,
    waiting: waitingRoom(world.sqs, world.environment, world.waitingQueueUrl),
    waitingQueueUrl: world.waitingQueueUrl,
    gate: () => Promise.resolve(undefined),
    brake: { room: () => Promise.resolve(10), took: () => undefined },
    tell: world.tell,
  };
}

/** A Lambda that takes every event, or answers with the error that `refuses` names. */
export function fakeLambda(onEvent: (bot: string, dispatch: Dispatch) => void, prefix: string): LambdaClient {
  const send = ({ input }: { input: { FunctionName: string; InvocationType: string; Payload: Buffer } }) => {
    if (input.InvocationType !== 'Event') throw new Error('a bot is invoked asynchronously');
    onEvent(input.FunctionName.slice(prefix.length), JSON.parse(input.Payload.toString()) as Dispatch);
    return Promise.resolve({ StatusCode: 202 });
  };
  return {
    send: (command: never) =>
      new Promise((resolve) => {
        resolve(send(command));
      }),
  } as never;
}

let texts = 0;

/** Puts a text on the remediation queue, as somebody might by hand. */
export async function sendText({ sqs, environment }: World, text: string, group = 'by-hand'): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: environment.queueUrl,
      MessageBody: text,
      MessageGroupId: group,
      MessageDeduplicationId: `text-${++texts}`,
    }),
  );
}

function hurried(sqs: SQSClient, { onReceive, onCommand }: Between): SQSClient {
  let turn = 0;
  const send = async (command: { input: object; constructor: { name: string } }) => {
    const { name } = command.constructor;
    if (name === 'ReceiveMessageCommand') {
      const input = command.input as ReceiveMessageCommandInput;
      await onReceive?.(input.WaitTimeSeconds ?? 0, ++turn);
      input.WaitTimeSeconds = 0;
    } else onCommand?.(name, command.input as Record<string, unknown>);
    return sqs.send(command as never);
  };
  return { send } as never;
}
