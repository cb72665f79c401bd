import { nest } from './nested';

const role = {
  Type: 'AWS::IAM::Role',
  Properties: { Policy: { 'Fn::Sub': '${Queue.Arn} ${AWS::Region} ${!Literal}' } },
};
const bot = {
  Type: 'AWS::Lambda::Function',
  DependsOn: ['BotLogs', 'Table'],
  Properties: {
    Role: { 'Fn::Sub': '${BotRole.Arn}' },
    Code: { S3Bucket: { Ref: 'Bucket' } },
    Environment: {
      Variables: { TABLE: { Ref: 'Table' }, QUEUE: { 'Fn::GetAtt': ['Queue', 'Arn'] }, PLAIN: 'x' },
    },
  },
};
const logs = { Type: 'AWS::Logs::LogGroup', Properties: {} };
const other = (properties: object = {}, DependsOn?: string[]) => ({
  Type: 'AWS::SQS::Queue',
  ...(DependsOn && { DependsOn }),
  Properties: properties,
});
const base = { Table: other(), Queue: other(), Bucket: other(), Bot: bot, BotRole: role, BotLogs: logs };
const stacks = { EcBots: ['Bot', 'BotRole', 'BotLogs'] };
const url = (stack: string) => ({ 'Fn::Sub': `https://example/${stack}.json` });

test('what stays in the root becomes a parameter; what moves along is referred to as before', () => {
  const { root, nested } = nest({ Resources: base }, stacks, url);
  expect(Object.keys(root.Resources)).toEqual(['Table', 'Queue', 'Bucket', 'EcBots']);
  expect(root.Resources.EcBots).toEqual({
    Type: 'AWS::CloudFormation::Stack',
    DependsOn: ['Table'],
    Properties: {
      TemplateURL: { 'Fn::Sub': 'https://example/EcBots.json' },
      Parameters: {
        Bucket: { Ref: 'Bucket' },
        Table: { Ref: 'Table' },
        QueueArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
      },
    },
  });
  const { Parameters, Resources } = nested.EcBots ?? {};
  expect(Parameters).toEqual({ Bucket: STRING, Table: STRING, QueueArn: STRING });
  expect(Resources?.BotRole?.Properties).toEqual({
    Policy: { 'Fn::Sub': '${QueueArn} ${AWS::Region} ${!Literal}' },
  });
  expect(Resources?.Bot).toEqual({
    Type: 'AWS::Lambda::Function',
    DependsOn: ['BotLogs'],
    Properties: {
      Role: { 'Fn::Sub': '${BotRole.Arn}' },
      Code: { S3Bucket: { Ref: 'Bucket' } },
      Environment: { Variables: { TABLE: { Ref: 'Table' }, QUEUE: { Ref: 'QueueArn' }, PLAIN: 'x' } },
    },
  });
});
const STRING = { Type: 'String' };

test('what waited for a resource that moved waits for its stack', () => {
  const { root } = nest(
    { Resources: { ...base, Late: other({}, ['Bot', 'BotRole', 'Queue']) } },
    stacks,
    url,
  );
  expect(root.Resources.Late?.DependsOn).toEqual(['EcBots', 'Queue']);
});

test.each([
  [
    'a value that the root reads',
    { ...base, Late: other({ Arn: { 'Fn::GetAtt': ['Bot', 'Arn'] } }) },
    /Late refers to Bot/,
  ],
  [
    'the same in text',
    { ...base, Late: other({ Arn: { 'Fn::Sub': 'x ${BotRole.Arn}' } }) },
    /Late refers to BotRole/,
  ],
  ['a condition', { ...base, BotLogs: { ...logs, Condition: 'C' } }, /BotLogs has a condition/],
  ['a resource that is not there', { Bot: bot, BotRole: role }, /no resource BotLogs/],
])('%s is refused', (_what, Resources, message) => {
  expect(() => nest({ Resources }, stacks, url)).toThrow(message);
});
