import fc from 'fast-check';
import type { SelfhealEvent } from '../../shared/worker/event';
import type { SlackMessage } from './blocks';
import { moment } from './escape';
import { isNews, tellEvent } from './tell-event';
import { alarmSchema, tellAlarm } from './tell-alarm';
import { complianceSchema, tellCompliance } from './tell-compliance';
import {
  PLACE,
  aComplianceChange,
  anAlarm,
  anEvent,
  faultsOf,
  layoutOf,
  textsOf,
  withoutOwnMarkup,
} from './testing';
import type { Place } from './place';

function eventMessage(over: Partial<SelfhealEvent> = {}, place: Place = PLACE): SlackMessage {
  const event = anEvent(over);
  if (!isNews(event)) throw new Error(`${event.outcome} is no news`);
  return tellEvent(event, place).message();
}

const alarmMessage = (over: object = {}) => tellAlarm(alarmSchema.parse(anAlarm(over)), PLACE);
const complianceMessage = (over: object = {}) =>
  tellCompliance(complianceSchema.parse(aComplianceChange(over)), PLACE).message();

const contents = (message: SlackMessage) => textsOf(message).map(({ text }) => text);
const without = (keys: readonly (keyof SelfhealEvent)[]) =>
  Object.fromEntries(keys.map((key) => [key, undefined])) as Partial<SelfhealEvent>;

