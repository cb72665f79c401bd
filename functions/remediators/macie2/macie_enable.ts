import {
  DisableMacieCommand,
  EnableMacieCommand,
  GetMacieSessionCommand,
  Macie2Client,
  UpdateMacieSessionCommand,
} from '@aws-sdk/client-macie2';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'macie_enable',
  title: 'Turn on Macie in a region',
  attribute: 'Macie',
  resource: 'AWS::::Region',
  severity: 'medium',
  risk: 'safe',
  permissions: {
    read: ['macie2:GetMacieSession'],
    write: ['macie2:EnableMacie', 'macie2:UpdateMacieSession', 'iam:CreateServiceLinkedRole'],
    undo: ['macie2:DisableMacie', 'macie2:UpdateMacieSession'],
    only: { 'iam:CreateServiceLinkedRole': 'role/aws-service-role/macie.amazonaws.com/*' },
  },
  clients: { macie2: Macie2Client },

  inspect: async ({ macie2 }) => ({
    is: await macie2.send(new GetMacieSessionCommand({})).then(
      ({ status }): Status => status ?? 'PAUSED',
      (error: unknown): Status => {
        // Macie says so with the code of a denial.
        if (error instanceof Error && error.message.startsWith('Macie is not enabled')) return 'off';
        throw error;
      },
    ),
  }),
  want: 'ENABLED',
  says: ({ is }) => (is === 'PAUSED' ? 'Macie is paused in the region' : 'Macie is not on in the region'),
  write(status, _context, { is }) {
    if (status === 'off') return { macie2: new DisableMacieCommand({}) };
    const Command = is === 'off' ? EnableMacieCommand : UpdateMacieSessionCommand;
    return { macie2: new Command({ status }) };
  },
});

type Status = 'ENABLED' | 'PAUSED' | 'off';
