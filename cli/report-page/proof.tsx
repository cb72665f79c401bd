import type { ReportData } from '../report/data';
import { counted, duration } from './words';

/** How long it takes from a finding to the proof of its repair, and what was done on which day. */
export function Proof({ data: { proof, days } }: { readonly data: ReportData }) {
  return (
    <section class="card proof" aria-labelledby="proof">
      <h2 id="proof">From finding to proof</h2>
      {proof ? (
        <dl class="figures">
          <div>
            <dt>Median</dt>
            <dd>{duration(proof.medianSeconds)}</dd>
          </div>
          <div>
            <dt>95 of 100 within</dt>
            <dd>{duration(proof.p95Seconds)}</dd>
          </div>
          <div>
            <dt>Repairs</dt>
            <dd>{proof.count.toLocaleString('en')}</dd>
          </div>
        </dl>
      ) : (
        <p class="quiet">Nothing was fixed in this time.</p>
      )}
      <Days days={days} />
    </section>
  );
}

const HEIGHT = 64;
const STEP = 10;
const LEAST_DAYS = 14;

function Days({ days }: { readonly days: ReportData['days'] }) {
  const most = Math.max(1, ...days.map(({ fixed, failed }) => fixed + failed));
  const first = days[0]?.day ?? '';
  const last = days.at(-1)?.day ?? '';
  // A day alone is no block as wide as the page.
  const width = Math.max(days.length, LEAST_DAYS) * STEP;
  return (
    <figure class="days">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Repairs by day from ${first} to ${last}: ${said(days)}`}
      >
        {days.map(({ day, fixed, failed }, index) => {
          const scale = (count: number) => (count / most) * (HEIGHT - 2);
          const top = HEIGHT - scale(fixed + failed);
          return (
            <g key={day}>
              <title>{`${day}: ${fixed} fixed, ${failed} failed`}</title>
              <rect class="day-none" x={index * STEP + 1} y={HEIGHT - 2} width={STEP - 2} height={2} />
              <rect class="day-failed" x={index * STEP + 1} y={top} width={STEP - 2} height={scale(failed)} />
              <rect
                class="day-fixed"
                x={index * STEP + 1}
                y={top + scale(failed)}
                width={STEP - 2}
                height={scale(fixed)}
              />
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{first}</span>
        <span>fixed and failed a day, at most {most}</span>
        <span>{last}</span>
      </figcaption>
    </figure>
  );
}

function said(days: ReportData['days']): string {
  const busy = days.filter(({ fixed, failed }) => fixed + failed > 0);
  if (busy.length === 0) return 'none';
  return busy
    .map(({ day, fixed, failed }) => `${day}: ${counted(fixed, 'fixed', 'fixed')}, ${failed} failed`)
    .join('; ');
}
