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
  controls: {
    securityHub: ['IAM.26'],
    cis: { '3.0': ['1.19'], '5.0': ['1.18'], '6.0': ['2.18'], '7.0': ['2.17'] },
    config: ['IAM_SERVER_CERTIFICATE_EXPIRATION_CHECK'],
    prowler: ['iam_no_expired_server_certificates_stored'],
  },
  docs: {
    why: 'An expired certificate that lies about is one that somebody deploys by mistake.',
    effect: [
      'The certificate and its private key are deleted once it has expired.',
      'One that a load balancer or a distribution still uses is refused by IAM, and the bot holds: put a valid one in its place first.',
      'There is no undo: IAM gives the private key to nobody.',
    ],
    references: ['https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServerCertificate.html'],
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
