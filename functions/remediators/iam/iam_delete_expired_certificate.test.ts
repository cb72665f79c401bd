import {
  IAMClient,
  ListServerCertificatesCommand,
  UploadServerCertificateCommand,
} from '@aws-sdk/client-iam';
import { newAccount } from '../../../testing/account';
import { remediate } from '../../../shared/bot/run';
import { type Account, testBot } from '../../../testing/contract';
import { bot } from './iam_delete_expired_certificate';

const upload = async ({ client }: Account, ServerCertificateName: string) => {
  const input = { ServerCertificateName, CertificateBody: 'body', PrivateKey: 'key' };
  await client(IAMClient).send(new UploadServerCertificateCommand(input));
  return ServerCertificateName;
};
/** Moto reads no certificate: each expires in 2012. */
const valid = (account: Account) => {
  const ServerCertificateMetadata = { Expiration: new Date(Date.now() + 3_600_000) };
  account.script({ GetServerCertificate: () => ({ ServerCertificate: { ServerCertificateMetadata } }) });
};

testBot(bot, {
  violating: [
    {
      name: 'expired, beside another',
      given: async (account) => {
        await upload(account, 'other');
        return upload(account, 'old');
      },
      violation: /^the certificate expired on \d{4}-\d\d-\d\d$/,
      writes: ['iam:DeleteServerCertificate'],
      irreversible: /upload the certificate again/,
      untouched: async ({ client }, id) => {
        const { ServerCertificateMetadataList: list = [] } = await client(IAMClient).send(
          new ListServerCertificatesCommand({}),
        );
        return list.filter((one) => one.ServerCertificateName !== id);
      },
    },
  ],
  compliant: [
    {
      name: 'valid',
      given: async (account) => {
        valid(account);
        return upload(account, 'new');
      },
    },
  ],
  gone: 'nothing',
});

test('what a load balancer uses is held', async () => {
  const account = await newAccount();
  const target = {
    ...{ account: account.account, region: account.region },
    ...{ type: bot.resource, id: await upload(account, 'old') },
  };
  account.script({
    DeleteServerCertificate: () => {
      throw Object.assign(new Error('is currently in use'), { name: 'DeleteConflictException' });
    },
  });
  const aws = { iam: account.client(IAMClient) };
  expect(await remediate(bot, { aws, target, params: {}, mode: 'apply' })).toMatchObject({
    outcome: 'held',
    reason: expect.stringMatching(/still uses it/),
  });
});
