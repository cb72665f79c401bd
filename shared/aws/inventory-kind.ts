import type { ClientClasses, Clients } from '../bot/bot';

/** How the resources of one type are found in one account and region: the pages of their ids. */
export interface Kind<C extends ClientClasses = ClientClasses> {
  /** Asked for when resources are looked for: the packages of the clients are loaded then, where they can be. */
  readonly clients: () => C;
  /** IAM actions that finding them takes. */
  readonly reads: readonly string[];
  readonly pages: (aws: Clients<C>, region: string) => AsyncIterable<readonly (string | undefined)[]>;
}

/** The one place where the clients' types are forgotten: a kind is only given its own. */
export function kind<C extends ClientClasses>(
  clients: () => C,
  reads: readonly string[],
  pages: (aws: Clients<C>, region: string) => AsyncIterable<readonly (string | undefined)[]>,
): Kind {
  return { clients, reads, pages: pages as Kind['pages'] };
}
