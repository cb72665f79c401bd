import { CreateDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './guardduty_enable';

/** A region with a detector, or none. */
const region =
  (Enable?: boolean, administrator?: string) =>
  async ({ client, region, script }: Account) => {
    if (Enable !== undefined) await client(GuardDutyClient).send(new CreateDetectorCommand({ Enable }));
    if (administrator !== undefined) {
      script({ GetAdministratorAccount: () => ({ Administrator: { AccountId: administrator } }) });
    }
    return region;
  };

const elsewhere = async ({ client }: Account) =>
  (await client(GuardDutyClient, 'us-east-1').send(new ListDetectorsCommand({}))).DetectorIds;

testBot(bot, {
  violating: [
    {
      name: 'no detector; another region stays as it is',
      given: region(),
      violation: 'GuardDuty is not on in the region',
      writes: ['guardduty:CreateDetector'],
      after: { detector: { on: true } },
      untouched: elsewhere,
    },
    {
      name: 'suspended',
      given: region(false),
      violation: 'GuardDuty is suspended',
      writes: ['guardduty:UpdateDetector'],
      after: { detector: { on: true } },
      untouched: elsewhere,
    },
    {
      name: 'suspended, and another account decides',
      given: region(false, '444455556666'),
      violation: 'GuardDuty is suspended',
      writes: [],
      held: /444455556666 administers GuardDuty/,
    },
  ],
  compliant: [{ name: 'on already', given: region(true) }],
});

test('a new detector has the protection plans that are asked for, and no others', () => {
  const plan = bot.plan(
    {},
    {
      params: { features: ['EKS_AUDIT_LOGS'] },
      target: { account: '111122223333', region: 'eu-west-1', type: bot.resource, id: 'eu-west-1' },
    },
  );
  const [{ guardduty }] = plan as [{ guardduty: CreateDetectorCommand }];
  const on = guardduty.input.Features?.filter(({ Status }) => Status === 'ENABLED');
  expect(on).toEqual([{ Name: 'EKS_AUDIT_LOGS', Status: 'ENABLED' }]);
  expect(guardduty.input.Features).toHaveLength(5);
});
