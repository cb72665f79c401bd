import {
  AccountClient,
  DeleteAlternateContactCommand,
  GetAlternateContactCommand,
  PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import * as z from 'zod';
import { undefinedIfGone } from '../../../shared/aws/errors';
import { defineBot } from '../../../shared/bot/bot';

const AlternateContactType = 'SECURITY';
const text = (limit: number) => z.string().min(1).max(limit).optional();

export const bot = defineBot({
  id: 'account_set_security_contact',
  title: 'Give an account a contact for questions of security',
  resource: 'AWS::::Account',
  severity: 'medium',
  risk: 'safe',
  kind: 'posture',
  params: z.object({
    name: text(64).describe('whom AWS asks for'),
    title: text(50).describe('what that person or team is'),
    email: text(254).describe('where AWS writes to'),
    phone: z
      .string()
      .regex(/^[\s0-9()+-]{1,25}$/)
      .optional()
      .describe('where AWS calls'),
  }),
  from: { name: 'config', title: 'config', email: 'config', phone: 'config' },
  permissions: {
    read: ['account:GetAlternateContact'],
    write: ['account:PutAlternateContact'],
    undo: ['account:DeleteAlternateContact'],
  },
  clients: { account: AccountClient },

  async inspect({ account }): Promise<{ contact?: string }> {
    const found = account.send(new GetAlternateContactCommand({ AlternateContactType }));
    const contact = (await undefinedIfGone(found, 'ResourceNotFoundException'))?.AlternateContact;
    return contact ? { contact: contact.EmailAddress ?? '' } : {};
  },

  check: ({ contact }) =>
    contact === undefined ? 'the account has no contact for questions of security' : undefined,

  plan(_state, { params: { name: Name, title: Title, email: EmailAddress, phone: PhoneNumber } }) {
    if (!Name || !Title || !EmailAddress || !PhoneNumber) {
      return { held: 'config.ts does not say who: give name, title, email and phone' };
    }
    const contact = { AlternateContactType, Name, Title, EmailAddress, PhoneNumber } as const;
    return [{ account: new PutAlternateContactCommand(contact) }];
  },

  undo: () => [{ account: new DeleteAlternateContactCommand({ AlternateContactType }) }],
});