describe('an event', () => {
  test.each(['compliant', 'gone'] as const)(
    '%s is told only where a fresh finding says otherwise',
    (outcome) => {
      const disagreement =
        'the finding says "EC2.19", the bot finds nothing wrong: it was put right in between';
      expect(isNews(anEvent({ outcome }))).toBe(false);
      const [line] = contents(
        eventMessage({ outcome, disagreement, ...without(['violation', 'journalId']), calls: [] }),
      );
      expect(line).toMatch(
        /^🤔 \*(Nothing wrong|Not there)\* `sg_close_ports` on `sg-0a1b2c3d` .*the finding says/,
      );
    },
  );

  test('fixed: everything a reader wants to know', () => {
    const message = eventMessage();
    expect(contents(message)).toEqual([
      '✅ *Fixed* `sg_close_ports` on `sg-0a1b2c3d` in `111122223333` `eu-west-1`: ' +
        '`port 22 is open to 0.0.0.0/0` To take it back: `npx selfheal undo 01HXJOURNAL --region eu-west-1`',
      '✅ Fixed: Close ports that are open to the world (sg-0a1b2c3d)',
      'port 22 is open to 0.0.0.0/0',
      '*Account*\n`111122223333`',
      '*Region*\n`eu-west-1`',
      '*Resource*\n`sg-0a1b2c3d`',
      '*Type*\n`AWS::EC2::SecurityGroup`',
      '*Bot*\n`sg_close_ports`',
      '*Severity*\n`high`',
      '*Found by*\n`AWS Config`',
      '*Sent to AWS* (1)\n```\nec2:RevokeSecurityGroupIngress {"GroupId":"sg-0a1b2c3d"}\n```',
      'Re-read after the change: the fault is gone.',
      'To take it back: `npx selfheal undo 01HXJOURNAL --region eu-west-1`',
      '<https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-0a1b2c3d|Open in the AWS console>',
      `${moment('2026-03-01T10:00:00.000Z')} · finding \`finding-1\``,
    ]);
    expect(message.blocks.map(({ type }) => type)).toEqual([
      'header',
      'section',
      'section',
      'section',
      'section',
      'section',
      'section',
      'context',
    ]);
    expect(message.blocks[1]).toEqual({
      type: 'section',
      text: { type: 'plain_text', text: 'port 22 is open to 0.0.0.0/0', emoji: false },
    });
    expect(message.blocks[5]).toMatchObject({ text: { type: 'mrkdwn', verbatim: true } });
  });

  test('what changes stands above the calls, with nothing in it that Slack would obey', () => {
    const changes = [
      { sign: '-', text: 'tcp 22 from 0.0.0.0/0 "```<!here> temporary"' },
      { sign: ' ', text: 'tcp 443 from 0.0.0.0/0 (stays)' },
    ] as const;
    const said = contents(eventMessage({ changes: [...changes] }));
    const at = said.findIndex((text) => text.startsWith('*What changes*'));
    expect(said[at]).toBe(
      '*What changes*\n```\n- tcp 22 from 0.0.0.0/0 "’’’&lt;!here&gt; temporary"\n  tcp 443 from 0.0.0.0/0 (stays)\n```',
    );
    expect(said[at + 1]).toMatch(/^\*Sent to AWS\*/);
  });

  test.each([
    ['planned', '📝 Planned: Close ports that are open to the world (sg-0a1b2c3d)', 'Nothing was changed.'],
    [
      'unverified',
      '❓ Unverified: Close ports that are open to the world (sg-0a1b2c3d)',
      'Why: AccessDenied',
    ],
    ['held', '✋ Held: Close ports that are open to the world (sg-0a1b2c3d)', 'Why: AccessDenied'],
    ['waiting', '⏳ Waiting: Close ports that are open to the world (sg-0a1b2c3d)', 'It goes on by itself.'],
    ['failed', '❌ Failed: Close ports that are open to the world (sg-0a1b2c3d)', 'Why: AccessDenied'],
    [
      'undone',
      '⏪ Undone: Close ports that are open to the world (sg-0a1b2c3d)',
      'Re-read after the undo: the state from before the fix is back. The bot stays away from this resource until it is released.',
    ],
    [
      'dead-lettered',
      '📪 Given up: Close ports that are open to the world (sg-0a1b2c3d)',
      'The message is kept in the dead-letter queue.',
    ],
  ] as const)('%s: its heading, its reason and what is so now', (outcome, heading, state) => {
    const texts = contents(eventMessage({ outcome, reason: 'AccessDenied' }));
    expect(texts).toContain(heading);
    expect(texts).toContain('Why: AccessDenied');
    expect(texts).toContain(state);
  });

  test('undo is offered where something may have changed and is on record', () => {
    const undo = 'To take it back: `npx selfheal undo 01HXJOURNAL --region eu-west-1`';
    const offered = (over: Partial<SelfhealEvent>) => contents(eventMessage(over)).includes(undo);
    expect((['fixed', 'unverified', 'failed'] as const).map((outcome) => offered({ outcome }))).toEqual([
      true,
      true,
      true,
    ]);
    expect((['planned', 'undone'] as const).map((outcome) => offered({ outcome }))).toEqual([false, false]);
    // What was held or waits may have been begun.
    for (const outcome of ['held', 'waiting'] as const) {
      expect(offered({ outcome })).toBe(true);
      expect(offered({ outcome, calls: [] })).toBe(false);
    }
    expect(contents(eventMessage(without(['journalId']))).join()).not.toContain('To take it back');
  });

  test('a message that nobody understood has no bot, no resource and no calls', () => {
    const bare = eventMessage({
      ...without(['bot', 'title', 'severity', 'target', 'finding', 'violation', 'journalId', 'attempt']),
      outcome: 'dead-lettered',
      calls: [],
      reason: 'it is not JSON',
    });
    expect(contents(bare)).toEqual([
      '📪 *Given up* `no bot`: `it is not JSON` To see it: `npx selfheal queue --dead --region eu-west-1`',
      '📪 Given up: a message that no bot could use',
      '*Bot*\n`none`',
      '*Severity*\n`high`',
      'Why: it is not JSON',
      'The message is kept in the dead-letter queue.',
      'To see it: `npx selfheal queue --dead --region eu-west-1`',
      moment('2026-03-01T10:00:00.000Z'),
    ]);
    expect(faultsOf(bare)).toEqual([]);
  });

  test('what the finder calls it is said where that says more', () => {
    const small = (title: string) =>
      contents(
        eventMessage({ finding: { source: 'a', id: 'b', time: '2026-03-01T09:59:58.000Z', title } }),
      ).at(-1);
    expect(small('EC2.19 Security groups')).toMatch(/`b` · `EC2\.19 Security groups`$/);
    expect(small('Port 22 is open to 0.0.0.0/0')).toMatch(/`b`$/);
  });

  test('planned says how to do it; undone, that the bot stays away and how to release it', () => {
    const planned = contents(eventMessage({ outcome: 'planned' }));
    expect(planned).toContain('To do it: `npx selfheal fix sg_close_ports sg-0a1b2c3d --region eu-west-1`');
    const undone = contents(eventMessage({ outcome: 'undone' })).join('\n');
    expect(undone).toContain('The bot stays away from this resource until it is released.');
    expect(undone).toContain(
      'To do it again and release the bot: `npx selfheal fix sg_close_ports sg-0a1b2c3d --region eu-west-1`',
    );
  });

  test('another stage, the name of the account and the page of the bot', () => {
    const place = {
      ...PLACE,
      stage: 'dev',
      names: { '111122223333': 'payments' },
      botPages: 'https://docs.example.com/bots.md',
    };
    const texts = contents(eventMessage({}, place));
    expect(texts[0]).toContain('in `payments (111122223333)`');
    expect(texts).toContain('*Account*\n`payments (111122223333)`');
    expect(texts).toContain(
      'To take it back: `npx selfheal undo 01HXJOURNAL --region eu-west-1 --stage dev`',
    );
    expect(texts).toContain(
      '<https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-0a1b2c3d|Open in the AWS console>' +
        ' · <https://docs.example.com/bots.md#sg_close_ports|About this bot>',
    );
  });

  test('a later attempt is said', () => {
    expect(contents(eventMessage({ attempt: 3 }))).toContain('*Attempt*\n`3`');
  });

  test('names that would be mentions, markup or other lines are dead', () => {
    const name = '<!channel>`*x*`\n> quote \u202e_y_ <@U1> & <https://evil.example|z>';
    const message = eventMessage({
      target: { account: '111122223333', region: 'eu-west-1', type: 'AWS::S3::Bucket', id: name },
      violation: name,
      reason: name,
      title: name,
      bot: name,
      finding: { source: name, id: name, time: '2026-03-01T09:59:58.000Z', title: `${name}!` },
      calls: [{ action: name, input: { [name]: `\`\`\`${name}` } }],
    });
    const all = contents(message).join('\n');
    expect(withoutOwnMarkup(message)).not.toMatch(/<|\u202e/);
    expect(all).toContain(
      '*Resource*\n`&lt;!channel&gt;’*x*’ &gt; quote _y_ &lt;@U1&gt; &amp; &lt;https://evil.example|z&gt;`',
    );
    const usual = eventMessage({
      reason: 'x',
      finding: { source: 'a', id: 'b', time: '2026-03-01T09:59:58.000Z', title: 'c' },
    });
    expect(layoutOf(message)).toEqual(layoutOf(usual));
  });

  test('a 256 KB event is cut, with a mark, to what Slack takes', () => {
    const huge = '<😀&`\n'.repeat(6000);
    const message = eventMessage({
      violation: huge,
      reason: huge,
      title: huge,
      target: {
        account: '111122223333',
        region: 'eu-west-1',
        type: 'AWS::S3::Bucket',
        id: 'b'.repeat(2048),
      },
      calls: Array.from({ length: 50 }, () => ({
        action: 's3:PutBucketPolicy',
        input: { Policy: huge.slice(0, 2500) },
      })),
    });
    expect(JSON.stringify(message).length).toBeLessThan(20_000);
    expect(faultsOf(message)).toEqual([]);
    const [text, heading, violation, ...rest] = contents(message);
    expect(text).toContain('… (cut)`');
    expect([heading, violation].map((line) => line?.endsWith('… (cut)'))).toEqual([true, true]);
    expect(rest.find((line) => line.startsWith('*Sent to AWS* (50)'))).toMatch(/… \(cut\)\n```$/);
  });
});

describe('a change of compliance', () => {
  test('has the fields of Defendable Design for AWS', () => {
    const message = complianceMessage({
      newEvaluationResult: {
        complianceType: 'NON_COMPLIANT',
        annotation: 'port 22 is open',
        resultRecordedTime: '2026-03-01T10:00:01.000Z',
      },
    });
    expect(contents(message)).toEqual([
      '🔴 *Non Compliant* `SG_OpenPorts` on `sg-0a1b2c3d` in `111122223333` `eu-west-1`: `port 22 is open`',
      '🔴 Config rule state change: SG_OpenPorts is Non Compliant',
      'port 22 is open',
      '*Rule Name*\n`SG_OpenPorts`',
      '*Account*\n`111122223333`',
      '*Region*\n`eu-west-1`',
      '*Resource Type*\n`AWS::EC2::SecurityGroup`',
      '*Resource ID*\n`sg-0a1b2c3d`',
      '*New Status*\n`Non Compliant`',
      '*Old Status*\n`Not recorded`',
      `AWS Config ${moment('2026-03-01T10:00:01.000Z')}`,
    ]);
  });

  test.each(['NOT_APPLICABLE', 'INSUFFICIENT_DATA', 'SOMETHING_NEW', '', '<!here>'])(
    'to %j has a look of its own',
    (complianceType) => {
      const message = complianceMessage({
        newEvaluationResult: { complianceType },
        oldEvaluationResult: { complianceType: 'COMPLIANT' },
      });
      expect(faultsOf(message)).toEqual([]);
      expect(contents(message)[1]).toMatch(/^⚪ Config rule state change: SG_OpenPorts is\b/);
      expect(contents(message)).toContain('*Old Status*\n`Compliant`');
      expect(contents(message).join()).not.toContain('<!here>');
    },
  );

  test('to no result at all, and without an annotation, is told', () => {
    const message = complianceMessage({
      newEvaluationResult: null,
      oldEvaluationResult: { complianceType: 'NON_COMPLIANT', annotation: null },
    });
    expect(contents(message)).toEqual(
      expect.arrayContaining([
        '⚪ Config rule state change: SG_OpenPorts is Not recorded',
        '*New Status*\n`Not recorded`',
        '*Old Status*\n`Non Compliant`',
        `AWS Config ${moment('2026-03-01T10:00:02.000Z')}`,
      ]),
    );
    expect(contents(message).join()).not.toContain('null');
  });
});

describe('an alarm', () => {
  test('says what, where, why and how severe', () => {
    expect(contents(alarmMessage().message())).toEqual([
      '🚨 *Alarm* `Root_Account_Usage` in `111122223333` `EU (Ireland)`: ' +
        '`Threshold Crossed: 1 datapoint [1.0] was greater than or equal to the threshold (1.0).`',
      '🚨 Alarm: Root_Account_Usage',
      'Somebody used the root account',
      'Threshold Crossed: 1 datapoint [1.0] was greater than or equal to the threshold (1.0).',
      '*Alarm Name*\n`Root_Account_Usage`',
      '*Account*\n`111122223333`',
      '*Region*\n`EU (Ireland)`',
      '*Priority*\n`critical`',
      '*Metric*\n`DD_BP_Metrics Root_Account_Usage`',
      `CloudWatch ${moment('2026-03-01T10:00:00.000+0000')}`,
    ]);
  });

  test.each([
    ['DD_BP_Alarm_Root_Account_Usage', 'critical'],
    ['prod-IAM_Policy_Changes', 'high'],
    ['Disable_Delete_CMK', 'info'],
    ['DD_BP_Alarm_VPC_Changes', 'medium'],
    ['CPU of the web server', 'medium'],
    ['constructor', 'medium'],
    ['', 'medium'],
  ])('%j has severity %s', (AlarmName, severity) => {
    expect(alarmMessage({ AlarmName }).summary.severity).toBe(severity);
  });

  test('of our own dead-letter queue names the queue', () => {
    const message = alarmMessage({
      AlarmName: 'selfheal-prod-dead-letters',
      AlarmDescription: null,
      Trigger: {
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Namespace: 'AWS/SQS',
        Dimensions: [{ name: 'QueueName', value: 'selfheal-prod-dead-letters.fifo' }],
      },
    }).message();
    expect(contents(message)).toContain(
      '*Metric*\n`AWS/SQS ApproximateNumberOfMessagesVisible QueueName=selfheal-prod-dead-letters.fifo`',
    );
    expect(contents(message).join()).not.toContain('null');
  });

  test('with nothing but a name and a state is told', () => {
    const bare = tellAlarm(alarmSchema.parse({ AlarmName: 'x', NewStateValue: 'ALARM' }), PLACE).message();
    expect(faultsOf(bare)).toEqual([]);
    expect(contents(bare)[1]).toBe('🚨 Alarm: x');
  });
});

test('whatever a message holds, Slack takes it and its layout is ours', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom('<!channel>', '```', '`', '*a*', '\n', '\u202e', 'x'.repeat(9000), '&'.repeat(9000)),
  );
  const layouts = (make: (value: string) => SlackMessage) => (value: string) => {
    const message = make(value);
    expect(faultsOf(message)).toEqual([]);
    expect(layoutOf(message)).toEqual(layoutOf(make('x')));
    expect(withoutOwnMarkup(message)).not.toMatch(/<|\p{Cf}/u);
  };
  const kinds = [
    layouts((value) =>
      eventMessage({
        bot: value,
        title: value,
        violation: value,
        reason: value,
        finding: { source: value, id: value, time: value, title: `${value}!` },
        calls: [{ action: value, input: { [value]: value } }],
      }),
    ),
    layouts((value) =>
      complianceMessage({
        configRuleName: value,
        resourceId: value,
        newEvaluationResult: {
          complianceType: 'NON_COMPLIANT',
          annotation: value,
          resultRecordedTime: value,
        },
      }),
    ),
    layouts((value) => alarmMessage({ AlarmName: value, NewStateReason: value, Region: value }).message()),
  ];
  for (const kind of kinds) fc.assert(fc.property(text, kind));
});
