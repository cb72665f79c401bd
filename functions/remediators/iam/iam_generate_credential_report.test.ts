import { CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_generate_credential_report';

const HOUR = 3_600_000;

/** A report of that age, or none. GetCredentialReport: moto's are all of 2015. */
const report =
  (hours?: number) =>
  async ({ account, client, script }: Account) => {
    await client(IAMClient).send(new CreateUserCommand({ UserName: 'somebody' }));
    let made = hours === undefined ? undefined : Date.now() - hours * HOUR;
    script({
      GetCredentialReport: () => {
        if (made !== undefined) return { GeneratedTime: new Date(made) };
        throw Object.assign(new Error('no report'), { name: 'CredentialReportNotPresentException' });
      },
      GenerateCredentialReport: () => {
        made = Date.now();
        return { State: 'STARTED' };
      },
    });
    return account;
  };

const same = {
  writes: ['iam:GenerateCredentialReport'],
  after: { hours: 0 },
  untouched: ({ client }: Account) =>
    client(IAMClient)
      .send(new ListUsersCommand({}))
      .then(({ Users }) => Users),
  irreversible: /nothing has to be put back/,
};

testBot(bot, {
  violating: [
    {
      name: 'none',
      given: report(),
      violation: 'there is no credential report of the last 4 hours',
      ...same,
    },
    {
      name: 'an old one',
      given: report(30),
      params: { maxAgeHours: 24 },
      violation: /last 24 hours/,
      ...same,
    },
  ],
  compliant: [{ name: 'a new one', given: report(3) }],
});

test('the report that is being made is waited for', () => {
  const target = { account: '111122223333', region: 'us-east-1', type: bot.resource, id: '111122223333' };
  expect(bot.plan({ making: true }, { target, params: { maxAgeHours: 4 } })).toEqual({
    waiting: 'IAM is making the report',
  });
});
