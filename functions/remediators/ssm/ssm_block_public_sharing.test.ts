import { GetServiceSettingCommand, SSMClient, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import { testSetting } from '../../../testing/setting';
import { bot } from './ssm_block_public_sharing';

const OTHER = '/ssm/parameter-store/high-throughput-enabled';
const SHARING = '/ssm/documents/console/public-sharing-permission';

// Settings of Systems Manager are local AWS's own: moto has neither of their operations.
testSetting(bot, {
  given: async ({ client, region }, value) => {
    const set = (SettingId: string, SettingValue: string) =>
      client(SSMClient).send(new UpdateServiceSettingCommand({ SettingId, SettingValue }));
    await set(SHARING, value);
    await set(OTHER, 'true');
    return region;
  },
  wrong: 'Enable',
  right: 'Disable',
  violation: 'documents of Systems Manager may be shared with everybody',
  writes: ['ssm:UpdateServiceSetting'],
  untouched: async ({ client }) =>
    (await client(SSMClient).send(new GetServiceSettingCommand({ SettingId: OTHER }))).ServiceSetting,
});
