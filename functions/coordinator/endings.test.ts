import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Exemption } from '../../shared/config/exemptions';
import { type SelfhealEvent, eventSchema } from '../../shared/worker/event';
import { marks } from '../../shared/worker/marks';
import { newWorld } from '../../testing/world';
import { endingsTeller } from './endings';

const HOUR = 3_600_000;
const exemption: Exemption = {
  ...{ bot: 's3_block_all_public_access', resource: 'website-*', account: '111122223333' },
  ...{ owner: 'web team', reason: 'public on purpose', until: '2027-01-31' },
};

async function teller(exemptions: readonly Exemption[]) {
  const world = await newWorld();
  const told: SelfhealEvent[] = [];
  const clock = { now: 0, fails: false };
  const table = world.environment.journalTable;
  const client = world.account.client(DynamoDBClient);
  const newTeller = () =>
    endingsTeller(
      { exemptions },
      marks(table, client, () => clock.now),
      (event) => {
        if (clock.fails) return Promise.reject(new Error('SNS is away'));
        told.push(event);
        return Promise.resolve();
      },
      () => clock.now,
    );
  return { told, clock, newTeller, at: (time: string) => (clock.now = Date.parse(time)) };
}

test('an end is told a week before and on its day, once each, by whoever comes first', async () => {
  const { told, at, newTeller } = await teller([exemption, { owner: 'x', reason: 'y' }]);
  const tellers = [newTeller(), newTeller()];
  const tick = () => Promise.all(tellers.map((tell) => tell()));
  at('2027-01-23T23:00:00Z');
  await tick();
  expect(told).toEqual([]);
  at('2027-01-24T01:00:00Z');
  await tick();
  at('2027-01-27T01:00:00Z');
  await tick();
  await newTeller()();
  expect(told.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    [
      'exemption-ending',
      'The exemption of website-* in account 111122223333 from s3_block_all_public_access (public on purpose), asked for by web team, ends on 2027-01-31, in 7 days: then bots repair what it hides.',
    ],
  ]);
  at('2027-01-31T00:30:00Z');
  await tick();
  at('2027-02-03T00:30:00Z');
  await tick();
  expect(told.slice(1)).toMatchObject([
    { outcome: 'exemption-ended', reason: expect.stringContaining('ended on 2027-01-31') },
  ]);
  for (const event of told) expect(eventSchema.parse(JSON.parse(JSON.stringify(event)))).toBeDefined();
});

test('one that ended long ago is no news; the same with another end is', async () => {
  const old = await teller([exemption]);
  old.at('2027-02-08T00:00:00Z');
  await old.newTeller()();
  expect(old.told).toEqual([]);
});

test('what could not be told is told later, and fails nobody', async () => {
  const error = jest.spyOn(console, 'error').mockReturnValue();
  const { told, clock, at, newTeller } = await teller([exemption]);
  at('2027-01-25T00:00:00Z');
  const tell = newTeller();
  clock.fails = true;
  await tell();
  expect([told, error.mock.calls.length]).toEqual([[], 1]);
  clock.fails = false;
  await tell();
  expect(told).toEqual([]);
  clock.now += HOUR;
  await tell();
  expect(told).toHaveLength(1);
});
