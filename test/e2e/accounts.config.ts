import { defineConfig } from '../../shared/config';

/** Accounts that the installation may act in, and one that nobody named. */
export const ACCOUNTS = {
  member: '222233334444',
  /** Its role asks for another ExternalId. */
  strict: '333344445555',
  /** It has no role. */
  bare: '444455556666',
  stranger: '555566667777',
} as const;

export const EXTERNAL_ID = 'selfheal-e2e';

/** Bots that only findings ask for, in three members and at home through sessions. */
export default defineConfig({
  enable_auto_response: false,
  bots: { ec2_stop_instance: { enabled: true }, ec2_require_imdsv2: { enabled: true } },
  accounts: {
    mode: 'multi',
    externalId: EXTERNAL_ID,
    accounts: [ACCOUNTS.member, ACCOUNTS.strict, ACCOUNTS.bare],
    scopedSessions: true,
  },
});
