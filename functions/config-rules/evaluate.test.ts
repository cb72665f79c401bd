import { ConfigServiceClient, type PutEvaluationsCommandInput } from '@aws-sdk/client-config-service';
import { CreateKeyCommand, EnableKeyRotationCommand, KMSClient } from '@aws-sdk/client-kms';
import type { AnyBot } from '../../shared/bot/bot';
import type { Config } from '../../shared/config';
import { entry } from '../../testing/entry';
import { type World, newWorld, receive } from '../../testing/world';
import { bot as rotation } from '../remediators/kms/kms_enable_rotation';
import { type Answer, answerRule } from './daily';
import type { When } from './evaluate';
import type { Lookout } from './lookout';
import type { RuleEvent } from './notification';
import { changed, invoked } from './testing';

const SEEN = '2026-11-21T10:00:00.123Z';
const TOKEN = 'selfheal-kms_enable_rotation#token';
const enabled: Config = { enable_auto_response: false, bots: { kms_enable_rotation: { enabled: true } } };

/** What the rule answers about one resource or the account. */
async function evaluate(lookout: Lookout, event: RuleEvent, when: When = 'now') {
  const answer: Answer = await answerRule(lookout, event, when);
  return 'compliance' in answer ? answer.compliance : answer;
}

let world: World;
/** What was done, in its order: `put`, `enqueue`. */
let done: string[];
let puts: PutEvaluationsCommandInput[];

beforeAll(async () => {
  world = await newWorld();
});

beforeEach(() => {
  done = [];
  puts = [];
});

function evaluatorOf(changes: Partial<Lookout> = {}, reply: () => object = () => ({})): Lookout {
  return {
    config: enabled,
    environment: world.environment,
    awsConfig: sending((input) => {
      done.push('put');
      puts.push(input as PutEvaluationsCommandInput);
      return Promise.resolve(reply());
    }),
    sqs: sending((_input, command) => {
      done.push('enqueue');
      return world.sqs.send(command);
    }),
    clients: world.clients,
    load: () => Promise.resolve(rotation),
    catalogue: [entry('kms_enable_rotation')],
    looksQueueUrl: 'unused',
    ...changes,
  };
}

function sending(answer: (input: unknown, command: never) => Promise<unknown>): never {
  return { send: (command: { input: unknown }) => answer(command.input, command as never) } as never;
}

async function newKey(rotates = false): Promise<string> {
  const kms = world.account.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? '';
  if (rotates) await kms.send(new EnableKeyRotationCommand({ KeyId }));
  return KeyId;
}

function about(id: string, changes: object = {}, token?: string) {
  return changed(
    { resourceId: id, awsAccountId: world.account.account, ...changes },
    token === undefined ? {} : { resultToken: token },
  );
}

function judging(changes: Partial<AnyBot>): Partial<Lookout> {
  return { load: () => Promise.resolve({ ...(rotation as AnyBot), ...changes } as AnyBot) };
}

const said = (ComplianceType: string, id: string, Annotation?: string) => [
  {
    Evaluations: [
      {
        ComplianceResourceType: 'AWS::KMS::Key',
        ComplianceResourceId: id,
        ComplianceType,
        OrderingTimestamp: new Date(SEEN),
        ...(Annotation !== undefined && { Annotation }),
      },
    ],
    ResultToken: TOKEN,
  },
];

