import { inspect } from 'node:util';

const SHOWN = '(sealed)';

/** Holds a secret where nothing that prints, compares or copies as JSON can see it. */
class Sealed {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  static open(sealed: Sealed): string {
    return sealed.#secret;
  }

  toJSON(): string {
    return SHOWN;
  }

  toString(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

/**
 * A secret for the input of a command or for a state: plan, journal, preview, log and Slack show `(sealed)`, and only
 * the core opens it, when it sends the command. It reads as a text to the compiler, as the input's field is one; it
 * cannot be put together with other texts.
 */
export function sealed(secret: string): string {
  return new Sealed(secret) as unknown as string;
}

/** The input with its secrets, and the secrets themselves, so that what AWS says of them can be covered again. */
export function opened<T>(value: T): { readonly value: T; readonly secrets: readonly string[] } {
  const secrets: string[] = [];
  const open = (part: unknown): unknown => {
    if (part instanceof Sealed) {
      const secret = Sealed.open(part);
      secrets.push(secret);
      return secret;
    }
    if (Array.isArray(part)) return part.map(open);
    if (!isPlain(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, open(inner)]));
  };
  const whole = open(value) as T;
  return secrets.length === 0 ? { value, secrets } : { value: whole, secrets };
}

/** A text without the secrets that stand in it. */
export function covered(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, SHOWN)), text);
}

/** Bytes, dates and streams are passed on as they are. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
