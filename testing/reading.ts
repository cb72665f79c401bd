import fc from 'fast-check';
import type { Intake, Reading, Source } from '../functions/findings/source';
import { mutated } from './mutated';

/** Reads messages that the source accepts, told what it is told beside them. */
export function readerOf(source: Source, intake: Intake) {
  return (message: object, changes: Partial<Intake> = {}): Reading[] => {
    expect(source.accepts(message)).toBe(true);
    return source.read(message, { ...intake, ...changes });
  };
}

/** The bots that readings ask for; what asks for none stays as it is. */
export function botsOf(readings: readonly Reading[]): unknown[] {
  return readings.map((reading) => ('remediation' in reading ? reading.remediation.bot : reading));
}

/** Puts anything in place of fields of the samples: nothing may be thrown, and every message must be answered. */
export function readsAnything(source: Source, samples: readonly object[], intake: Intake): void {
  fc.assert(
    fc.property(mutated(samples), (message) => {
      const readings = source.read(message, intake);
      expect(readings.length).toBeGreaterThan(0);
      for (const reading of readings) expect(Object.values(reading)[0]).toEqual(expect.anything());
    }),
    { numRuns: 1000 },
  );
}
