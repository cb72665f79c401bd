import type { BotId } from '../config';

/** A resource that bots leave alone. Every field that is given must match; `*` matches any run of characters. */
export interface Exemption {
  readonly bot?: BotId;
  readonly account?: string;
  readonly region?: string;
  readonly resource?: string;
  readonly reason: string;
  /** Who asked for it, and is asked when it ends. */
  readonly owner: string;
  /** ISO date on which the exemption ends: on that day, by UTC, bots act again. */
  readonly until?: string;
  /** Who let it be without an end, or end more than {@link MOST_DAYS} days ahead: required there. */
  readonly approver?: string;
}

/** The longest that an exemption lasts which nobody has approved. */
export const MOST_DAYS = 90;

/**
 * A tag by which the team that owns a resource exempts it. The tag's value is a date on which the exemption ends, a reason,
 * or both: `2027-01-31 public on purpose`. It counts only when CloudTrail shows who set it.
 */
export interface ExemptionTag {
  /** The key of the tag, as it is written: `selfheal:exempt`. */
  readonly key: string;
  /**
   * ARNs of the IAM roles and users whose tag counts, `*` for any characters within one part of an ARN:
   * `arn:aws:iam::111122223333:role/SecurityTeam`. A tag of anybody else exempts nothing.
   */
  readonly setBy: readonly string[];
  /** The bots that it may exempt from. Default: all. */
  readonly bots?: readonly BotId[];
  /** After so many days the tag exempts no more, whatever it says: it has to be set again. Default and most: 90. */
  readonly maxDays?: number;
}