describe('live state decides', () => {
  test('at fault: NON_COMPLIANT with the sentence, then the repair is asked for, with its exact calls', async () => {
    const key = await newKey();
    expect(await evaluate(evaluatorOf(), about(key))).toBe('NON_COMPLIANT');
    const violation = 'the key does not rotate: turn on automatic rotation';
    expect(puts).toEqual(said('NON_COMPLIANT', key, violation));
    expect(done).toEqual(['put', 'enqueue']);
    const [{ body } = {}, ...others] = await receive(world);
    expect(others).toEqual([]);
    expect(body).toEqual({
      version: 1,
      bot: 'kms_enable_rotation',
      target: { account: world.account.account, region: 'eu-west-1', type: 'AWS::KMS::Key', id: key },
      params: {},
      finding: { source: 'config', id: `kms_enable_rotation/${key}`, time: SEEN, title: violation },
      preview: {
        violation,
        calls: [{ action: 'kms:EnableKeyRotation', input: { KeyId: key, RotationPeriodInDays: 365 } }],
        changes: [
          { sign: '-', text: 'automatic rotation: false' },
          { sign: '+', text: 'automatic rotation: true' },
          { sign: '+', text: 'rotation period in days: 365' },
        ],
      },
    });
  });

  test('as wanted: COMPLIANT, whatever AWS Config thinks it saw', async () => {
    const key = await newKey(true);
    const event = about(key, { configuration: { keyId: key, rotates: false } });
    expect(await evaluate(evaluatorOf(), event)).toBe('COMPLIANT');
    expect(puts).toEqual(said('COMPLIANT', key));
    expect(done).toEqual(['put']);
  });

  test('gone meanwhile: NOT_APPLICABLE', async () => {
    const key = '00000000-0000-0000-0000-000000000000';
    expect(await evaluate(evaluatorOf(), about(key))).toBe('NOT_APPLICABLE');
    expect(puts).toEqual(said('NOT_APPLICABLE', key));
    expect(done).toEqual(['put']);
  });

  test('deleted: NOT_APPLICABLE without a look, also for a bot that is not enabled any more', async () => {
    const load = jest.fn();
    const evaluator = evaluatorOf({ load, config: { ...enabled, bots: {} } });
    const event = about('key-1', { configurationItemStatus: 'ResourceDeleted' });
    expect(await evaluate(evaluator, event)).toBe('NOT_APPLICABLE');
    expect(puts).toEqual(said('NOT_APPLICABLE', 'key-1'));
    expect(load).not.toHaveBeenCalled();
  });

  test('the parameters of config.ts are what it is judged and planned by', async () => {
    const key = await newKey();
    const config: Config = {
      ...enabled,
      bots: { kms_enable_rotation: { enabled: true, params: { periodDays: 90 } } },
    };
    await evaluate(evaluatorOf({ config }), about(key));
    const [{ body } = {}] = await receive(world);
    expect(body).toMatchObject({ params: {}, preview: { calls: [{ input: { RotationPeriodInDays: 90 } }] } });
  });

  test('AWS stores the evaluation', async () => {
    const key = await newKey();
    const awsConfig = world.account.client(ConfigServiceClient);
    await evaluate(evaluatorOf({ awsConfig }), about(key));
    const reply = await fetch(`${process.env.AWS_ENDPOINT_URL ?? ''}/selfheal/evaluations`);
    const all = (await reply.json()) as { AccountId: string; ComplianceResourceId: string }[];
    expect(all.filter(({ ComplianceResourceId }) => ComplianceResourceId === key)).toMatchObject([
      { AccountId: world.account.account, ComplianceType: 'NON_COMPLIANT' },
    ]);
    await receive(world);
  });
});

describe('what is at fault and not simply repaired', () => {
  test('exempt: NON_COMPLIANT with the reason, and nothing is asked for', async () => {
    const key = await newKey();
    const config: Config = {
      ...enabled,
      exemptions: [{ resource: key, owner: 'web team', reason: 'ticket 7' }],
    };
    expect(await evaluate(evaluatorOf({ config }), about(key))).toBe('NON_COMPLIANT');
    const annotation = 'exempt (ticket 7): the key does not rotate: turn on automatic rotation';
    expect(puts).toEqual(said('NON_COMPLIANT', key, annotation));
    expect(done).toEqual(['put']);
  });

  test('where bots may not act: NOT_APPLICABLE with the reason, without a look', async () => {
    const key = await newKey();
    const evaluator = evaluatorOf({ config: { ...enabled, regions: ['us-east-1'] } });
    expect(await evaluate(evaluator, about(key))).toBe('NOT_APPLICABLE');
    const reason = 'region eu-west-1 is not one that bots may act in: name it under regions in config.ts';
    expect(puts).toEqual(said('NOT_APPLICABLE', key, reason));
    expect(done).toEqual(['put']);
  });

  test('a plan that is held: asked for all the same, for the bot to say why', async () => {
    const key = await newKey();
    const held = judging({ plan: () => ({ held: 'it is in use' }) });
    expect(await evaluate(evaluatorOf(held), about(key))).toBe('NON_COMPLIANT');
    const [{ body } = {}] = await receive(world);
    expect(body).toMatchObject({ bot: 'kms_enable_rotation', preview: { calls: [] } });
  });

  test('a plan larger than a message goes without preview', async () => {
    const key = await newKey();
    const input = { text: 'x'.repeat(250 * 1024) };
    class HugeCommand {
      readonly input = input;
    }
    await evaluate(evaluatorOf(judging({ plan: () => [{ kms: new HugeCommand() as never }] })), about(key));
    const [{ body } = {}] = await receive(world);
    expect(body).toMatchObject({ target: { id: key }, params: {} });
    expect(body).not.toHaveProperty('preview');
  });

  test('a test of the rule: AWS is told that it is one, and nothing is asked for', async () => {
    const key = await newKey();
    expect(await evaluate(evaluatorOf(), about(key, {}, 'TESTMODE'))).toBe('NON_COMPLIANT');
    expect(puts).toMatchObject([{ ResultToken: 'TESTMODE', TestMode: true }]);
    expect(done).toEqual(['put']);
  });
});

