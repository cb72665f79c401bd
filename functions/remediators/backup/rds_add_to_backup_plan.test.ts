import { plan, selectionsOfOthers } from './fixtures/plans';
import { instance } from '../rds/fixtures/rds';
import { testBot } from '../../../testing/contract';
import { bot } from './rds_add_to_backup_plan';

testBot(bot, {
  violating: [
    {
      name: 'the plan includes others',
      given: async (account) => {
        await plan(account, { Resources: ['arn:aws:dynamodb:*'] });
        return instance()(account);
      },
      params: { plan: 'daily' },
      violation: 'no backup plan includes it',
      writes: ['backup:CreateBackupSelection'],
      after: { by: ['daily/selfheal-orders'] },
      untouched: selectionsOfOthers,
    },
  ],
  compliant: [
    {
      name: 'with all instances',
      given: async (account) => {
        await plan(account, { Resources: ['arn:aws:rds:*:*:db:*'] });
        return instance()(account);
      },
    },
  ],
  gone: 'no-such-database',
});
