import * as z from 'zod';
import { resourceOf } from './resources/arn';
import { ACCOUNT, type Target } from './resources/target';

/** Whom Security Hub names as the author of a note. */
export const NOTE_AUTHOR = 'selfheal';

/**
 * What every note begins with: the state of the finding that it answers, by the finding's own time, which an update
 * leaves as it is. By it the event that Security Hub sends of our own update is told from a finding that is new.
 *
 * @param time - ISO, as the message has it.
 */
export function noteHead(time: string): string {
  return `selfheal on the finding of ${time}: `;
}

const text = z.string().optional().catch(undefined);
const resource = z.object({ Id: text, uid: text }).catch({});

/** What is read of a finding in ASFF (capitals) or OCSF, to know it again and to see how it stands. */
const findingSchema = z
  .object({
    Id: text,
    ProductArn: text,
    AwsAccountId: text,
    GeneratorId: text,
    Compliance: z.object({ SecurityControlId: text }).optional().catch(undefined),
    Workflow: z.object({ Status: text }).optional().catch(undefined),
    RecordState: text,
    Note: z.object({ Text: text, UpdatedBy: text }).optional().catch(undefined),
    Resources: z.array(resource).optional().catch(undefined),
    metadata: z.object({ uid: text }).optional().catch(undefined),
    finding_info: z.object({ uid: text }).optional().catch(undefined),
    cloud: z
      .object({ account: z.object({ uid: text }).optional().catch(undefined) })
      .optional()
      .catch(undefined),
    compliance: z.object({ control: text }).optional().catch(undefined),
    status: text,
    comment: text,
    resources: z.array(resource).optional().catch(undefined),
  })
  .catch({});

/** A finding of Security Hub, in whichever format. */
export interface HubFinding {
  readonly id: string | undefined;
  /** Of findings in ASFF. */
  readonly productArn: string | undefined;
  /** Of findings in OCSF. */
  readonly metadataUid: string | undefined;
  readonly account: string | undefined;
  /** What was looked for: the control's id, or who made the finding. */
  readonly control: string | undefined;
  /** `SUPPRESSED`, `RESOLVED` or `ARCHIVED`: it asks for no repair. */
  readonly settled: string | undefined;
  /** The note on it, and by whom. OCSF's comment names nobody. */
  readonly note: string | undefined;
  readonly notedBy: string | undefined;
  /** Ids of its resources as the finding has them: ARNs, most of the time. */
  readonly resources: readonly string[];
}

const SETTLED: readonly (string | undefined)[] = ['SUPPRESSED', 'RESOLVED', 'ARCHIVED'];

/** Reads a finding in ASFF or OCSF; what is not as its format has it is absent. */
export function hubFinding(finding: unknown): HubFinding {
  const said = findingSchema.parse(finding);
  const states = [said.Workflow?.Status, said.RecordState, said.status].map((state) => state?.toUpperCase());
  return {
    id: said.Id ?? said.finding_info?.uid,
    productArn: said.ProductArn,
    metadataUid: said.metadata?.uid,
    account: said.AwsAccountId ?? said.cloud?.account?.uid,
    control: (said.Compliance?.SecurityControlId ?? said.GeneratorId ?? said.compliance?.control)?.slice(
      0,
      512,
    ),
    settled: states.find((state) => SETTLED.includes(state)),
    note: said.Note?.Text ?? said.comment,
    notedBy: said.Note?.UpdatedBy,
    resources: [...(said.Resources ?? []), ...(said.resources ?? [])].flatMap(
      ({ Id, uid }) => Id ?? uid ?? [],
    ),
  };
}

/** Whether a finding is about the target, or about the account that it lies in, whose resources it does not name. */
export function isAbout({ account, resources }: HubFinding, { account: owner, type, id }: Target): boolean {
  if (account !== owner) return false;
  return resources.some((said) => {
    const resource = resourceOf(said);
    if (resource?.type === ACCOUNT) return resource.id === owner;
    return said === id || (resource?.type === type && resource.id === id) || lastOf(said) === lastOf(id);
  });
}

/** `sg-1` of an ARN, and of an id that stands alone. */
function lastOf(id: string): string | undefined {
  return id.split(/[/:]/).at(-1);
}

/** What the custom action is called in Security Hub's console: 20 characters at most. Source: API, CreateActionTarget. */
export const ACTION_NAME = 'Fix with selfheal';

/** How the id of the custom action begins, before the letters and digits of the stage. */
export const ACTION_ID = 'selfheal';

/** Whether the custom action is that of another stage, by its ARN. */
export function isOfOtherStage(arn: unknown, name: string, stage: string): boolean {
  const [, id] = /:action\/custom\/(\w+)$/.exec(typeof arn === 'string' ? arn : '') ?? [];
  if (name !== ACTION_NAME || !id?.startsWith(ACTION_ID)) return false;
  return id !== `${ACTION_ID}${stage.replaceAll('-', '')}`;
}
