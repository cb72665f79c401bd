import fc from 'fast-check';
import { resourceOf } from './arn';

const ACCOUNT = '111122223333';

describe('resourceOf', () => {
  test.each([
    ['arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1', 'AWS::EC2::SecurityGroup', 'sg-1'],
    ['arn:aws-us-gov:ec2:us-gov-west-1:111122223333:instance/i-1', 'AWS::EC2::Instance', 'i-1'],
    ['arn:aws:ec2:eu-west-1:111122223333:network-acl/acl-1', 'AWS::EC2::NetworkAcl', 'acl-1'],
    ['arn:aws:kms:eu-west-1:111122223333:key/mrk-1', 'AWS::KMS::Key', 'mrk-1'],
    ['arn:aws:iam::111122223333:user/team/red/ann', 'AWS::IAM::User', 'ann'],
    ['arn:aws:iam::111122223333:role/service-role/r', 'AWS::IAM::Role', 'r'],
    [
      'arn:aws:iam::111122223333:policy/p/all',
      'AWS::IAM::ManagedPolicy',
      'arn:aws:iam::111122223333:policy/p/all',
    ],
    ['arn:aws:iam::111122223333:root', 'AWS::::Account', ACCOUNT],
    ['arn:aws:iam:us-east-1:111122223333:password-policy', 'AWS::::Account', ACCOUNT],
    ['arn:aws:rds:eu-west-1:111122223333:db:orders', 'AWS::RDS::DBInstance', 'orders'],
    ['arn:aws:rds:eu-west-1:111122223333:snapshot:rds:orders-1', 'AWS::RDS::DBSnapshot', 'rds:orders-1'],
    ['arn:aws:rds:eu-west-1:111122223333:dbclustersnapshot:aur1', 'AWS::RDS::DBClusterSnapshot', 'aur1'],
    [
      'arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:rds:aur1',
      'AWS::RDS::DBClusterSnapshot',
      'rds:aur1',
    ],
    ['arn:aws:rds:eu-west-1:111122223333:dbcluster/Aurora', 'AWS::RDS::DBCluster', 'aurora'],
    ['arn:aws:rds:eu-west-1:111122223333:dbinstance/orders', 'AWS::RDS::DBInstance', 'orders'],
    ['arn:aws:rds:eu-west-1:111122223333:db:Orders', 'AWS::RDS::DBInstance', 'orders'],
    [
      'arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:0-1:autoScalingGroupName/web',
      'AWS::AutoScaling::AutoScalingGroup',
      'web',
    ],
    ['arn:aws:cloudformation:eu-west-1:111122223333:stack/app/0-1', 'AWS::CloudFormation::Stack', 'app'],
    [
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0a1b',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/0a1b',
    ],
    [
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/web',
      'AWS::ElasticLoadBalancing::LoadBalancer',
      'web',
    ],
    ['arn:aws:route53:::hostedzone/Z1', 'AWS::Route53::HostedZone', 'Z1'],
    ['arn:aws:es:eu-west-1:111122223333:domain/logs', 'AWS::OpenSearchService::Domain', 'logs'],
    [
      'arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod',
      'AWS::ApiGateway::Stage',
      'arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod',
    ],
    ['arn:aws:lambda:eu-west-1:111122223333:function:f:7', 'AWS::Lambda::Function', 'f'],
    [
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b-Xy',
      'AWS::SecretsManager::Secret',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a/b-Xy',
    ],
    ['arn:aws:ecr:eu-west-1:111122223333:repository/team/app', 'AWS::ECR::Repository', 'team/app'],
    ['arn:aws:redshift:eu-west-1:111122223333:cluster:dw', 'AWS::Redshift::Cluster', 'dw'],
    ['arn:aws:cloudtrail:eu-west-1:111122223333:trail/main', 'AWS::CloudTrail::Trail', 'main'],
    ['arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*', 'AWS::Logs::LogGroup', '/aws/lambda/f'],
    ['arn:aws:s3:::a.bucket', 'AWS::S3::Bucket', 'a.bucket'],
    ['arn:aws:sns:eu-west-1:111122223333:t', 'AWS::SNS::Topic', 'arn:aws:sns:eu-west-1:111122223333:t'],
    [
      'arn:aws:sqs:eu-west-1:111122223333:q',
      'AWS::SQS::Queue',
      'https://sqs.eu-west-1.amazonaws.com/111122223333/q',
    ],
    [
      'arn:aws-cn:sqs:cn-north-1:111122223333:q',
      'AWS::SQS::Queue',
      'https://sqs.cn-north-1.amazonaws.com.cn/111122223333/q',
    ],
    ['AWS::::Account:111122223333', 'AWS::::Account', ACCOUNT],
    ['AWS::IAM::AccessKey:AKIAIOSFODNN7EXAMPLE', 'AWS::IAM::AccessKey', 'AKIAIOSFODNN7EXAMPLE'],
  ])('%s', (arn, type, id) => {
    expect(resourceOf(arn)).toMatchObject({ type, id });
  });

  test.each([
    '',
    'sg-1',
    'arn:aws:s3:::bucket/object',
    'arn:aws:s3:eu-west-1:111122223333:accesspoint/a',
    'arn:aws:sns:eu-west-1:111122223333:t:subscription',
    'arn:aws:kms:eu-west-1:111122223333:alias/a',
    'arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/s',
    'arn:aws:ec2:eu-west-1:111122223333:security-group/',
    'arn:aws:ec2:eu-west-1:1111:security-group/sg-1',
    'arn:aws:ec2:eu-west-1:111122223333:security-group/sg 1',
    'arn:aws:quantum:eu-west-1:111122223333:bit/b',
    'arn:aws:constructor:::x',
    'arn:aws:iam::aws:policy/AdministratorAccess',
    'arn:aws:iam::aws:policy/aws-service-role/SupportServiceRolePolicy',
    'AWS::S3::Bucket:b',
  ])('%j names nothing that is known', (arn) => {
    expect(resourceOf(arn)).toBeUndefined();
  });

  test('tells the account, the partition and the region, or that it lies in none', () => {
    expect(resourceOf('arn:aws:iam::111122223333:user/ann')).toEqual({
      ...{ type: 'AWS::IAM::User', id: 'ann', partition: 'aws' },
      account: ACCOUNT,
      isGlobal: true,
    });
    expect(resourceOf('arn:aws:s3:::b')).toEqual({ type: 'AWS::S3::Bucket', id: 'b', partition: 'aws' });
    expect(resourceOf('arn:aws-cn:rds:cn-north-1:111122223333:db:orders')).toEqual({
      ...{ type: 'AWS::RDS::DBInstance', id: 'orders', partition: 'aws-cn' },
      ...{ account: ACCOUNT, region: 'cn-north-1' },
    });
  });
});

test('any text: nothing is thrown, and an id is never empty', () => {
  const part = fc.constantFrom('arn', 'aws', 's3', 'sqs', 'iam', 'user', ACCOUNT, 'eu-west-1', '', 'x', '*');
  const separated = fc
    .array(fc.tuple(part, fc.constantFrom(':', '/', '::')))
    .map((all) => all.flat().join(''));
  fc.assert(
    fc.property(fc.oneof(separated, fc.string({ unit: 'binary' })), (text) => {
      expect(resourceOf(text)?.id).not.toBe('');
    }),
  );
});
