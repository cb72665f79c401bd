import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { bot } from '../../functions/remediators/kinesis/kinesis_enable_encryption';
import { newAccount } from '../../testing/account';
import { clientMaker } from './clients';

test.each([false, true])(
  'Kinesis is spoken to by an AWS that knows HTTP/1.1 alone; with a session: %s',
  async (hasSession) => {
    const { account, region, client } = await newAccount();
    const StreamName = 'orders';
    const keys = client(KinesisClient).config.credentials;
    const clients = clientMaker(
      hasSession ? {} : { credentials: keys },
      hasSession ? { credentialsFor: () => keys } : undefined,
    );
    const { kinesis } = clients(bot, { account, region, type: bot.resource, id: StreamName });
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
    expect(StreamDescriptionSummary).toMatchObject({ StreamName });
  },
);
