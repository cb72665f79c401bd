import type { CatalogueEntry } from '../../shared/catalogue';
import type { Config } from '../../shared/config';
import type { Survey } from '../../shared/survey';
import type { Remediation } from '../../shared/worker/message';

/** What every source is told beside the message. */
export interface Intake {
  readonly catalogue: readonly CatalogueEntry[];
  readonly accountId: string;
  readonly region: string;
  /** The stage of the installation; absent for people at the command line. */
  readonly stage?: string;
  readonly routes?: Config['routes'];
  /** Accounts of AWS by Conformity's own ids of them. */
  readonly conformityAccounts?: Readonly<Record<string, string>>;
  /** Whether config.ts enables the bot: only those are asked because of a control that they answer. */
  readonly isEnabled?: (bot: string) => boolean;
  /** The parameters that config.ts gives the bot: what is asked of it may leave them out. */
  readonly configured?: (bot: string) => Readonly<Record<string, unknown>>;
  /** When the message was sent, for sources that give no time of their own. ISO. */
  readonly sentAt: string;
  /** The message's own id, for sources that give none. */
  readonly messageId: string;
}

/** What a finding comes to. One finding may come to several. */
export type Reading =
  | {
      readonly remediation: Remediation;
      /** 0 to 10, where the source says it. */
      readonly severity?: number;
    }
  /** It judges a whole account: every resource of the bot's type there is looked at. */
  | { readonly survey: Survey; readonly severity?: number }
  /** Understood, and nothing is to be done; `withoutRoute`: because neither config.ts nor a bot answers it. */
  | { readonly declined: string; readonly withoutRoute?: true }
  /** It asks for something that cannot be done; kept on the dead-letter queue with this sentence. */
  | {
      readonly unusable: string;
      /** Because of one resource: others that the finding names may do. */
      readonly isOfResource?: true;
    };

/** One way of speaking. Adding a source is one file with one of these. */
export interface Source {
  readonly name: string;
  /** Whether this source is speaking: by the shape of the message alone. */
  accepts(message: object): boolean;
  read(message: object, intake: Intake): Reading[];
  /** What it says on EventBridge; the template sends it on when config.ts names the source under `findings.events`. */
  readonly eventPattern?: EventPattern;
  /** It publishes on topics too, in a form that nobody takes for its event: no more is believed of it than of others. */
  readonly speaksOverSns?: true;
}

/** What EventBridge matches events against. The function takes in events of these sources and detail-types alone. */
export interface EventPattern {
  readonly source: readonly unknown[];
  readonly 'detail-type': readonly unknown[];
  readonly detail?: object;
  /** One of these must match too; a field of theirs stands nowhere else in the pattern. */
  readonly $or?: readonly { readonly detail: object }[];
}
