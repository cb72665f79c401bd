import type { Metadata } from './bot/bot';
import type { Config } from './config';
import { asksFor } from './rollout';

/** Tags by which Terraform's users mark what it owns, where config.ts names none. */
const TERRAFORM_TAGS = ['tfstate', 'terraform-state', 'terraform:state', 'tf-workspace'];

/** Whether config.ts hangs anything on the tags of resources. */
export function wantsTags(config: Pick<Config, 'rollout' | 'ownership' | 'exemptionTags'>): boolean {
  return (
    asksFor(config, 'tag') || isExemptedByTag(config) || (config.ownership?.ownedBy ?? 'ignore') !== 'ignore'
  );
}

function isExemptedByTag({ exemptionTags = [] }: Pick<Config, 'exemptionTags'>): boolean {
  return exemptionTags.length > 0;
}

/** The actions that a bot needs beside its own for what config.ts wants to know of resources. */
export function whoseActions(config: Pick<Config, 'rollout' | 'ownership' | 'exemptionTags'>): string[] {
  return [
    ...(wantsTags(config) ? ['tag:GetResources'] : []),
    ...(config.ownership?.changedBy || isExemptedByTag(config) ? ['cloudtrail:LookupEvents'] : []),
  ];
}

/** A bot with the rights that {@link whoseActions} adds to its own. */
export function withWhose<B extends Pick<Metadata, 'permissions'>>(
  bot: B,
  config: Pick<Config, 'rollout' | 'ownership' | 'exemptionTags'>,
): B {
  const actions = whoseActions(config);
  if (actions.length === 0) return bot;
  const { permissions } = bot;
  return { ...bot, permissions: { ...permissions, read: [...new Set([...permissions.read, ...actions])] } };
}

/** Who owns a resource by its tags, in words: `the CloudFormation stack web`; `undefined`: they say of nobody. */
export function ownerIn(
  tags: Readonly<Record<string, string>> | undefined,
  { ownership }: Pick<Config, 'ownership'>,
): string | undefined {
  if (!tags) return undefined;
  const stack = tags['aws:cloudformation:stack-name'];
  if (stack !== undefined) return `the CloudFormation stack ${stack}`;
  const product = tags['aws:servicecatalog:provisionedProductArn'];
  if (product !== undefined) return `the Service Catalog product ${product}`;
  const group = tags['aws:autoscaling:groupName'];
  if (group !== undefined) return `the Auto Scaling group ${group}`;
  const key = (ownership?.terraformTags ?? TERRAFORM_TAGS).find((name) => Object.hasOwn(tags, name));
  if (key !== undefined) return `the Terraform state ${tags[key] ?? ''}`;
  const managed = Object.entries(tags).find(
    ([name, value]) => /^managed[-_]?by$/i.test(name) && /terraform/i.test(value),
  );
  return managed && 'Terraform';
}
