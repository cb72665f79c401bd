import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  SetDefaultPolicyVersionCommand,
  paginateListPolicyVersions,
} from '@aws-sdk/client-iam';
import type { Irreversible } from '../../../../shared/bot/bot';
import { afterwards } from '../../../../shared/bot/steps';
import { documentText } from './iam';

/** A version of a managed policy. */
export interface Version {
  readonly id: string;
  readonly document: string;
  /** ISO. */
  readonly made: string;
}

/** A managed policy with all its versions, of which IAM keeps five at most. */
export interface Versions {
  /** The id of the version in force. */
  readonly current: string;
  /** The oldest first. */
  readonly versions: readonly Version[];
}

/** So many versions IAM keeps. Source: IAM quotas. */
export const MOST_VERSIONS = 5;

/** Reads them by `iam:GetPolicy`, `iam:ListPolicyVersions` and `iam:GetPolicyVersion`. */
export async function versionsOf(client: IAMClient, PolicyArn: string): Promise<Versions> {
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
  const versions: Version[] = [];
  for await (const page of paginateListPolicyVersions({ client }, { PolicyArn })) {
    for (const { VersionId, CreateDate } of page.Versions ?? []) {
      const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
      const document = documentText(PolicyVersion?.Document);
      versions.push({ id: VersionId ?? '', document, made: CreateDate?.toISOString() ?? '' });
    }
  }
  versions.sort((one, other) => numberOf(one) - numberOf(other));
  return { current: Policy?.DefaultVersionId ?? '', versions };
}

/** 3 of `v3`: IAM counts on, and gives no number twice. */
export function numberOf({ id }: Version): number {
  return Number(id.slice(1));
}

/** The document in force. */
export function documentOf({ current, versions }: Versions): string {
  return versions.find(({ id }) => id === current)?.document ?? '';
}

/** Why the policy is left alone; `undefined`: it is not. */
export function ownedByAws(arn: string): string | undefined {
  return /^arn:aws[a-z-]*:iam::aws:/.test(arn)
    ? `${arn} is AWS’s own policy, which nobody can change: detach it (iam_detach_policy)`
    : undefined;
}

/** What undo answers for: documents, since a version that is made anew has another id. */
export function documentsOf(state: Versions) {
  return { document: documentOf(state), all: state.versions.map(({ document }) => document).sort() };
}

/** The steps back from `now`, where `left` is the document that the bot left in force and `made` one that it made. */
export function versionsBack(
  PolicyArn: string,
  { before, now, left, made }: { before: Versions; now: Versions; left: string; made?: string },
) {
  const document = documentOf(before);
  const steps: {
    iam: CreatePolicyVersionCommand | DeletePolicyVersionCommand | SetDefaultPolicyVersionCommand;
  }[] = [];
  if (documentOf(now) !== document) {
    if (documentOf(now) !== left) {
      const changed: Irreversible = {
        irreversible: 'somebody has changed the policy since: put it right by hand',
      };
      return changed;
    }
    const old = now.versions.find((version) => version.document === document);
    const iam = old
      ? new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: old.id })
      : new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true });
    steps.push({ iam });
    if (made !== undefined && now.current !== before.current && documentOf(now) === made)
      steps.push({ iam: new DeletePolicyVersionCommand({ PolicyArn, VersionId: now.current }) });
  }
  const lost = before.versions
    .filter(
      ({ id, document: text }) => text !== document && !now.versions.some((version) => version.id === id),
    )
    .map(({ document: PolicyDocument }) => ({
      iam: new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }),
    }));
  return [...steps, ...lost].flatMap((step, at) => (at === 0 ? [step] : afterwards([step])));
}
