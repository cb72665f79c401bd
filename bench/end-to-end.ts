import type { Installation } from '../local/installation';
import { type Ceiling, type Measured, makeCeiling } from './ceiling';
import {
  assertFixed,
  cpuOf,
  deleteRules,
  deployForBench,
  makeKeys,
  noteFixed,
  publishFindings,
  until,
  waiting,
} from './deployed';
import { type Row, median } from './table';

const FINDINGS = 200;
/** Before the switch and after it. */
const CEILING_ROUNDS = 2;

/** Findings fixed per second by a deployed selfheal, beside what local AWS itself can take. */
export async function measureEndToEnd(say: (line: string) => void): Promise<Row[]> {
  const fixed = new Map<string, number>();
  say('serverless deploy …');
  const installation = await deployForBench((event) => {
    noteFixed(fixed, event);
  });
  try {
    await deleteRules(installation);
    const keys = await makeKeys(installation.endpoint, FINDINGS);
    say(`${FINDINGS} findings to the findings topic …`);
    await publishFindings(installation, keys);
    await until('the findings on the queue', async () => (await waiting(installation)) >= FINDINGS);

    const [key = ''] = await makeKeys(installation.endpoint, 1);
    const ceiling = await makeCeiling(installation, key);
    const alone = await ceilingRounds(installation, ceiling, say);
    const cpuBefore = cpuOf(installation);
    const switchedOn = performance.now();
    await installation.setAutoResponse(true);
    await until('all repairs', () => Promise.resolve(keys.every((id) => fixed.has(id))));
    const cpuAfter = cpuOf(installation);
    await assertFixed(installation.endpoint, keys);
    const times = keys.map((id) => fixed.get(id) ?? NaN).sort((one, other) => one - other);
    const [middle = NaN, last = NaN] = [times[FINDINGS / 2 - 1], times.at(-1)];
    const value = (FINDINGS / (last - switchedOn)) * 1000;
    const warm = (FINDINGS / 2 / (last - middle)) * 1000;
    say(`selfheal: ${value.toFixed(1)} findings/s, the second half of them ${warm.toFixed(1)} findings/s`);
    await installation.setAutoResponse(false);
    await installation.host.idle();
    alone.push(...(await ceilingRounds(installation, ceiling, say)));

    const beside = `local AWS alone, ${ceiling.calls} calls a finding`;
    return [
      throughput(`end to end, ${FINDINGS} findings, cold start included`, value, alone, beside),
      throughput('end to end, the second half of them', warm, alone, beside),
      ...work((cpuAfter ?? NaN) - (cpuBefore ?? NaN), alone, beside),
    ];
  } finally {
    await installation.stop();
  }
}

function throughput(what: string, value: number, alone: readonly Measured[], beside: string): Row {
  const besideEach = alone.map(({ perSecond }) => perSecond);
  const besideValue = median(besideEach);
  return {
    ...{ what, value, unit: 'fixed/s', beside, besideValue, besideEach },
    ratio: value / besideValue,
    goal: { atLeast: 0.8 },
  };
}

/**
 * How much of local AWS's own time a finding takes with everything around it, beside its calls alone: what others do on
 * the machine meanwhile does not count into it. None where the machine does not tell.
 */
function work(cpu: number, alone: readonly Measured[], beside: string): Row[] {
  const value = cpu / FINDINGS;
  const besideEach = alone.map(({ cpuEach }) => cpuEach ?? NaN);
  const besideValue = median(besideEach);
  if (!Number.isFinite(value + besideValue)) return [];
  const what = "local AWS's own time for a finding";
  return [
    {
      what,
      value,
      unit: 'ms',
      beside,
      besideValue,
      besideEach,
      ratio: besideValue / value,
      goal: { atLeast: 0.8 },
    },
  ];
}

async function ceilingRounds(installation: Installation, ceiling: Ceiling, say: (line: string) => void) {
  const rounds: Measured[] = [];
  for (let round = 0; round < CEILING_ROUNDS; round += 1) {
    const keys = await makeKeys(installation.endpoint, FINDINGS / CEILING_ROUNDS);
    const measured = await ceiling.measure(keys);
    say(`local AWS alone: ${measured.perSecond.toFixed(1)} findings/s`);
    rounds.push(measured);
  }
  return rounds;
}
