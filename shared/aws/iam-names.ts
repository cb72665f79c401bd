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
  return action.startsWith('ec2:') && 'TagSpecifications' in input ? [action, 'ec2:CreateTags'] : [action];
}
