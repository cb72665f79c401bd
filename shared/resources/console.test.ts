import { consoleUrl } from './console';
import type { Target } from './target';
import { typeOf } from './types';

const at = (type: string, id: string, region = 'eu-west-1'): Target => ({
  account: '111122223333',
  region,
  type,
  id,
});

test.each([
  [
    'AWS::EC2::SecurityGroup',
    'sg-0a1b2c3d',
    'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-0a1b2c3d',
  ],
  [
    'AWS::S3::Bucket',
    'data.acme',
    'https://eu-west-1.console.aws.amazon.com/s3/buckets/data.acme?region=eu-west-1',
  ],
  [
    'AWS::IAM::User',
    'ann@example.com',
    'https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/ann%40example.com',
  ],
  [
    'AWS::Logs::LogGroup',
    '/aws/lambda/orders',
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Forders',
  ],
  [
    'AWS::SecretsManager::Secret',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3',
    'https://eu-west-1.console.aws.amazon.com/secretsmanager/secret?name=prod%2Fdb&region=eu-west-1',
  ],
  [
    'AWS::CloudTrail::Trail',
    'main',
    'https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/trails/arn:aws:cloudtrail:eu-west-1:111122223333:trail/main',
  ],
  [
    'AWS::ApiGateway::Stage',
    'arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/stages/live',
    'https://eu-west-1.console.aws.amazon.com/apigateway/main/apis/a1b2c3/stages?api=a1b2c3&region=eu-west-1',
  ],
  [
    'AWS::ECS::TaskDefinition',
    'arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7',
    'https://eu-west-1.console.aws.amazon.com/ecs/v2/task-definitions/web/7?region=eu-west-1',
  ],
])('%s %s has its page', (type, id, url) => {
  expect(consoleUrl(at(type, id))).toBe(url);
});

test.each([
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/kms/home?region=cn-north-1#/kms/keys/k'],
  [
    'us-gov-east-1',
    'https://us-gov-east-1.console.amazonaws-us-gov.com/kms/home?region=us-gov-east-1#/kms/keys/k',
  ],
  ['eusc-de-east-1', undefined],
  ['us-iso-east-1', undefined],
])('in %s', (region, url) => {
  expect(consoleUrl(at('AWS::KMS::Key', 'k', region))).toBe(url);
});

test('what has no region is shown where its partition shows it', () => {
  const url = consoleUrl(at('AWS::IAM::Role', 'r', 'us-gov-east-1'));
  expect(url).toBe(
    'https://us-gov-west-1.console.amazonaws-us-gov.com/iam/home?region=us-gov-west-1#/roles/details/r',
  );
});

test.each([
  ['AWS::IAM::AccessKey', 'AKIA0000000000000000'],
  ['AWS::::Account', '111122223333'],
  ['AWS::Made::Up', 'x'],
  ['constructor', 'x'],
  ['AWS::ECR::Repository', 'a/../../../iam'],
  ['AWS::SecretsManager::Secret', 'no arn'],
  ['AWS::ApiGateway::Stage', 'no arn'],
])('%s %s has none', (type, id) => {
  expect(consoleUrl(at(type, id))).toBeUndefined();
});

test('nothing in an id leaves its place, whatever the type', () => {
  const id = `x/?a=b#c&d <script>|*_~\`@here {{x}}")'[(]\n\ud800${'y'.repeat(256)}`;
  const types = ['AWS::S3::Bucket', 'AWS::EC2::Instance', 'AWS::SNS::Topic', 'AWS::ECR::Repository'];
  for (const type of types) {
    expect(typeOf(type)).toBeDefined();
    const url = consoleUrl(at(type, id)) ?? '';
    const usual = consoleUrl(at(type, 'x')) ?? '';
    expect(url).toMatch(/^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/[\w%/.:?=&#-]+$/);
    const marks = (text: string) => text.replace(/[^?#&=]/g, '');
    expect(marks(url)).toBe(marks(usual));
    expect(new URL(url).host).toBe('eu-west-1.console.aws.amazon.com');
  }
});
