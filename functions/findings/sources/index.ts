import type { Source } from '../source';
import { cloudguard } from './cloudguard';
import { conformity } from './conformity';
import { generic } from './generic';
import { guardduty } from './guardduty';

/** Every source there is. No message is accepted by two. */
export const sources: readonly Source[] = [cloudguard, generic, conformity, guardduty];
