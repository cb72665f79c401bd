/**
 * Operations whose IAM action has another name than the SDK's command. Everything else is
 * `<client>:<Command without "Command">`. Source: Service Authorization Reference.
 */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:DeleteBucketOwnershipControls': 's3:PutBucketOwnershipControls',
  's3control:GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
  's3control:PutPublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  's3control:DeletePublicAccessBlock': 's3:PutAccountPublicAccessBlock',
};

/** The IAM action that a command needs: `actionOf('s3', 'PutPublicAccessBlockCommand')`. */
export function actionOf(service: string, commandName: string): string {
  const action = `${service}:${commandName.replace(/Command$/, '')}`;
  return OTHER_NAMES[action] ?? action;
}

/** Fields of a call's input that need a right beside the call's own, whatever is in them. */
const BY_FIELD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ec2:AssociateIamInstanceProfile': { IamInstanceProfile: 'iam:PassRole' },
  'ec2:CreateFlowLogs': { DeliverLogsPermissionArn: 'iam:PassRole' },
  'iam:AddRoleToInstanceProfile': { RoleName: 'iam:PassRole' },
  'iam:CreatePolicy': { Tags: 'iam:TagPolicy' },
  'iam:CreateRole': { Tags: 'iam:TagRole' },
  'logs:CreateLogGroup': { tags: 'logs:TagResource' },
};

/**
 * All IAM actions that a call needs: tags given to what it makes need the right to create tags beside its own, and a
 * role that is handed over the right to pass it.
 */
export function actionsNeeded({
  action,
  input,
}: {
  readonly action: string;
  readonly input: object;
}): string[] {
  const byField = Object.entries(BY_FIELD[action] ?? {}).flatMap(([field, other]) =>
    field in input ? [other] : [],
  );
  return [action, ...byField, ...tagging(action, input), ...delivery(action, input)];
}

function tagging(action: string, input: object): string[] {
  if (action.startsWith('ec2:') && 'TagSpecifications' in input) return ['ec2:CreateTags'];
  const configuration = 'CreateBucketConfiguration' in input ? input.CreateBucketConfiguration : undefined;
  const tagged = typeof configuration === 'object' && configuration !== null && 'Tags' in configuration;
  return tagged ? ['s3:TagResource'] : [];
}

/** Flow logs to S3 are deliveries of CloudWatch Logs. Source: VPC User Guide, Publish flow logs to Amazon S3. */
function delivery(action: string, input: object): string[] {
  if (action === 'ec2:DeleteFlowLogs') return ['logs:DeleteLogDelivery'];
  const isToS3 = 'LogDestinationType' in input && input.LogDestinationType === 's3';
  return action === 'ec2:CreateFlowLogs' && isToS3 ? ['logs:CreateLogDelivery'] : [];
}
