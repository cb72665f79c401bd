import fc from 'fast-check';
import { FINDING_SOURCES, type FindingsTopic } from '../../shared/config';
import type { Remediation } from '../../shared/worker/message';
import { costOf } from '../../testing/cost';
import { enabling, entry } from '../../testing/entry';
import { type World, deadLetters, newWorld, receive } from '../../testing/world';
import { type IntakeContext, takeIn } from './intake';
import { LIMITS } from './limits';
import { readFinding } from './read';
import { splitWords } from './words';

const ACCOUNT = '111122223333';
const TOPIC = `arn:aws:sns:eu-west-1:${ACCOUNT}:findings`;
const AWS_TOPIC = `${TOPIC}-aws`;
const SCANNER = `${TOPIC}-scanner`;
const catalogue = [
  entry('rotate', { severity: 'high' }),
  entry('rename'),
  entry('on_group', { resource: 'AWS::EC2::SecurityGroup', controls: { securityHub: ['EC2.19'] } }),
];
const bots = ['rotate', 'rename', 'on_group'];

interface Sqs {
  readonly enqueued: Remediation[];
  readonly deadLetters: { readonly body: string; readonly reason: string }[];
  /** Refuses a batch that holds this text. */
  refuses?: string;
}

/** The intake with an SQS that takes everything and keeps it. */
function contextOf(topics: readonly FindingsTopic[] = [{ arn: TOPIC }]): {
  context: IntakeContext;
  sqs: Sqs;
} {
  const sqs: Sqs = { enqueued: [], deadLetters: [] };
  interface Input {
    readonly Entries?: { readonly MessageBody: string }[];
    readonly MessageBody: string;
    readonly MessageAttributes: { readonly reason: { readonly StringValue: string } };
  }
  const send = ({ input }: { input: Input }) => {
    const bodies = (input.Entries ?? []).map(({ MessageBody }) => MessageBody);
    const { refuses } = sqs;
    if (refuses !== undefined && bodies.some((body) => body.includes(refuses))) {
      return Promise.reject(new Error('InvalidMessageContents'));
    }
    if (input.Entries) sqs.enqueued.push(...bodies.map((body) => JSON.parse(body) as Remediation));
    else
      sqs.deadLetters.push({ body: input.MessageBody, reason: input.MessageAttributes.reason.StringValue });
    return Promise.resolve({});
  };
  const environment = {
    ...{ accountId: ACCOUNT, region: 'eu-west-1', queueUrl: 'queue', deadLetterQueueUrl: 'dead' },
    ...{ eventsTopicArn: 'topic', journalTable: 'journal', functionPrefix: 'selfheal-', stage: 'prod' },
  };
  const config = enabling(...bots);
  const context = { config, catalogue, environment, topics, sqs: { send } as never, looksQueueUrl: 'looks' };
  return { context, sqs };
}

let sent = 0;

/** A record of the findings queue: in the envelope of this topic, or by itself as EventBridge puts it there. */
function record(message: object | string, topic: string | undefined = TOPIC) {
  const Message = typeof message === 'string' ? message : JSON.stringify(message);
  const id = ++sent;
  const body = { Type: 'Notification', MessageId: `sns-${id}`, TopicArn: topic, Message };
  return { messageId: `sqs-${id}`, body: topic === 'none' ? Message : JSON.stringify(body) };
}

function records(...given: ReturnType<typeof record>[]) {
  return { Records: given };
}

const good = (id = 'key-1', extra: object = {}) => ({ bot: 'rotate', target: { id }, ...extra });

