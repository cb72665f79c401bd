import { randomInt } from 'node:crypto';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { actionOf } from '../shared/aws/iam-names';
import type { Client } from '../shared/bot/bot';

const REGION = 'eu-west-1';

/** What stands in for an operation that moto lacks: gets the command's input, answers with its output or throws. */
export type Answer = (input: Readonly<Record<string, unknown>>) => object;

/** An account of local AWS that one test has for itself. */
export interface Account {
  readonly account: string;
  readonly region: string;
  /** A client of that account, for making what a situation needs. */
  readonly client: <T extends Client>(Class: new (config: never) => T, region?: string) => T;
  /** A client with a session that may do only what the policy says, as local AWS enforces it. */
  readonly confined: (policy: string) => Promise<Account['client']>;
  /** From now on, clients of this account answer these commands themselves: `{ EnableImageBlockPublicAccess: … }`. */
  readonly script: (answers: Readonly<Record<string, Answer>>) => void;
}

/** An account of its own on local AWS. */
export async function newAccount(): Promise<Account> {
  const account = String(randomInt(100_000_000_000, 999_999_999_999));
  const sts = new STSClient({ region: REGION });
  const open = async (Policy?: string) => {
    const { Credentials: keys } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${account}:role/test`,
        RoleSessionName: 'test',
        ...(Policy !== undefined && { Policy }),
      }),
    );
    return {
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      sessionToken: keys?.SessionToken ?? '',
    };
  };
  const credentials = await open();
  // Clients of Kinesis speak HTTP/2, which local AWS does not.
  const { requestHandler } = sts.config;
  const answers = new Map<string, Answer>();
  return {
    account,
    region: REGION,
    client: (Class, region = REGION) =>
      scripted(new Class({ region, credentials, requestHandler } as never), answers),
    confined: async (policy) => {
      const narrow = await open(policy);
      const { Statement } = JSON.parse(policy) as { Statement: { Action: string[] }[] };
      const actions = Statement.flatMap(({ Action }) => Action);
      const allows = (command: string) =>
        actions.some((action) => action === actionOf(action.split(':')[0] ?? '', command));
      return (Class, region = REGION) =>
        scripted(new Class({ region, credentials: narrow, requestHandler } as never), answers, allows);
    },
    script: (more) => {
      for (const [command, answer] of Object.entries(more)) answers.set(`${command}Command`, answer);
    },
  };
}

type Handler = (args: { readonly input: Record<string, unknown> }) => Promise<object>;

interface Stack {
  add(middleware: (next: Handler, context: { commandName?: string }) => Handler, options: object): void;
}

function scripted<T extends Client>(
  client: T,
  answers: ReadonlyMap<string, Answer>,
  allows: (command: string) => boolean = () => true,
): T {
  (client.middlewareStack as unknown as Stack).add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = answers.get(commandName);
        if (!answer) return next(args);
        if (!allows(commandName)) {
          throw Object.assign(new Error(`not authorized: ${commandName}`), {
            name: 'AccessDenied',
            $metadata: {},
          });
        }
        return { response: {}, output: { $metadata: {}, ...answer(args.input) } };
      },
    { step: 'deserialize', name: 'script', priority: 'high' },
  );
  return client;
}
