import { GetServiceSettingCommand, SSMClient } from '@aws-sdk/client-ssm';
import { testSetting } from '../../../testing/setting';
import { scriptServiceSettings } from './fixtures/service-setting';
import { bot } from './ssm_block_public_sharing';

const OTHER = '/ssm/parameter-store/high-throughput-enabled';

testSetting(bot, {
  given: (account, value) => {
    scriptServiceSettings(account, {
      '/ssm/documents/console/public-sharing-permission': value,
      [OTHER]: 'true',
    });
    return Promise.resolve(account.region);
  },
  wrong: 'Enable',
  right: 'Disable',
  violation: 'documents of Systems Manager may be shared with everybody',
  writes: ['ssm:UpdateServiceSetting'],
  untouched: async ({ client }) =>
    (await client(SSMClient).send(new GetServiceSettingCommand({ SettingId: OTHER }))).ServiceSetting,
});
