import type { SSMClient } from '@aws-sdk/client-ssm';
import { calendarStates } from './calendars';

/** moto has no GetCalendarState: its answers are scripted. */
function ssm(...answers: (object | Error)[]) {
  const asked: { region: string; names: unknown }[] = [];
  const clientOf = (region: string) =>
    ({
      send: ({ input }: { input: { CalendarNames: string[] } }) => {
        asked.push({ region, names: input.CalendarNames });
        const answer = answers[asked.length - 1] ?? {};
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    }) as unknown as SSMClient;
  return { asked, clientOf };
}

test('asks once a minute, in the region of the ARN', async () => {
  let now = 0;
  const { asked, clientOf } = ssm(
    { State: 'OPEN' },
    { State: 'CLOSED', NextTransitionTime: '2026-12-02T08:00:00Z' },
    { State: 'CLOSED' },
  );
  const states = calendarStates(clientOf, 'eu-west-1', undefined, () => now);
  expect(await Promise.all([states('Closings'), states('Closings')])).toEqual([
    { state: 'open' },
    { state: 'open' },
  ]);
  now = 59_999;
  await states('Closings');
  expect(asked).toEqual([{ region: 'eu-west-1', names: ['Closings'] }]);
  now = 60_000;
  expect(await states('Closings')).toEqual({ state: 'closed', until: Date.parse('2026-12-02T08:00:00Z') });
  const arn = 'arn:aws:ssm:us-east-2:111122223333:document/Shared';
  expect(await states(arn)).toEqual({ state: 'closed' });
  expect(asked.at(-1)).toEqual({ region: 'us-east-2', names: [arn] });
});

test('what cannot be asked is closed, told, and asked again', async () => {
  const tell = jest.fn();
  let now = 0;
  const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  const { clientOf } = ssm(denied, { State: 'OPEN' }, {});
  const states = calendarStates(clientOf, 'eu-west-1', tell, () => now);
  expect(await states('Closings')).toEqual({
    state: 'closed',
    failed: 'AccessDeniedException: not authorized',
  });
  expect(tell.mock.calls).toEqual([['Closings', 'AccessDeniedException: not authorized']]);
  now = 60_000;
  expect(await states('Closings')).toEqual({ state: 'open' });
  now = 120_000;
  // An answer that says nothing is no permission.
  expect(await states('Closings')).toEqual({ state: 'closed' });
});
