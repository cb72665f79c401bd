import type { Severity } from '../bot/bot';
import type { BotId } from '../config';

/** Which repairs something is about: all that is given must match; what is left out does not restrict. */
export interface Scope {
  /** Accounts of the resources. */
  readonly accounts?: readonly string[];
  readonly bots?: readonly BotId[];
  readonly severities?: readonly Severity[];
  /** This severity and all above it. */
  readonly minSeverity?: Severity;
}

/** What closes repairs off, and whether those of critical severity pass all the same. */
interface Closing extends Scope {
  /** Repairs of critical severity do not wait for it. Default: `false`. */
  readonly criticalPasses?: boolean;
}

/**
 * When bots may act on what matches: a repair that several windows match may run in any of them, one that none matches at
 * any time.
 */
export interface Window extends Closing {
  /** When it opens: minute, hour, day of the month, month, day of the week. `0 22 * * 1-5`: at ten in the evening on weekdays. */
  readonly cron: string;
  /** The time zone of `cron`, by its IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
  /** How long it stays open, in time that passes; hours and minutes are added. At most a week. */
  readonly hours?: number;
  readonly minutes?: number;
}

/** A time in which bots do not act on what matches, whatever windows say. */
export interface Freeze extends Closing {
  /** ISO dates, which begin at midnight UTC, or ISO times with an offset: `2026-12-18T18:00:00+01:00`. `until` is not frozen any more. */
  readonly from: string;
  readonly until: string;
  /** For whoever asks why nothing is repaired. */
  readonly reason: string;
}

/** A Change Calendar of Systems Manager, while it is closed bots do not act on what matches. */
export type Calendar = Closing &
  (
    | {
        /** The name of the calendar in the installation's own account and region. */
        readonly name: string;
      }
    | {
        /** The ARN of a calendar that another account shares, or of one in another region. */
        readonly arn: string;
      }
  );

/** When bots may act; outside of it what is to be repaired waits in the queue. */
export interface Hours {
  readonly windows?: readonly Window[];
  readonly freezes?: readonly Freeze[];
  readonly calendars?: readonly Calendar[];
}
