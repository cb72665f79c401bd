import { createHmac } from 'node:crypto';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { type World, newWorld, queued } from '../../testing/world';
import type { Config } from '../../shared/config';
import { type Plan, digestOfCalls, planId } from '../../shared/worker/plans';
import { catalogue } from '../remediators/catalogue';
import { type Approvals, pressed, received } from './decide';

const SECRET = 'e3b0c44298fc1c149afbf4c8996fb924';
const CALLS = [{ action: 'kms:EnableKeyRotation', input: { KeyId: 'k' } }];

const config: Pick<Config, 'approvals'> = {
  approvals: {
    slack: {
      signingSecret: { parameter: '/selfheal/slack-signing-secret' },
      approvers: [{ users: ['U111AAAA'], bots: ['kms_enable_rotation'], upTo: 'safe' }],
    },
    eventBridge: true,
  },
};

async function newScene(changes: Partial<Plan> = {}) {
  const world = await newWorld();
  const { accountId: account, region } = world.environment;
  const target = { account, region, type: 'AWS::KMS::Key', id: '1234abcd-12ab-34cd-56ef-1234567890ab' };
  const bot = changes.bot ?? 'kms_enable_rotation';
  const plan: Plan = {
    ...{ id: planId(bot, target), bot, target, params: {}, violation: 'the key does not rotate' },
    finding: { source: 'generic', id: 'one', time: '2026-11-29T10:00:00.000Z' },
    ...{ calls: CALLS, digest: digestOfCalls(CALLS), mode: 'approve', status: 'open' },
    startedAt: new Date(Date.now() - 60_000).toISOString(),
    ...changes,
  };
  await world.journal.plan(plan);
  const answers: string[] = [];
  const approvals: Approvals = {
    config,
    catalogue,
    decider: {
      journal: world.journal,
      sqs: world.sqs,
      queueUrl: world.environment.queueUrl,
      tell: world.tell,
    },
    signingSecret: () => Promise.resolve(SECRET),
    answer: (_url, text) => Promise.resolve(void answers.push(text)),
  };
  return { world, plan, approvals, answers };
}

function press(
  { id, digest }: Pick<Plan, 'id' | 'digest'>,
  action = 'selfheal_approve',
  { user = 'U111AAAA', at = Date.now(), secret = SECRET } = {},
) {
  const payload = {
    type: 'block_actions',
    user: { id: user, username: 'alice' },
    response_url: 'https://hooks.slack.com/actions/T0/1/abc',
    actions: [{ action_id: action, value: JSON.stringify({ id, digest }) }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(at / 1000));
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
  return { headers, body };
}

async function onQueue({ sqs, environment }: World) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: environment.queueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => JSON.parse(Body) as { bot: string; decided?: string });
}

test('a press of Approve is recorded, told, and puts the repair on the queue', async () => {
  const { world, plan, approvals, answers } = await newScene();
  const request = press(plan);
  const encoded = { ...request, body: Buffer.from(request.body).toString('base64'), isBase64Encoded: true };
  expect(await pressed(approvals, encoded)).toEqual({ statusCode: 200, body: '' });
  expect(answers).toEqual(['Done: approved by alice (U111AAAA).']);
  const { decision } = await world.journal.planned(plan.id);
  expect(decision).toMatchObject({ verdict: 'approve', digest: plan.digest, by: 'alice (U111AAAA)' });
  expect(await onQueue(world)).toMatchObject([{ bot: plan.bot, decided: decision?.at }]);
  expect(world.told).toMatchObject([{ outcome: 'approved', plan: { id: plan.id } }]);
});

test('pressed twice, it is done once, and the second hears who was first', async () => {
  const { world, plan, approvals, answers } = await newScene();
  await pressed(approvals, press(plan));
  await pressed(approvals, press(plan));
  await pressed(approvals, press(plan, 'selfheal_reject'));
  expect(answers.slice(1)).toEqual([
    expect.stringMatching(/^Nothing was done: it was approved by alice \(U111AAAA\) at \S+ already\.$/),
    expect.stringMatching(/^Nothing was done: it was approved by alice/),
  ]);
  expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
});

