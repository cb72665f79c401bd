import { UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { defineSetting } from '../../../shared/bot/setting';
import { TRAIL, trailOf } from './lib/trails';

export const bot = defineSetting({
  ...TRAIL,
  id: 'cloudtrail_enable_log_file_validation',
  title: 'Turn on validation of a trail’s log files',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['cloudtrail:GetTrail'], write: ['cloudtrail:UpdateTrail'] },

  inspect: async ({ cloudtrail }, { target }) => {
    const { LogFileValidationEnabled = false } = await trailOf(cloudtrail, target);
    return { is: LogFileValidationEnabled };
  },
  want: true,
  says: 'the log files of the trail cannot be validated',
  write: (EnableLogFileValidation, { target: { id: Name } }) => ({
    cloudtrail: new UpdateTrailCommand({ Name, EnableLogFileValidation }),
  }),
});
