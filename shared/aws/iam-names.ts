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

/** Operations that hand a role to a service, which needs a right of its own. */
const PASSING_ROLES = ['ec2:AssociateIamInstanceProfile', 'iam:AddRoleToInstanceProfile'];

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
  if (action === 'iam:CreatePolicy' && 'Tags' in input) return [action, 'iam:TagPolicy'];
  if (PASSING_ROLES.includes(action)) return [action, 'iam:PassRole'];
  if (action.startsWith('ec2:') && 'TagSpecifications' in input) return [action, 'ec2:CreateTags'];
  const configuration = 'CreateBucketConfiguration' in input ? input.CreateBucketConfiguration : undefined;
  const tagged = typeof configuration === 'object' && configuration !== null && 'Tags' in configuration;
  return tagged ? [action, 's3:TagResource'] : [action];
}