function asff(changes: object = {}, Resources: object[] = [group(0)]) {
  const Compliance = { Status: 'FAILED', SecurityControlId: 'EC2.19' };
  const base = { Id: 'finding-1', ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub' };
  return { ...base, AwsAccountId: ACCOUNT, Region: 'eu-west-1', Compliance, Resources, ...changes };
}

function group(index: number) {
  return { Type: 'AwsEc2SecurityGroup', Id: `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-${index}` };
}

function hub(...findings: object[]) {
  const names = { source: 'aws.securityhub', 'detail-type': 'Security Hub Findings - Imported' };
  return { ...names, account: ACCOUNT, region: 'eu-west-1', detail: { findings } };
}

function cloudguard(complianceTags: string) {
  const entity = { id: 'key-1', type: 'KMS', region: 'eu_west_1' };
  return { status: 'Failed', account: { id: ACCOUNT }, entity, rule: { name: 'rule', complianceTags } };
}

beforeAll(() => {
  jest.spyOn(console, 'info').mockImplementation(() => undefined);
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterAll(() => {
  jest.restoreAllMocks();
});

describe('a publisher who speaks as Security Hub', () => {
  test('is refused, and nothing of the real finding is written on', async () => {
    const { context, sqs } = contextOf();
    await takeIn(context, records(record(hub(asff()))));
    expect(sqs.enqueued).toEqual([]);
    expect(sqs.deadLetters).toMatchObject([
      { reason: expect.stringMatching(/findings" may not speak for securityhub: .*EventBridge alone/) },
    ]);
  });

  test('straight from EventBridge, or over a topic that is listed for it, it is heard and can be answered', async () => {
    const { context, sqs } = contextOf([{ arn: AWS_TOPIC, sources: ['securityhub'] }]);
    await takeIn(context, records(record(hub(asff({ Id: 'a' })), 'none')));
    await takeIn(context, records(record(hub(asff({ Id: 'b' })), AWS_TOPIC)));
    expect(sqs.deadLetters).toEqual([]);
    expect(sqs.enqueued).toMatchObject([
      { finding: { id: 'a', securityHub: { region: 'eu-west-1' } } },
      { finding: { id: 'b', securityHub: { region: 'eu-west-1' }, publisher: { topic: AWS_TOPIC } } },
    ]);
  });

  test('cannot bring the origin along in a finding of another source', async () => {
    const { context, sqs } = contextOf();
    const securityHub = { region: 'eu-west-1', repairs: 1, productArn: 'arn:aws:securityhub:::p' };
    await takeIn(context, records(record(good('key-1', { finding: { securityHub }, securityHub }))));
    expect(sqs.enqueued.map(({ finding }) => finding.securityHub)).toEqual([undefined]);
  });
});

describe('publishers', () => {
  const scanner: FindingsTopic = {
    ...{ arn: SCANNER, bots: ['rotate'] as never, accounts: [ACCOUNT], sources: ['generic', 'cloudguard'] },
    minSeverity: 7,
  };

  test.each<[string, FindingsTopic, object, RegExp]>([
    ['a bot', scanner, { bot: 'rename', target: { id: 'k' } }, /-scanner" may not ask for rename: .*rotate/],
    [
      'an account',
      { ...scanner, accounts: ['999999999999'] },
      good(),
      /-scanner" may not ask for repairs in account 111122223333: .*999999999999/,
    ],
    [
      'a source',
      { ...scanner, sources: ['cloudguard'] },
      good(),
      /-scanner" may not speak for generic: .*cloudguard/,
    ],
    [
      'a severity',
      { ...scanner, minSeverity: 9 },
      good(),
      /severity 7 is under the 9 that .*-scanner" .*minSeverity/,
    ],
  ])('%s that is not theirs is refused', async (_name, topic, message, reason) => {
    const { context, sqs } = contextOf([{ arn: TOPIC }, topic]);
    await takeIn(context, records(record(message, SCANNER)));
    expect(sqs.enqueued).toEqual([]);
    expect(sqs.deadLetters).toMatchObject([{ reason: expect.stringMatching(reason) }]);
    // It is theirs who may ask for everything.
    await takeIn(context, records(record(message)));
    expect(sqs.enqueued).toHaveLength(1);
  });

  test('what is theirs is done', async () => {
    const { context, sqs } = contextOf([scanner]);
    await takeIn(context, records(record(good(), SCANNER)));
    expect(sqs.enqueued).toMatchObject([{ bot: 'rotate', finding: { publisher: { topic: SCANNER } } }]);
  });

  test('the finding’s own severity counts where it says one', async () => {
    const { context, sqs } = contextOf([{ arn: AWS_TOPIC, sources: [...FINDING_SOURCES], minSeverity: 7 }]);
    const with_ = (Label: string) => hub(asff({ Id: Label, Severity: { Label } }));
    await takeIn(context, records(record(with_('LOW'), AWS_TOPIC), record(with_('CRITICAL'), AWS_TOPIC)));
    expect(sqs.enqueued.map(({ finding }) => finding.id)).toEqual(['CRITICAL']);
    expect(sqs.deadLetters).toMatchObject([{ reason: expect.stringMatching(/^severity 1 is under the 7/) }]);
  });

  test('one order that is not theirs keeps none of their others from being done', async () => {
    const { context, sqs } = contextOf([scanner]);
    await takeIn(context, records(record(cloudguard('AUTO: rename | AUTO: rotate'), SCANNER)));
    expect(sqs.enqueued.map(({ bot }) => bot)).toEqual(['rotate']);
    expect(sqs.deadLetters).toHaveLength(1);
  });
});

describe('one message that asks for the world', () => {
  const flood = (count: number) => Array.from({ length: count }, (_, index) => group(index));

  test('is done up to the limit, and the rest is one letter with the count', async () => {
    const { context, sqs } = contextOf();
    const message = { ...asff({ GeneratorId: 'prowler-x' }, flood(2200)) };
    const routed = { ...context, config: { ...context.config, routes: { prowler: { x: 'on_group' } } } };
    const { tally } = await takeIn(routed, records(record(message)));
    expect(sqs.enqueued).toHaveLength(LIMITS.resources);
    expect(tally).toMatchObject({ enqueued: LIMITS.resources, deadLettered: 1 });
    expect(sqs.deadLetters).toMatchObject([
      {
        reason: expect.stringMatching(
          /^2200 resources in one message: at most 500 are taken in, the last 1700 were not/,
        ),
      },
    ]);
  });

  test('in several findings of one event too', async () => {
    const { context, sqs } = contextOf();
    const findings = Array.from({ length: 3 }, (_, index) =>
      asff({ Id: `f-${index}` }, flood(900).slice(index * 300, (index + 1) * 300)),
    );
    await takeIn(context, records(record(hub(...findings), 'none')));
    expect(sqs.enqueued).toHaveLength(LIMITS.remediations);
    expect(sqs.deadLetters).toMatchObject([
      { reason: expect.stringMatching(/asks for 900 repairs.*; 400 were not/) },
    ]);
  });

  test('for one resource it takes no more than its place in line', async () => {
    const { context, sqs } = contextOf();
    const findings = Array.from({ length: LIMITS.findings }, (_, index) => asff({ Id: `f-${index}` }));
    await takeIn(context, records(record(hub(...findings), 'none')));
    expect(sqs.enqueued).toHaveLength(LIMITS.perResource);
    expect(sqs.deadLetters).toHaveLength(1);
  });

  test('the same for one resource is asked for once', async () => {
    const { context, sqs } = contextOf();
    await takeIn(
      context,
      records(record(cloudguard(' AUTO: rotate days=3 | AUTO: rotate 3 | AUTO: rotate  days=3'))),
    );
    expect(sqs.enqueued).toMatchObject([{ bot: 'rotate', params: { days: 3 } }]);
  });

  test('makes one dead letter of a bounded size, whatever is wrong with it and how often', async () => {
    const { context, sqs } = contextOf();
    const orders = Array.from({ length: 19_000 }, (_, index) => `AUTO:x${index}`).join('|');
    const { tally } = await takeIn(context, records(record(cloudguard(orders))));
    expect(tally).toMatchObject({ enqueued: 0, deadLettered: 1 });
    expect(sqs.deadLetters).toHaveLength(1);
    const [{ body, reason } = { body: '', reason: '' }] = sqs.deadLetters;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(LIMITS.letterBytes);
    expect(reason).toMatch(/^there is no bot "x0": .* and 28 more reasons; its \d+ bytes are cut to 65536$/);
  });

  test.each([
    ['words', cloudguard(`AUTO: rotate ${'22 '.repeat(40_000)}`), /40000 words: at most 200/],
    [
      'names',
      asff({ GeneratorId: 'prowler-x', Types: Array.from({ length: 5000 }, (_, index) => `t/${index}`) }),
      /5002 names: at most 100/,
    ],
    ['a long name', asff({ GeneratorId: 'prowler-x', Types: ['t'.repeat(120_000)] }), /120000 characters/],
    ['a long region', asff({ GeneratorId: 'prowler-x', Region: 'r'.repeat(120_000) }), /120000 characters/],
  ])('%s over the limit are refused with the count', async (_name, message, reason) => {
    const { context, sqs } = contextOf();
    await takeIn(context, records(record(message)));
    expect(sqs.enqueued).toEqual([]);
    expect(sqs.deadLetters).toMatchObject([{ reason: expect.stringMatching(reason) }]);
  });
});

describe('twice the message is about twice the work', () => {
  const { context } = contextOf();
  const rules = { ...context, ...context.environment };
  const read = (message: object) => () =>
    readFinding(rules, { text: JSON.stringify(message), messageId: 'm', sentAt: '2026-11-21T10:00:00Z' });
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, i) => make(i));

  /** Messages by what there is many of. */
  const shapes: Record<string, (size: number) => object> = {
    'resources without a route': (size) => asff({ GeneratorId: 'prowler-none' }, many(size, group)),
    'resources with a bot': (size) => hub(asff({}, many(size, group))),
    'resources in many regions': (size) =>
      hub(
        asff(
          {},
          many(size, (i) => ({ ...group(i), Region: `eu-west-${i % 99}` })),
        ),
      ),
    'resources of one long type': (size) => hub(asff({ Types: ['t'.repeat(500)] }, many(size, group))),
    types: (size) => asff({ GeneratorId: 'prowler-none', Types: many(size, (i) => `type/${i}`) }),
    'a type as long as the message': (size) =>
      hub(asff({ Types: ['t'.repeat(size * 100)] }, many(300, group))),
    findings: (size) => hub(...many(size, (i) => asff({ Id: `f-${i}` }, [group(i)]))),
    'findings of one resource': (size) => hub(...many(size, (i) => asff({ Id: `f-${i}` }))),
    orders: (size) => cloudguard(many(size, (i) => `AUTO:x${i}`).join('|')),
    'orders to a bot': (size) => cloudguard(many(size, (i) => `AUTO: rotate days=${i + 1}`).join('|')),
    words: (size) => cloudguard(`AUTO: rotate ${many(size, () => '22').join(' ')}`),
    'quotes that do not end': (size) => cloudguard(`AUTO: rotate ${`"a' `.repeat(size)}`),
    'items of a list': (size) => cloudguard(`AUTO: rotate ports=${many(size, () => '22').join(',')}`),
  };

  test.each(Object.entries(shapes))('%s', (_name, shape) => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 3000 }), (size) => {
        const [once, twice] = [costOf(read(shape(size))), costOf(read(shape(2 * size)))];
        expect(twice / once).toBeLessThan(2.5);
      }),
      { numRuns: 5 },
    );
  });

  test('the counter sees what is not so', () => {
    const squares = (size: number) => () => many(size, (i) => many(size, () => i).map((each) => each));
    expect(costOf(squares(200)) / costOf(squares(100))).toBeGreaterThan(3);
    expect(splitWords('a "b c" d')).toEqual(['a', '"b c"', 'd']);
  });
});

