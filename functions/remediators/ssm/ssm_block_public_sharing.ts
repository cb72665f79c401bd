import { GetServiceSettingCommand, SSMClient, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import { defineSetting } from '../../../shared/bot/setting';

const SettingId = '/ssm/documents/console/public-sharing-permission';

export const bot = defineSetting({
  id: 'ssm_block_public_sharing',
  title: 'Block public sharing of Systems Manager documents in a region',
  attribute: 'public sharing of documents',
  resource: 'AWS::::Region',
  severity: 'high',
  risk: 'disruptive',
  permissions: { read: ['ssm:GetServiceSetting'], write: ['ssm:UpdateServiceSetting'] },
  clients: { ssm: SSMClient },

  inspect: async ({ ssm }) => {
    const { ServiceSetting } = await ssm.send(new GetServiceSettingCommand({ SettingId }));
    return { is: ServiceSetting?.SettingValue ?? 'Enable' };
  },
  want: 'Disable',
  says: 'documents of Systems Manager may be shared with everybody',
  write: (SettingValue) => ({ ssm: new UpdateServiceSettingCommand({ SettingId, SettingValue }) }),
});
