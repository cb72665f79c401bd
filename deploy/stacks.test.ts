import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { newAccount } from '../testing/account';

interface Plugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
}
/** A plugin of Serverless is what its module is. */
const Stacks = jest.requireActual<new (serverless: object) => Plugin>('./stacks.ts');

const StackName = 'selfheal-prod';
const KEPT = ['AttributeDefinitions', 'KeySchema', 'BillingMode'];
const table = (TableName?: string) => ({
  Type: 'AWS::DynamoDB::Table',
  DeletionPolicy: 'RetainExceptOnCreate',
  Properties: {
    ...(TableName !== undefined && { TableName }),
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
});

/** The journal as the next deployment makes it, beside the stack that is there. */
async function nextJournal(deployed?: ReturnType<typeof table>) {
  const { client } = await newAccount();
  const cloudFormation = client(CloudFormationClient);
  if (deployed) {
    const TemplateBody = JSON.stringify({ Resources: { JournalTable: deployed } });
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
  }
  const template = { Resources: { JournalTable: table() } };
  const { region, credentials } = cloudFormation.config;
  const plugin = new Stacks({
    service: { provider: { compiledCloudFormationTemplate: template } },
    getProvider: () => ({
      naming: { getStackName: () => StackName },
      getAwsSdkV3Config: () => Promise.resolve({ region, credentials }),
    }),
  });
  const hook = plugin.hooks['before:aws:deploy:deploy:checkForChanges'];
  if (!hook) throw new Error('nothing looks for the journal that is there');
  await hook();
  return { journal: template.Resources.JournalTable.Properties, client };
}

describe('the journal', () => {
  test('of the flat stack, whose table was named by its template, stays that table', async () => {
    const flat = table(`${StackName}-journal`);
    const { journal, client } = await nextJournal(flat);
    expect(journal.TableName).toBe(`${StackName}-journal`);
    const read = new DescribeTableCommand({ TableName: journal.TableName ?? '' });
    expect((await client(DynamoDBClient).send(read)).Table?.TableStatus).toBe('ACTIVE');
    // CloudFormation replaces a table when one of these changes.
    for (const property of KEPT) expect(journal).toHaveProperty(property, flat.Properties[property as never]);
  });

  test('with a generated name goes on without one', async () => {
    const { journal } = await nextJournal(table());
    expect(journal).not.toHaveProperty('TableName');
  });

  test('of a first deployment gets its name from CloudFormation', async () => {
    const { journal } = await nextJournal();
    expect(journal).not.toHaveProperty('TableName');
  });
});