describe('a batch', () => {
  test('is answered before the time is up: what is left comes back, what was done does not', async () => {
    const { context, sqs } = contextOf();
    const batch = records(...Array.from({ length: 30 }, (_, index) => record(good(`key-${index}`))));
    let millis = 60_000;
    const { batchItemFailures, tally } = await takeIn(context, batch, () => (millis -= 3000));
    expect(tally.enqueued).toBe(sqs.enqueued.length);
    expect(sqs.enqueued.length).toBeGreaterThan(0);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
      batch.Records.slice(sqs.enqueued.length).map(({ messageId }) => messageId),
    );
  });

  test('one that SQS refuses comes back alone', async () => {
    const { context, sqs } = contextOf();
    sqs.refuses = 'key-bad';
    const batch = records(record(good('key-1')), record(good('key-bad')), record(good('key-2')));
    const { batchItemFailures } = await takeIn(context, batch);
    expect(batchItemFailures).toEqual([{ itemIdentifier: batch.Records[1]?.messageId }]);
    expect(sqs.enqueued.map(({ target }) => target.id)).toEqual(['key-1', 'key-2']);
  });

  test('one that breaks the function comes back alone', async () => {
    const { context, sqs } = contextOf();
    const [first, ...others] = catalogue;
    const broken = { ...entry('broken'), aliases: ['broken'] };
    Object.defineProperty(broken, 'resource', {
      get: () => {
        throw new Error('a bug');
      },
    });
    const batch = records(record({ bot: 'broken', target: { id: 'k' } }), record(good('key-1')));
    const { batchItemFailures } = await takeIn(
      { ...context, catalogue: [first ?? broken, ...others, broken] },
      batch,
    );
    expect(batchItemFailures).toEqual([{ itemIdentifier: batch.Records[0]?.messageId }]);
    expect(sqs.enqueued.map(({ target }) => target.id)).toEqual(['key-1']);
  });
});

