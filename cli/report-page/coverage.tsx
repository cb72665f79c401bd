import type { Coverage as Line, ReportData } from '../report/data';
import { counted, number } from './words';

/** Per standard: how many of the controls that a bot watches are without faults, before and after the repairs. */
export function Coverage({ data: { coverage } }: { readonly data: ReportData }) {
  return (
    <section class="card" aria-labelledby="coverage">
      <h2 id="coverage">Standards, before and after</h2>
      {coverage.length === 0 ? (
        <p class="quiet">No enabled bot answers a control of a standard.</p>
      ) : (
        <>
          <p class="quiet">Controls that an enabled bot watches, and those of them without a fault.</p>
          <table class="coverage" role="table">
            <thead role="rowgroup">
              <tr role="row">
                <th scope="col" role="columnheader">
                  Standard
                </th>
                <th scope="col" role="columnheader" class="num">
                  Watched
                </th>
                <th scope="col" role="columnheader" class="num">
                  Before
                </th>
                <th scope="col" role="columnheader" class="num">
                  After
                </th>
                <th scope="col" role="columnheader" class="bar-cell">
                  <span class="hidden">Share without faults, before and after</span>
                </th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {coverage.map((line) => (
                <Row key={line.standard} line={line} />
              ))}
            </tbody>
          </table>
          <Controls lines={coverage} />
        </>
      )}
    </section>
  );
}

function Row({ line }: { readonly line: Line }) {
  const { standard, title, date, controls, watched, faulty, stillFaulty } = line;
  const [before, after] = [watched - faulty, watched - stillFaulty];
  const label = `${before} of ${watched} without faults before, ${after} after`;
  return (
    <tr role="row">
      <th scope="row" role="rowheader" title={`${title}, as of ${date}`}>
        {standard}
      </th>
      <td role="cell" class="num">
        {number(watched)}
        <span class="quiet"> of {number(controls)}</span>
      </td>
      <td role="cell" class="num">
        {number(before)}
      </td>
      <td role="cell" class="num">
        <b>{number(after)}</b>
      </td>
      <td role="cell" class="bar-cell">
        <svg class="share" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label={label}>
          <rect class="share-all" x="0" y="0" width="100" height="12" />
          <rect class="share-after" x="0" y="0" width={share(after, watched)} height="12" />
          <rect class="share-before" x="0" y="0" width={share(before, watched)} height="12" />
        </svg>
      </td>
    </tr>
  );
}

function Controls({ lines }: { readonly lines: readonly Line[] }) {
  const faulty = lines.filter(({ byControl }) => byControl.length > 0);
  if (faulty.length === 0) return null;
  return (
    <details class="controls">
      <summary>Controls that had faults</summary>
      {faulty.map(({ standard, byControl }) => (
        <div key={standard}>
          <h3>{standard}</h3>
          <ul>
            {byControl.map(({ control, found, fixed, left, bots }) => (
              <li key={control}>
                <b>{control}</b>: {counted(found, 'resource')}, {number(fixed)} fixed
                {left > 0 && `, ${number(left)} left`} <span class="quiet">({bots.join(', ')})</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}
