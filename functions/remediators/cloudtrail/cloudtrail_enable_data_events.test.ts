import {
  type AdvancedEventSelector,
  CloudTrailClient,
  type EventSelector,
  GetEventSelectorsCommand,
  PutEventSelectorsCommand,
} from '@aws-sdk/client-cloudtrail';
import { looked } from '../../../shared/bot/run';
import { newAccount } from '../../../testing/account';
import { type Account, testBot } from '../../../testing/contract';
import { trail } from './fixtures/trails';
import { bot } from './cloudtrail_enable_data_events';

interface Chosen {
  readonly EventSelectors?: EventSelector[];
  readonly AdvancedEventSelectors?: AdvancedEventSelector[];
}

const given =
  (chosen: Chosen = {}) =>
  async (account: Account) => {
    const cloudtrail = account.client(CloudTrailClient);
    await trail(account, { Name: 'small' });
    const TrailName = await trail(account, { Name: 'wide', IsMultiRegionTrail: true });
    if (Object.keys(chosen).length > 0) {
      await cloudtrail.send(new PutEventSelectorsCommand({ TrailName, ...chosen }));
    }
    return account.account;
  };

const MANAGEMENT = { ReadWriteType: 'All', IncludeManagementEvents: true } as const;
const objects = (ReadWriteType: 'All' | 'WriteOnly', ...Values: string[]): EventSelector => ({
  ...{ ReadWriteType, IncludeManagementEvents: false },
  DataResources: [{ Type: 'AWS::S3::Object', Values }],
});
const advanced = (...more: AdvancedEventSelector[]): Chosen => ({
  AdvancedEventSelectors: [
    { Name: 'management', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    ...more,
  ],
});

const small = ({ client }: Account) =>
  client(CloudTrailClient)
    .send(new GetEventSelectorsCommand({ TrailName: 'small' }))
    .then(({ TrailARN, EventSelectors }) => ({ TrailARN, EventSelectors }));

const violation = 'no trail of all regions records reads and writes of the objects of S3';
const writes = ['cloudtrail:PutEventSelectors'];

testBot(bot, {
  violating: [
    {
      name: 'management events only, which stay',
      given: given(),
      violation,
      writes,
      after: { trail: 'wide', selectors: { basic: [MANAGEMENT, objects('All', 'arn:aws:s3')] } },
      untouched: small,
    },
    {
      name: 'one bucket, and writes alone of all',
      given: given({
        EventSelectors: [MANAGEMENT, objects('All', 'arn:aws:s3:::one/'), objects('WriteOnly', 'arn:aws:s3')],
      }),
      violation,
      writes,
      untouched: small,
    },
    {
      name: 'advanced selectors stay advanced',
      given: given(advanced()),
      params: { readWrite: 'WriteOnly' },
      violation: 'records WriteOnly of the objects',
      writes,
      after: {
        selectors: { advanced: [{ Name: 'management' }, { Name: 'selfheal: objects of S3, WriteOnly' }] },
      },
    },
    {
      name: 'five selectors already',
      given: given({ EventSelectors: Array.from({ length: 5 }, () => MANAGEMENT) }),
      violation,
      writes: [],
      held: /has 5 event selectors/,
    },
    {
      name: 'no trail of all regions',
      given: async (account) => {
        await trail(account, { Name: 'small' });
        return account.account;
      },
      violation,
      writes: [],
      held: /cloudtrail_enable makes one/,
    },
  ],
  compliant: [
    {
      name: 'all objects',
      given: given({ EventSelectors: [MANAGEMENT, objects('All', 'arn:aws:s3:::')] }),
    },
    {
      name: 'reads and writes by two advanced selectors',
      given: given(
        advanced(
          ...['true', 'false'].map((readOnly) => ({
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Data'] },
              { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
              { Field: 'readOnly', Equals: [readOnly] },
            ],
          })),
        ),
      ),
    },
  ],
});

test('a look from another region is one at home', async () => {
  const account = await newAccount();
  const id = await given({ EventSelectors: [MANAGEMENT, objects('All', 'arn:aws:s3')] })(account);
  const target = { account: id, region: 'us-east-1', type: bot.resource, id };
  const clientsFor = ({ region }: { readonly region: string }) => ({
    cloudtrail: account.client(CloudTrailClient, region),
  });
  const params = bot.params.parse({});
  expect(await looked(bot, clientsFor, { target, params })).toMatchObject({
    outcome: 'compliant',
    state: { trail: 'wide' },
  });
});
