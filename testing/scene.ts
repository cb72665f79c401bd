import { CreateKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import { type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import type { MemberAccounts } from '../shared/accounts';
import { CLIENT_DEFAULTS, clientMaker } from '../shared/aws/clients';
import { sessions } from '../shared/aws/sessions';
import type { AnyBot } from '../shared/bot/bot';
import { work } from '../shared/worker/serve';
import type { BotId, Config } from '../shared/config';
import type { Aside } from '../shared/worker/journal';
import { remediationSchema } from '../shared/worker/message';
import type { Target } from '../shared/resources/target';
import { type Account, newAccount } from './account';
import { type World, asidesOf, dispatchOf, newWorld, redelivered } from './world';

/** A command on its way out; `turn` counts the commands of one run from 1. */
interface Attempt {
  readonly command: string;
  readonly turn: number;
  /** The access key that it is signed with. */
  readonly key: string;
  readonly input: object;
}

/** The error that AWS answers an attempt with, or `undefined`: AWS answers itself. */
export type Fault = (attempt: Attempt) => { readonly name: string; readonly message: string } | undefined;

/** An installation, a member account, and an order to a bot for something in the member. */
export interface Scene {
  readonly world: World;
  readonly member: Account;
  readonly target: Target;
  /** How STS and the member's services refuse; tests set them. */
  readonly faults: { sts?: Fault; service?: Fault };
  /** What STS was asked, each attempt. */
  readonly asked: AssumeRoleCommandInput[];
  /** The commands that the member's services carried out. */
  readonly carriedOut: string[];
  /** Has the bot answer the message, which is then delivered for the first time or again. */
  readonly deliver: () => Promise<string[]>;
  /** What the bot has noted about the message that it handed back. */
  readonly aside: () => Promise<Aside | undefined>;
}

/** What differs from a KMS key that does not rotate, in the member's `eu-west-1`. */
interface Setting {
  readonly bot: AnyBot;
  /** The installation's region. */
  readonly home?: string;
  readonly given?: (member: Account) => Promise<string>;
  readonly target?: Partial<Target>;
}

/** Sets the scene. STS and services are local AWS's, but for the faults. */
export async function newScene({ bot, home = 'eu-west-1', given, target: changes }: Setting): Promise<Scene> {
  const [world, member] = [await newWorld(), await newAccount()];
  const id = await (given ?? newKey(home))(member);
  const target: Target = { account: member.account, region: home, type: bot.resource, id, ...changes };
  const faults: Scene['faults'] = {};
  const asked: AssumeRoleCommandInput[] = [];
  const carriedOut: string[] = [];

  const environment = { ...world.environment, region: home };
  const accounts: MemberAccounts = { mode: 'multi', externalId: 'selfheal-1', accounts: [member.account] };
  const sts = new STSClient({ ...CLIENT_DEFAULTS, region: home });
  intercept(sts, (attempt) => {
    asked.push(attempt.input as AssumeRoleCommandInput);
    return faults.sts?.(attempt);
  });
  const { credentialsFor, forget } = sessions({
    accounts,
    home: environment.accountId,
    stage: 'prod',
    sts,
    use: 'apply',
  });
  const maker = clientMaker({}, { credentialsFor });
  const clients: typeof maker = (...forRun) => {
    const made = maker(...forRun);
    let turn = 0;
    for (const client of Object.values(made) as KMSClient[]) {
      intercept(client, (attempt) => faults.service?.({ ...attempt, turn }), {
        before: () => (turn += 1),
        after: (command) => carriedOut.push(command),
      });
    }
    return made;
  };
  const config: Config = {
    enable_auto_response: true,
    accounts,
    bots: { [bot.id as BotId]: { enabled: true, mode: 'auto' } },
  };
  const finding = { source: 'test', id: 'finding-1', time: '2026-11-21T10:00:00Z' };
  const order = remediationSchema.parse({ version: 1, bot: bot.id, target, finding });
  let dispatch = await dispatchOf(world, order);
  let deliveries = 0;
  const deliver = async () => {
    if (deliveries++ > 0) dispatch = await redelivered(world, dispatch);
    const worker = { ...world, environment, config, clients, forget };
    return [...(await work(bot, worker, dispatch, () => 300_000)).outcomes];
  };
  const aside = async () => (await asidesOf(world, dispatch))[0];
  return { world, member, target, faults, asked, carriedOut, deliver, aside };
}

/** Whether the scene's key rotates. */
export async function rotates({ member, target }: Scene): Promise<boolean | undefined> {
  const kms = member.client(KMSClient, target.region);
  return (await kms.send(new GetKeyRotationStatusCommand({ KeyId: target.id }))).KeyRotationEnabled;
}

function newKey(region: string) {
  return async (member: Account): Promise<string> => {
    const { KeyMetadata } = await member.client(KMSClient, region).send(new CreateKeyCommand({}));
    return KeyMetadata?.KeyId ?? '';
  };
}

interface Around {
  readonly before?: () => void;
  readonly after?: (command: string) => void;
}

/** Stands where AWS's answers come in: inside the SDK's own retries. */
function intercept(client: KMSClient | STSClient, fault: Fault, { before, after }: Around = {}): void {
  const stack = (client as KMSClient).middlewareStack;
  stack.add(
    (next) => (args) => {
      before?.();
      return next(args);
    },
    { step: 'initialize' },
  );
  stack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const command = commandName.replace(/Command$/, '');
        const { accessKeyId: key } = await client.config.credentials();
        const error = fault({ command, turn: 0, key, input: args.input });
        if (error) throw Object.assign(new Error(error.message), { name: error.name, $metadata: {} });
        const reply = await next(args);
        after?.(command);
        return reply;
      },
    { step: 'finalizeRequest', priority: 'low' },
  );
}
