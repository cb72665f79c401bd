import { actionOf } from '../shared/aws/iam-names';
import type { ClientClass, ClientClasses, Clients } from '../shared/bot/bot';
import type { Account } from './account';

/** What goes over the wire: recorded, and made to fail once at one call or at each. */
export interface Wire {
  readonly sent: string[];
  readonly fault: { readonly at: number | 'every call'; readonly code: string } | undefined;
}

/** A wire that records; with a fault, one that fails too. */
export function newWire(fault?: Wire['fault']): Wire {
  return { sent: [], fault };
}

interface Stack {
  add(
    middleware: (next: Next, context: { commandName?: string; turn?: number }) => Next,
    options: object,
  ): void;
}
type Next = (args: object) => Promise<object>;

/** Clients of the account whose calls go over the wire. */
export function wired<C extends ClientClasses>(classes: C, account: Account, wire: Wire): Clients<C> {
  return Object.fromEntries(
    Object.entries<ClientClass>(classes).map(([service, Class]) => {
      const client = account.client(Class);
      const stack = client.middlewareStack as unknown as Stack;
      stack.add(
        (next, context) => (args) => {
          context.turn = wire.sent.push(actionOf(service, context.commandName ?? '')) - 1;
          return next(args);
        },
        { step: 'initialize', name: 'record' },
      );
      // Inside the SDK's own retries: once for each call.
      stack.add(
        (next, context) => {
          let struck = false;
          return async (args) => {
            const { at, code = '' } = wire.fault ?? {};
            if (struck || (at !== 'every call' && at !== context.turn)) return next(args);
            struck = true;
            throw Object.assign(new Error(`${code}, made by the test`), {
              name: code,
              $metadata: {},
              ...(code.startsWith('Throttling') && { $retryable: { throttling: true } }),
            });
          };
        },
        { step: 'finalizeRequest', name: 'strike', priority: 'low' },
      );
      return [service, client];
    }),
  ) as Clients<C>;
}