describe('a finding whose id and time somebody guessed', () => {
  let world: World;
  beforeEach(async () => {
    world = await newWorld();
  });
  const context = (): IntakeContext => ({
    ...contextOf([{ arn: TOPIC }, { arn: SCANNER }]).context,
    ...{ environment: world.environment, sqs: world.sqs },
  });
  const finding = { ...good('key-1'), id: 'nightly-scan', time: '2026-11-21T00:00:00Z' };
  const bodies = async () => (await receive(world)).map(({ body }) => body.finding.publisher?.topic);

  test.each([
    ['the same topic', TOPIC],
    ['another topic', SCANNER],
  ])('and sent before over %s, is not dropped', async (_name, topic) => {
    await takeIn(context(), records(record(finding, topic)));
    await takeIn(context(), records(record(finding)));
    expect(await bodies()).toEqual([topic, TOPIC]);
  });

  test('in one batch over another topic, neither', async () => {
    await takeIn(context(), records(record(finding, SCANNER), record(finding)));
    expect(await bodies()).toEqual([SCANNER, TOPIC]);
  });

  test('a delivery that is repeated is one message, and so is the finding twice in one batch', async () => {
    const delivered = record(finding);
    await takeIn(context(), records(delivered, record(finding)));
    await takeIn(context(), records(delivered));
    expect(await bodies()).toEqual([TOPIC]);
    expect(await deadLetters(world)).toEqual([]);
  });
});
