import * as z from 'zod';
import { readAsff } from '../asff';
import { readOcsf } from '../ocsf';
import { LIMITS, atMost } from '../limits';
import { misshapen } from '../shapes';
import { withOrigin } from '../origin';
import type { Intake, Reading, Source } from '../source';
import { isOfOtherStage } from '../../../shared/security-hub';

/** By what EventBridge calls them: findings of Security Hub CSPM in ASFF, of Security Hub in OCSF. */
const IMPORTED = 'Security Hub Findings - Imported';
export const CUSTOM_ACTION = 'Security Hub Findings - Custom Action';
const IMPORTED_V2 = 'Findings Imported V2';
const DETAIL_TYPES: readonly unknown[] = [IMPORTED, CUSTOM_ACTION, IMPORTED_V2];

const BY_HAND = { actionName: [{ exists: true }] };
const IN_OCSF = { findings: { metadata: { uid: [{ exists: true }] } } };

/**
 * What asks for a repair, of findings in ASFF: the rest, our own updates among it, need not wake anybody. Findings of
 * other products have no compliance. An event carries one finding.
 */
const OPEN = {
  findings: {
    RecordState: ['ACTIVE'],
    Workflow: { Status: ['NEW', 'NOTIFIED'] },
    Compliance: { Status: ['FAILED', 'WARNING', { exists: false }] },
  },
};

/** What is read of an event; each finding is read by itself. */
const eventSchema = z.object({
  'detail-type': z.string(),
  account: z.string().optional().catch(undefined),
  region: z.string().optional().catch(undefined),
  resources: z.array(z.unknown()).optional().catch(undefined),
  detail: z.object({ actionName: z.string().nullish(), findings: z.array(z.unknown()) }),
});

/**
 * Security Hub's events, of its own controls and of every product that it gathers findings from. Routes name a
 * finding by its control, generator or types, and what people chose by hand by the custom action's name too.
 */
export const securityhub: Source = {
  name: 'securityhub',

  eventPattern: {
    source: ['aws.securityhub'],
    'detail-type': DETAIL_TYPES,
    $or: [{ detail: BY_HAND }, { detail: IN_OCSF }, { detail: OPEN }],
  },

  accepts: (message) =>
    'source' in message &&
    message.source === 'aws.securityhub' &&
    'detail-type' in message &&
    DETAIL_TYPES.includes(message['detail-type']),

  read(message, intake): Reading[] {
    const parsed = eventSchema.safeParse(message);
    if (!parsed.success) return misshapen('an event of Security Hub', parsed.error);
    const { 'detail-type': detailType, account, region, resources, detail } = parsed.data;
    if (detail.findings.length === 0) return [{ declined: 'the event carries no findings' }];
    const { actionName } = detail;
    if (actionName && !isOurs(actionName, intake)) {
      return [
        {
          declined: `the custom action ${actionName.slice(0, 64)} is for somebody else: no route names it, nor does it name selfheal`,
        },
      ];
    }
    if (
      actionName &&
      intake.stage !== undefined &&
      isOfOtherStage(resources?.[0], actionName, intake.stage)
    ) {
      return [{ declined: `the custom action ${actionName} is that of another stage` }];
    }
    const keys = actionName ? [actionName] : [];
    const arrival = {
      region: account === intake.accountId ? region : undefined,
      byHand: detailType === CUSTOM_ACTION,
    };
    const { kept, over } = atMost(LIMITS.findings, detail.findings, 'findings');
    const readings = kept.flatMap((finding) => {
      const own =
        detailType === IMPORTED_V2
          ? readOcsf(finding, 'securityhub', intake)
          : readAsff(finding, 'securityhub', intake, keys);
      return withOrigin(own, finding, arrival);
    });
    return [...readings, ...over];
  },
};

/** An account may have custom actions for tickets and chats too; those ask for no repair. */
function isOurs(actionName: string, { routes }: Intake): boolean {
  const routed = Object.keys(routes?.securityhub ?? {}).map((name) => name.toLowerCase());
  return /selfheal/i.test(actionName) || routed.includes(actionName.toLowerCase());
}