test.each<[string, (plan: Plan) => ReturnType<typeof press>, number]>([
  ['forged', (plan) => press(plan, 'selfheal_approve', { secret: 'another' }), 401],
  ['six minutes old', (plan) => press(plan, 'selfheal_approve', { at: Date.now() - 360_000 }), 401],
  ['from the future', (plan) => press(plan, 'selfheal_approve', { at: Date.now() + 900_000 }), 401],
  ['without a signature', (plan) => ({ ...press(plan), headers: {} as never }), 401],
  ['changed on the way', (plan) => ({ ...press(plan), body: press(plan, 'selfheal_exempt').body }), 401],
  ['of another app', (plan) => press(plan, 'their_button'), 400],
])('a press that is %s changes nothing', async (_, made, statusCode) => {
  const { world, plan, approvals } = await newScene();
  const warn = jest.spyOn(console, 'warn').mockReturnValue();
  expect(await pressed(approvals, made(plan))).toMatchObject({ statusCode });
  warn.mockRestore();
  expect(await world.journal.planned(plan.id)).toEqual({ plan });
  expect(await queued(world)).toEqual({ visible: 0, inFlight: 0 });
});

test.each<[string, Partial<Plan>, string, RegExp]>([
  ['who is no approver', {}, 'U999ZZZZ', /^Nothing was done: U999ZZZZ may not decide on kms_enable_rotation/],
  ['of other bots', { bot: 'kms_cmk_enable_key' }, 'U111AAAA', /may not decide on kms_cmk_enable_key/],
  ['of a plan that is only told', { mode: 'plan' }, 'U111AAAA', /only told \(mode plan\)/],
])('a press of somebody %s is refused and said', async (_, changes, user, said) => {
  const { world, plan, approvals, answers } = await newScene(changes);
  await pressed(approvals, press(plan, 'selfheal_approve', { user }));
  expect(answers).toEqual([expect.stringMatching(said)]);
  expect((await world.journal.planned(plan.id)).decision).toBeUndefined();
});

test('a press on a plan that has changed since, or is gone, does nothing', async () => {
  const { approvals, plan, answers } = await newScene();
  await pressed(approvals, press({ ...plan, digest: 'f'.repeat(64) }));
  await pressed(approvals, press({ ...plan, id: 'kms_enable_rotation/pending-000000000000' }));
  expect(answers).toEqual([
    expect.stringMatching(/the plan has changed since: look at it again/),
    expect.stringMatching(/there is no plan kms_enable_rotation\/pending-000000000000/),
  ]);
});

test('Exempt keeps the bot away for thirty days and no longer', async () => {
  const { world, plan, approvals } = await newScene();
  await pressed(approvals, press(plan, 'selfheal_exempt'));
  expect(await world.journal.heldBecause(plan.bot, plan.target)).toMatch(
    /^exempted by alice \(U111AAAA\) until/,
  );
  const later = jest.spyOn(Date.prototype, 'toISOString').mockReturnValue('2999-01-01T00:00:00.000Z');
  const held = await world.journal.heldBecause(plan.bot, plan.target).finally(() => {
    later.mockRestore();
  });
  expect(held).toBeUndefined();
});

test('when Slack does not take the answer the decision stands', async () => {
  const { world, plan, approvals } = await newScene();
  const warn = jest.spyOn(console, 'warn').mockReturnValue();
  const mute = { ...approvals, answer: () => Promise.reject(new Error('no answer')) };
  expect(await pressed(mute, press(plan, 'selfheal_snooze'))).toEqual({ statusCode: 200, body: '' });
  warn.mockRestore();
  expect((await world.journal.planned(plan.id)).decision).toMatchObject({ verdict: 'snooze' });
});

describe('over EventBridge', () => {
  const eventOf = ({ id, digest }: Plan, detail: object = {}) => ({
    account: '111122223333',
    detail: { id, digest, verdict: 'approve', by: 'change-1234', ...detail },
  });

  test('a decision is believed', async () => {
    const { plan, approvals, world } = await newScene();
    expect(await received(approvals, eventOf(plan))).toMatchObject({
      done: 'approved by change-1234 (EventBridge)',
    });
    expect(await queued(world)).toEqual({ visible: 1, inFlight: 0 });
  });

  test.each([
    ['with a field too many', { exempt: true }],
    ['with another verdict', { verdict: 'exempt' }],
    ['without a digest', { digest: undefined }],
  ])('one %s is refused', async (_, detail) => {
    const { plan, approvals } = await newScene();
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    expect(await received(approvals, eventOf(plan, detail))).toHaveProperty('refused');
    warn.mockRestore();
  });

  test('where config.ts does not let it decide, nothing is', async () => {
    const { plan, approvals } = await newScene();
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    expect(await received({ ...approvals, config: {} }, eventOf(plan))).toHaveProperty('refused');
    warn.mockRestore();
  });
});
