import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { ACCOUNT } from './lib/types';
import { defineBot } from '../../../shared/bot/bot';

/** What IAM says while a report is being made. */
const MAKING = 'CredentialReportNotReadyException';
/** What it says where it has no report to give. */
const NONE = [MAKING, 'CredentialReportNotPresentException', 'CredentialReportExpiredException'];

export const bot = defineBot({
  ...ACCOUNT,
  id: 'iam_generate_credential_report',
  title: 'Have IAM make a credential report',
  severity: 'low',
  risk: 'safe',
  kind: 'response',
  params: z.object({
    maxAgeHours: z
      .int()
      .min(4)
      .max(720)
      .default(4)
      .describe('hours after which a report is old; IAM makes a new one every four hours at most'),
  }),
  from: { maxAgeHours: 'finding' },
  permissions: { read: ['iam:GetCredentialReport'], write: ['iam:GenerateCredentialReport'], undo: [] },

  async inspect({ iam }): Promise<State> {
    const found = await iam.send(new GetCredentialReportCommand({})).catch((error: unknown) => {
      if (error instanceof Error && NONE.includes(error.name)) return { none: error.name };
      throw error;
    });
    if ('none' in found) return { making: found.none === MAKING };
    const made = found.GeneratedTime;
    return made ? { hours: Math.floor((Date.now() - made.getTime()) / 3_600_000) } : {};
  },

  check: ({ hours }, { params: { maxAgeHours } }) =>
    hours !== undefined && hours < maxAgeHours
      ? undefined
      : `there is no credential report of the last ${maxAgeHours} hours`,

  plan: ({ making }) =>
    making ? { waiting: 'IAM is making the report' } : [{ iam: new GenerateCredentialReportCommand({}) }],

  undo: () => ({ irreversible: 'a report changes nothing, so that nothing has to be put back' }),
});

interface State {
  /** Age of the report, where there is one that IAM still has. */
  readonly hours?: number;
  readonly making?: boolean;
}
