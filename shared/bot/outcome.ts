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

/** How a run ended. `before` and `after` are the bot's own state; `calls` is what was sent, or would be. */
export type Outcome<S = unknown> =
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'compliant'; readonly state: S }
  | { readonly outcome: 'exempt'; readonly reason: string }
  | { readonly outcome: 'held'; readonly violation: string; readonly reason: string; readonly before: S }
  | {
      readonly outcome: 'planned';
      readonly violation: string;
      readonly before: S;
      readonly calls: readonly Call[];
    }
  | {
      readonly outcome: 'fixed';
      readonly violation: string;
      readonly before: S;
      /** Absent when the fix was to delete the resource. */
      readonly after?: S;
      readonly calls: readonly Call[];
    }
  | {
      readonly outcome: 'unverified';
      readonly violation: string;
      /** What the re-read still finds. */
      readonly still: string;
      readonly before: S;
      readonly after: S;
      readonly calls: readonly Call[];
    }
  | {
      readonly outcome: 'failed';
      readonly error: Failure;
      readonly violation?: string;
      readonly before?: S;
      /** The state that it was left in; absent when that could not be read any more. */
      readonly after?: S;
      readonly calls: readonly Call[];
    };

/** How an undo ended. */
export type UndoOutcome<S = unknown> =
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'irreversible'; readonly reason: string }
  | { readonly outcome: 'changed'; readonly differences: readonly string[]; readonly calls: readonly Call[] }
  | { readonly outcome: 'planned'; readonly calls: readonly Call[]; readonly now: S }
  | { readonly outcome: 'undone'; readonly calls: readonly Call[]; readonly after: S }
  | {
      readonly outcome: 'unverified';
      readonly differences: readonly string[];
      readonly calls: readonly Call[];
    }
  | { readonly outcome: 'failed'; readonly error: Failure; readonly calls: readonly Call[] };
