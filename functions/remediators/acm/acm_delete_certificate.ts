import { ACMClient, DeleteCertificateCommand, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import * as z from 'zod';
import { defineBot } from '../../../shared/bot/bot';

const DAY_MS = 24 * 3_600_000;

export const bot = defineBot({
  id: 'acm_delete_certificate',
  title: 'Delete a certificate that nothing uses',
  resource: 'AWS::CertificateManager::Certificate',
  severity: 'medium',
  risk: 'destructive',
  kind: 'response',
  params: z.object({
    withinDays: z
      .int()
      .min(0)
      .max(398)
      .optional()
      .describe('only one that expires within so many days, or has expired; not given: whatever its expiry'),
  }),
  from: { withinDays: 'finding' },
  byControl: {
    'ACM.1': { withinDays: 30 },
    ACM_CERTIFICATE_EXPIRATION_CHECK: { withinDays: 30 },
    acm_certificates_expiration_check: { withinDays: 30 },
  },
  permissions: { read: ['acm:DescribeCertificate'], write: ['acm:DeleteCertificate'], undo: [] },
  clients: { acm: ACMClient },
  gone: ['ResourceNotFoundException'],

  async inspect({ acm }, { target: { id: CertificateArn } }): Promise<State | undefined> {
    const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn }));
    if (!Certificate) return undefined;
    const { DomainName: domain = '', InUseBy = [], NotAfter, SubjectAlternativeNames = [] } = Certificate;
    return {
      ...{ domain, names: [...SubjectAlternativeNames].sort(), usedBy: [...InUseBy].sort() },
      ...(NotAfter && { days: Math.floor((NotAfter.getTime() - Date.now()) / DAY_MS) }),
    };
  },

  check({ domain, days }, { params: { withinDays } }) {
    if (withinDays === undefined) return `the certificate for ${domain} is to be deleted`;
    if (days === undefined || days > withinDays) return undefined;
    return `the certificate for ${domain} ${days < 0 ? 'has expired' : `expires in ${days} days`}`;
  },

  plan: ({ usedBy }, { target: { id: CertificateArn } }) =>
    usedBy.length > 0
      ? { held: `it is in use by ${usedBy.join(', ')}` }
      : [{ acm: new DeleteCertificateCommand({ CertificateArn }) }],

  undo: () => ({ irreversible: 'nobody has the private key: ask ACM for another certificate, or import it' }),
});

interface State {
  readonly domain: string;
  readonly names: readonly string[];
  /** ARNs of what uses it. */
  readonly usedBy: readonly string[];
  /** Whole days until it expires, less than 0 once it has; absent: it was never issued. */
  readonly days?: number;
}
