import type { ZodObject } from 'zod';
import { catalogue } from '../../../functions/remediators/catalogue';
import type { Contract } from '../../../testing/contract';

/** A bot's test, as far as it makes a fault. */
export interface Seed {
  readonly bot: string;
  readonly params: Record<string, unknown>;
  readonly given: Contract<ZodObject>['violating'][0]['given'];
}

type Registered = [bot: { readonly id: string }, contract: Contract<ZodObject>];

/** The first fault of every bot that answers a check of Prowler: the one that its own test repairs. */
export function seeds(): Seed[] {
  const registered: Registered[] = [];
  jest.doMock('../../../testing/contract', () => ({
    ...jest.requireActual<object>('../../../testing/contract'),
    testBot: (...one: Registered) => void registered.push(one),
  }));
  const answering = catalogue.filter(({ controls }) => controls.prowler !== undefined);
  silently(() => {
    for (const { id, service } of answering) {
      jest.requireActual(`../../../functions/remediators/${service}/${id}.test`);
    }
  });
  return registered.flatMap(([{ id }, { violating }]) => {
    const [first] = violating.filter(({ held }) => !held);
    return first ? [{ bot: id, params: first.params ?? {}, given: first.given }] : [];
  });
}

/** Loads what registers tests, and registers none of them. */
function silently(load: () => void): void {
  const nothing = Object.assign(() => undefined, { each: () => nothing, skip: () => undefined });
  const names = ['describe', 'test', 'it', 'beforeAll', 'beforeEach', 'afterAll', 'afterEach'] as const;
  const real = names.map((name) => [name, globalThis[name]] as const);
  for (const name of names) Object.assign(globalThis, { [name]: nothing });
  try {
    load();
  } finally {
    Object.assign(globalThis, Object.fromEntries(real));
  }
}
