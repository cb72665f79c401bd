import { DeleteServerCertificateCommand, GetServerCertificateCommand, IAMClient } from '@aws-sdk/client-iam';
import { findServerCertificate } from './lib/find';
import { NO_SUCH_ENTITY } from './lib/iam';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  id: 'iam_delete_expired_certificate',
  title: 'Delete expired server certificates from IAM',
  resource: 'AWS::IAM::ServerCertificate',
  severity: 'medium',
  risk: 'destructive',
  kind: 'posture',
  recheck: 'daily',
  permissions: {
    read: ['iam:GetServerCertificate'],
    write: ['iam:DeleteServerCertificate'],
    undo: [],
  },
  finder: findServerCertificate,
  clients: { iam: IAMClient },
  gone: [NO_SUCH_ENTITY],

  async inspect({ iam }, { target: { id: ServerCertificateName } }) {
    const { ServerCertificate } = await iam.send(new GetServerCertificateCommand({ ServerCertificateName }));
    const expiry = ServerCertificate?.ServerCertificateMetadata?.Expiration;
    return { expires: expiry?.toISOString() ?? '', expired: expiry !== undefined && expiry < new Date() };
  },

  check: ({ expired, expires }) =>
    expired ? `the certificate expired on ${expires.slice(0, 10)}` : undefined,

  plan: (_state, { target: { id: ServerCertificateName } }) => [
    { iam: new DeleteServerCertificateCommand({ ServerCertificateName }) },
  ],

  undo: () => ({ irreversible: 'IAM gives the private key to nobody: upload the certificate again' }),
});
