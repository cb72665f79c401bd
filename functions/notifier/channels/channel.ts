import type { News } from './news';

/** What became of a ticket that was to be written on; `gone`: there is none such any more. */
export type Written = 'written' | 'gone';

/** A service that keeps a ticket for each fault. All of it throws NotTold. */
export interface Tickets {
  readonly keeps: 'tickets';
  /**
   * Opens a ticket, and answers with what the service knows it by.
   *
   * @param again - One may have been opened for this fault already: it is looked for first.
   */
  readonly open: (news: News, again: boolean, until: number) => Promise<string>;
  /** Writes on a ticket that is open. */
  readonly write: (key: string, news: News, until: number) => Promise<Written>;
  readonly close: (key: string, news: News, until: number) => Promise<Written>;
}

/** A service that is sent messages. Throws NotTold. */
export interface Messages {
  readonly keeps: 'nothing';
  /** As many messages as this are sent one by one; more go into one. Absent: always one by one. */
  readonly singles?: number;
  readonly send: (news: readonly News[], until: number) => Promise<void>;
}

/** See {@link Tickets} and {@link Messages}. */
export type Channel = Tickets | Messages;
