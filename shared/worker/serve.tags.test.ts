import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CreateKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import { bot } from '../../functions/remediators/kms/kms_enable_rotation';
import { asks } from '../../testing/entry';
import { type World, dispatchOf, newWorld } from '../../testing/world';
import type { Config } from '../config';
import { type Worker, work } from './serve';

const SECURITY = 'arn:aws:iam::111122223333:role/SecurityTeam';
const VALUE = '2100-01-01 <!channel> public on purpose';
const config: Config = {
  enable_auto_response: true,
  bots: { kms_enable_rotation: { enabled: true } },
  exemptionTags: [{ key: 'selfheal:exempt', setBy: [SECURITY] }],
};

/** moto has no events of CloudTrail: whoever `by` names has set the tag just now, or nobody. */
function workerOf(world: World, by: string | undefined): Worker {
  const record = {
    userIdentity: { arn: by },
    requestParameters: { tags: [{ tagKey: 'selfheal:exempt', tagValue: VALUE }] },
  };
  const event = { EventId: '1', EventName: 'TagResource', EventTime: new Date() };
  const Events = by === undefined ? [] : [{ ...event, CloudTrailEvent: JSON.stringify(record) }];
  const trail: unknown = Object.assign(Object.create(CloudTrailClient.prototype), {
    send: () => Promise.resolve({ Events }),
  });
  const clients = ((acting: { readonly clients: object }) => ({
    ...world.clients(acting as never),
    ...('trail' in acting.clients && { trail }),
  })) as Worker['clients'];
  return { ...world, config, clients };
}

async function outcomeOf(
  by: string | undefined,
  tags = { 'selfheal:exempt': VALUE } as Record<string, string>,
) {
  const world = await newWorld();
  const kms = world.account.client(KMSClient);
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Tags }));
  const KeyId = KeyMetadata?.KeyId ?? '';
  const dispatch = await dispatchOf(world, asks(world, KeyId, { bot: bot.id }));
  const { outcomes } = await work(bot, workerOf(world, by), dispatch, () => 300_000);
  const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
  return { outcome: outcomes[0], rotates: KeyRotationEnabled, told: world.told };
}

test('a tag of somebody who may set it exempts the resource, and the event says who', async () => {
  const { outcome, rotates, told } = await outcomeOf(SECURITY);
  expect([outcome, rotates]).toEqual(['exempt', false]);
  expect(told.at(-1)).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining(SECURITY) });
});

test('a tag of anybody else exempts nothing; nor does its absence', async () => {
  expect(await outcomeOf('arn:aws:iam::111122223333:role/Developer')).toMatchObject({
    ...{ outcome: 'fixed', rotates: true },
  });
  expect(await outcomeOf(SECURITY, { owner: 'web' })).toMatchObject({ outcome: 'fixed', rotates: true });
});

test('a tag that nobody is seen to have set: the repair waits, and nothing is changed', async () => {
  expect(await outcomeOf(undefined)).toMatchObject({ outcome: 'waiting', rotates: false });
});
