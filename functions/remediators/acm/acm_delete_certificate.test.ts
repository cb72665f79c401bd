import { ACMClient, ListCertificatesCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './acm_delete_certificate';

const request = async ({ client }: Account, DomainName = 'example.com') =>
  (await client(ACMClient).send(new RequestCertificateCommand({ DomainName }))).CertificateArn ?? '';

/** A certificate that expires then and is used by those: moto's expire in a year, and nothing uses them. */
const certificate =
  (days: number, ...InUseBy: string[]) =>
  async (account: Account) => {
    const id = await request(account);
    let there = true;
    account.script({
      DescribeCertificate: () => {
        if (!there) throw Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
        const NotAfter = new Date(Date.now() + (days + 0.5) * 86_400_000);
        return { Certificate: { DomainName: 'example.com', NotAfter, InUseBy } };
      },
      DeleteCertificate: ({ CertificateArn }) => {
        there = CertificateArn !== id;
        return {};
      },
    });
    return id;
  };
const irreversible = /nobody has the private key/;
const writes = ['acm:DeleteCertificate'];

testBot(bot, {
  violating: [
    {
      name: 'nothing uses it, beside another for the same name',
      given: async (account) => {
        await request(account);
        return request(account);
      },
      violation: 'the certificate for example.com is to be deleted',
      writes,
      irreversible,
      untouched: async ({ client }, id) => {
        const { CertificateSummaryList: list = [] } = await client(ACMClient).send(
          new ListCertificatesCommand({}),
        );
        return { others: list.filter(({ CertificateArn }) => CertificateArn !== id) };
      },
    },
    {
      name: 'it expires soon',
      given: certificate(20),
      params: { withinDays: 30 },
      violation: 'the certificate for example.com expires in 20 days',
      writes,
      irreversible,
    },
    {
      name: 'it has expired',
      given: certificate(-3),
      params: { withinDays: 0 },
      violation: 'the certificate for example.com has expired',
      writes,
      irreversible,
    },
    {
      name: 'a load balancer uses it',
      given: certificate(-3, 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1'),
      violation: 'the certificate for example.com is to be deleted',
      writes: [],
      held: /^it is in use by arn:.*web\/1$/,
    },
  ],
  compliant: [{ name: 'it does not expire soon', given: certificate(31), params: { withinDays: 30 } }],
  gone: 'arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
});
