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
  controls: {
    securityHub: ['CloudTrail.4'],
    cis: { '3.0': ['3.2'], '5.0': ['3.2'], '6.0': ['4.2'], '7.0': ['4.2'] },
    config: ['CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED'],
    prowler: ['cloudtrail_log_file_validation_enabled'],
  },
  docs: {
    why: 'Without it nobody can prove that a log file was not changed or deleted by whoever had reason to.',
    effect: [
      'CloudTrail delivers a signed digest of its files every hour; nothing else changes.',
      'What was delivered before cannot be validated.',
    ],
    references: [
      'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html',
    ],
  },

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
