import type { Change } from './changes/change';

/** One call of AWS as it is shown, journaled and told: `{ action: 'kms:EnableKeyRotation', input: {…} }`. */
export interface Call {
  readonly action: string;
  readonly input: object;
}

/** An error as data. `code` is the SDK's error name: `AccessDenied`, `ThrottlingException`. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The call that failed; absent when reading or judging failed. */
  readonly call?: string;
}

/** A call of a plan that was not carried out. */
export interface Left extends Call {
  /** How AWS refused it; absent: it was not sent, because it stands on one that was refused. */
  readonly error?: Failure;
}

/** How a run ended. `before` and `after` are the bot's own state; `calls` is what was sent, or would be. */
export type Outcome<S = unknown> =
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'compliant'; readonly state: S }
  | { readonly outcome: 'exempt'; readonly reason: string }
  | (Found<S> & {
      /** The fault stands, and trying again cannot mend it: `reason` says what to do. */
      readonly outcome: 'held';
      readonly reason: string;
      /** Absent when reading was refused already. */
      readonly error?: Failure;
      /** What was sent before AWS refused for good. */
      readonly calls?: readonly Call[];
    })
  | (Found<S> & {
      /** It goes on by itself when AWS is ready, so this is no try: the message comes back. */
      readonly outcome: 'waiting';
      readonly reason: string;
      /** Present when AWS said so by an error, `ThrottlingException` say: then nobody needs to hear of it. */
      readonly error?: Failure;
      readonly calls: readonly Call[];
    })
  | {
      readonly outcome: 'planned';
      readonly violation: string;
      readonly before: S;
      readonly calls: readonly Call[];
      /** What the calls change, in words. */
      readonly changes: readonly Change[];
    }
  | {
      readonly outcome: 'fixed';
      readonly violation: string;
      readonly before: S;
      /** Absent when the fix was to delete the resource. */
      readonly after?: S;
      readonly calls: readonly Call[];
      readonly changes?: readonly Change[];
    }
  | {
      readonly outcome: 'unverified';
      readonly violation: string;
      /** What the re-read still finds. */
      readonly still: string;
      readonly before: S;
      readonly after: S;
      readonly calls: readonly Call[];
      readonly changes?: readonly Change[];
    }
  | (Found<S> & {
      readonly outcome: 'failed';
      readonly error: Failure;
      /** What of the plan was not carried out. */
      readonly left?: readonly Left[];
      readonly calls: readonly Call[];
    });

/** What is known when a run ends early; nothing of it where reading failed already. */
interface Found<S> {
  readonly violation?: string;
  readonly before?: S;
  /** The state that it was left in; absent when that could not be read any more. */
  readonly after?: S;
  /** What was planned, in words: not all of it need have been carried out. */
  readonly changes?: readonly Change[];
}

/** How an undo ended. */
export type UndoOutcome<S = unknown> =
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'irreversible'; readonly reason: string }
  | { readonly outcome: 'changed'; readonly differences: readonly string[]; readonly calls: readonly Call[] }
  | {
      readonly outcome: 'planned';
      readonly calls: readonly Call[];
      readonly changes: readonly Change[];
      readonly now: S;
    }
  | { readonly outcome: 'undone'; readonly calls: readonly Call[]; readonly after: S }
  | {
      readonly outcome: 'unverified';
      readonly differences: readonly string[];
      readonly calls: readonly Call[];
    }
  | { readonly outcome: 'failed'; readonly error: Failure; readonly calls: readonly Call[] };
