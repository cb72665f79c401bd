import {
  AccountClient,
  type AlternateContactType,
  GetAlternateContactCommand,
  PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './account_set_security_contact';

const contact =
  (...types: AlternateContactType[]) =>
  async ({ account, client }: Account) => {
    for (const type of types) {
      const who = { Name: 'Somebody', Title: 'Officer', EmailAddress: 'them@example.com', PhoneNumber: '+1' };
      await client(AccountClient).send(
        new PutAlternateContactCommand({ AlternateContactType: type, ...who }),
      );
    }
    return account;
  };

const violation = 'the account has no contact for questions of security';
const params = { name: 'SOC', title: 'Team', email: 'soc@example.com', phone: '+49 (30) 1234-5' };

testBot(bot, {
  violating: [
    {
      name: 'one for billing only, which stays',
      given: contact('BILLING'),
      params,
      violation,
      writes: ['account:PutAlternateContact'],
      after: { contact: 'soc@example.com' },
      untouched: ({ client }) =>
        client(AccountClient)
          .send(new GetAlternateContactCommand({ AlternateContactType: 'BILLING' }))
          .then(({ AlternateContact }) => AlternateContact),
    },
    {
      name: 'config.ts says but a name',
      given: contact(),
      params: { name: 'SOC' },
      violation,
      writes: [],
      held: /give name, title, email and phone/,
    },
  ],
  compliant: [{ name: 'another one', given: contact('SECURITY'), params }],
});
