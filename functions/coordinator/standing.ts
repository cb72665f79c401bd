import type { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { readHub } from '../../shared/worker/hub';
import type { Delivery, Finding } from '../../shared/worker/message';

/** A finding that came in so lately says itself how it stands. */
const FRESH_MS = 60_000;

/**
 * Why the finding that asked for a repair asks for it no more, or `undefined`: it does, or its source cannot be asked.
 * It rejects when the source does not answer: nothing is done on a finding that may have been suppressed.
 */
export type Standing = (delivery: Pick<Delivery, 'sentAt' | 'body'>) => Promise<string | undefined>;

interface Question {
  readonly id: string;
  readonly securityHub: NonNullable<Finding['securityHub']>;
  readonly answer: (settled: string | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Asks Security Hub for findings that have waited: suppressed, resolved or archived meanwhile, or there no more. What is
 * asked for at once is asked in one call.
 */
export function standing(clientOf: (region: string) => SecurityHubClient, now = Date.now): Standing {
  let questions: Question[] = [];
  const ask = async () => {
    const asked = questions;
    questions = [];
    for (const region of new Set(asked.map(({ securityHub }) => securityHub.region))) {
      const here = asked.filter(({ securityHub }) => securityHub.region === region);
      try {
        const found = await readHub(clientOf(region), here);
        for (const [question, finding] of found) {
          question.answer(
            finding ? finding.settled && `the finding is ${finding.settled} in Security Hub` : GONE,
          );
        }
      } catch (error) {
        for (const { fail } of here) fail(error);
      }
    }
  };
  return ({ sentAt, body: { finding } }) => {
    const { id, securityHub } = finding;
    // A time that is not known is none that is fresh.
    if (!securityHub || now() - sentAt < FRESH_MS) return Promise.resolve(undefined);
    return new Promise((answer, fail) => {
      questions.push({ id, securityHub, answer, fail });
      if (questions.length === 1) setImmediate(() => void ask());
    });
  };
}

const GONE = 'Security Hub has the finding no more';
