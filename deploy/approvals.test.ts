import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import type { Config } from '../shared/config';
import { loadBot } from '../shared/worker/load';
import type { Statement } from './policies';
import { stackOf } from './stack';

const bare: Config = { enable_auto_response: true, bots: { kms_enable_rotation: { enabled: true } } };
const slack = {
  signingSecret: { parameter: '/selfheal/slack-signing-secret' },
  approvers: [{ users: ['U024BE7LH'] }],
};

async function made(changes: Partial<Config>) {
  const { functions, resources } = await stackOf({ ...bare, ...changes }, catalogue, (id) =>
    loadBot(bots, id),
  );
  const statementsOf = (role: string) => {
    const { Policies } = resources.Resources[role]?.Properties as {
      Policies: { PolicyDocument: { Statement: Statement[] } }[];
    };
    return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  };
  return { functions, resources: resources.Resources, statementsOf };
}

test('there is a function for decisions only where config.ts asks for one', async () => {
  const { functions, resources } = await made({ rollout: [{ mode: 'approve' }] });
  expect(functions).not.toHaveProperty('approvals');
  expect(Object.keys(resources).filter((name) => /Approvals|Decisions/.test(name))).toEqual([]);
});

test("Slack's buttons have a URL, and a role that writes decisions and holds alone", async () => {
  const { functions, resources, statementsOf } = await made({ approvals: { slack } });
  expect(functions.approvals).toMatchObject({ url: true });
  expect(resources).not.toHaveProperty('DecisionsRule');
  const statements = statementsOf('ApprovalsRole');
  expect(statements.find(({ Action }) => Action.includes('dynamodb:PutItem'))).toMatchObject({
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['decision/*', 'hold/*'] } },
  });
  expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
    ...['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'kms:Decrypt', 'kms:GenerateDataKey'],
    ...['logs:CreateLogStream', 'logs:PutLogEvents', 'sns:Publish', 'sqs:SendMessage', 'ssm:GetParameter'],
    ...['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  ]);
});

test('EventBridge lets through decisions of this account alone, and gives no URL', async () => {
  const { functions, resources } = await made({ approvals: { eventBridge: true } });
  expect(functions.approvals).not.toHaveProperty('url');
  expect(resources.DecisionsRule?.Properties).toMatchObject({
    EventPattern: { account: [{ Ref: 'AWS::AccountId' }], 'detail-type': ['selfheal decision'] },
  });
});

test('no bot writes a decision, and each reads those on its own plans', async () => {
  const { statementsOf } = await made({ approvals: { slack } });
  const keys = statementsOf('KmsEnableRotationRole').flatMap(({ Action, Condition }) => {
    const { 'dynamodb:LeadingKeys': leading } = (Condition?.['ForAllValues:StringLike'] ?? {}) as Record<
      string,
      string[]
    >;
    return leading ? [[Action[0], leading]] : [];
  });
  expect(keys).toEqual([
    ['dynamodb:UpdateItem', ['kms_enable_rotation/*', 'repairs/kms_enable_rotation/*', 'limits/*']],
    [
      'dynamodb:BatchGetItem',
      [
        'stops',
        'hold/kms_enable_rotation/*',
        'kms_enable_rotation/*',
        'decision/kms_enable_rotation/*',
        'repairs/kms_enable_rotation/*',
      ],
    ],
  ]);
});

test('the coordinator looks for deadlines only where people are asked', async () => {
  const actions = async (changes: Partial<Config>) =>
    (await made(changes)).statementsOf('CoordinatorRole').flatMap(({ Action }) => Action);
  expect(await actions({})).not.toContain('dynamodb:Query');
  expect(await actions({ rollout: [{ mode: 'approve' }] })).toContain('dynamodb:Query');
});

test('what config.ts wants to know of resources, bots have the right to ask', async () => {
  const { statementsOf } = await made({ ownership: { ownedBy: 'tell', changedBy: true } });
  const actions = statementsOf('KmsEnableRotationRole').flatMap(({ Action }) => Action);
  expect(actions).toEqual(expect.arrayContaining(['tag:GetResources', 'cloudtrail:LookupEvents']));
});

test.each<[Partial<Config>, RegExp]>([
  [{ rollout: [{ mode: 'sometimes' as never }] }, /rollout\[0\]\.mode/],
  [{ rollout: [{ mode: 'plan', acounts: ['111122223333'] } as never] }, /acounts/],
  [{ rollout: [{ mode: 'plan', organizationalUnits: ['prod'] }] }, /ou-ab12-cdefghij/],
  [{ approvals: { slack: { ...slack, approvers: [] } } }, /approvers/],
  [{ approvals: { slack: { ...slack, approvers: [{ users: ['alice'] }] } } }, /U024BE7LH/],
  [{ approvals: { deadlineHours: 0 } }, /deadlineHours/],
  [{ repeats: { times: 0 } }, /repeats/],
])('%j is refused by name', async (changes, said) => {
  await expect(made(changes)).rejects.toThrow(said);
});