test.each([
  ['as long as it may be', 'x'.repeat(256), 'x'.repeat(256)],
  ['longer', 'x'.repeat(257), `${'x'.repeat(255)}…`],
  ['longer, with a pair of code units at the cut', `${'x'.repeat(254)}😀😀`, `${'x'.repeat(254)}…`],
])('an annotation %s', async (_name, violation, annotation) => {
  const key = await newKey();
  await evaluate(evaluatorOf(judging({ check: () => violation })), about(key));
  expect(puts[0]?.Evaluations?.[0]?.Annotation).toBe(annotation);
  expect(annotation.length).toBeLessThanOrEqual(256);
  const [{ body } = {}] = await receive(world);
  expect(body).toMatchObject({ preview: { violation } });
});

describe('what fails', () => {
  test('AWS Config does not answer: nothing is asked for', async () => {
    const failing = evaluatorOf({}, () => {
      throw new Error('ThrottlingException');
    });
    await expect(evaluate(failing, about(await newKey()))).rejects.toThrow('ThrottlingException');
    expect(done).toEqual(['put']);
  });

  test('AWS Config refuses the evaluation: nothing is asked for', async () => {
    const refusing = evaluatorOf({}, () => ({ FailedEvaluations: [{}] }));
    await expect(evaluate(refusing, about(await newKey()))).rejects.toThrow(
      'AWS Config refused the evaluation of selfheal-kms_enable_rotation',
    );
    expect(done).toEqual(['put']);
  });

  test('SQS does not answer: the evaluation stands, and AWS invokes again', async () => {
    const sqs = sending(() => Promise.reject(new Error('SQS is not there')));
    await expect(evaluate(evaluatorOf({ sqs }), about(await newKey()))).rejects.toThrow('SQS is not there');
    expect(puts).toHaveLength(1);
  });

  test('reading is denied: no evaluation is better than a wrong one', async () => {
    const key = await newKey();
    const inspect = () => Promise.reject(Object.assign(new Error('not allowed'), { name: 'AccessDenied' }));
    await expect(evaluate(evaluatorOf(judging({ inspect })), about(key))).rejects.toThrow(
      `kms_enable_rotation could not read AWS::KMS::Key ${key}: AccessDenied: not allowed`,
    );
    expect(done).toEqual([]);
  });

  test.each<[string, Partial<Lookout>, string]>([
    [
      'not enabled',
      { config: { ...enabled, bots: { kms_enable_rotation: { enabled: false } } } },
      'kms_enable_rotation is not enabled: enable it in config.ts and deploy',
    ],
    [
      'not there',
      { load: () => Promise.resolve(undefined) },
      'there is no bot kms_enable_rotation: deploy again',
    ],
  ])('a bot that is %s', async (_name, changes, reason) => {
    await expect(evaluate(evaluatorOf(changes), about('key-1'))).rejects.toThrow(reason);
    expect(done).toEqual([]);
  });

  test('an event of nobody', async () => {
    await expect(evaluate(evaluatorOf(), invoked('{}'))).rejects.toThrow(/not a notification of AWS Config/);
    expect(done).toEqual([]);
  });
});
