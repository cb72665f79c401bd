import type { Source } from '../source';
import { accessanalyzer } from './accessanalyzer';
import { alarm } from './alarm';
import { cloudguard } from './cloudguard';
import { config } from './config';
import { conformity } from './conformity';
import { generic } from './generic';
import { guardduty } from './guardduty';
import { health } from './health';
import { inspector } from './inspector';
import { macie } from './macie';
import { prowler } from './prowler';
import { securityhub } from './securityhub';

/** Every source there is. No message is accepted by two. */
export const sources: readonly Source[] = [
  cloudguard,
  generic,
  conformity,
  guardduty,
  health,
  alarm,
  securityhub,
  prowler,
  config,
  accessanalyzer,
  macie,
  inspector,
];
