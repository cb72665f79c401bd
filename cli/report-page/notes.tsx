import type { ExemptionLine, ReportData } from '../report/data';

/** What config.ts exempts, and what of it has ended. */
export function Exemptions({ lines }: { readonly lines: readonly ExemptionLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section class="card" aria-labelledby="exemptions">
      <h2 id="exemptions">Exemptions in config.ts</h2>
      <ul class="exemptions">
        {lines.map(({ scope, reason, until, isOver }, index) => (
          <li key={index}>
            <b>{scope}</b>
            <span>{reason}</span>
            <span class="quiet">{until === undefined ? 'without an end' : `until ${until}`}</span>
            {isOver && <b class="lost">has ended: bots work there again</b>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is not on the page. */
export function NotHere({ data: { cut } }: { readonly data: ReportData }) {
  if (cut.length === 0) return null;
  return (
    <section class="card" aria-labelledby="not-here">
      <h2 id="not-here">What is not on this page</h2>
      <ul>
        {cut.map((sentence) => (
          <li key={sentence}>{sentence}.</li>
        ))}
      </ul>
    </section>
  );
}
