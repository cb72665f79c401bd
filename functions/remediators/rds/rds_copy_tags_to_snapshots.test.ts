import { instance, instancesBut, member } from './fixtures/rds';
import { testSetting } from '../../../testing/setting';
import { bot } from './rds_copy_tags_to_snapshots';

testSetting(bot, {
  given: (account, CopyTagsToSnapshot) => instance({ CopyTagsToSnapshot })(account),
  wrong: false,
  right: true,
  violation: 'not copied to its snapshots',
  writes: ['rds:ModifyDBInstance'],
  untouched: instancesBut('CopyTagsToSnapshot'),
  gone: 'no-such-database',
  more: { compliant: [{ name: 'a member of a cluster', given: member('aurora-postgresql') }] },
});
