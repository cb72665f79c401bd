import { instance, instancesBut, member } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_enable_deletion_protection';

testSetting(bot, {
  given: (account, DeletionProtection) => instance({ DeletionProtection })(account),
  wrong: false,
  right: true,
  violation: 'can be deleted with a single call',
  writes: ['rds:ModifyDBInstance'],
  untouched: instancesBut('DeletionProtection'),
  gone: 'no-such-database',
  more: { compliant: [{ name: 'a member of a cluster', given: member('aurora-postgresql') }] },
});
