import fc from 'fast-check';
import { testBot } from '../../../testing/contract';
import { groupWith, neighbourhood, testAlgebra } from './fixtures/security-groups';
import { bot } from './sg_rules_delete';

const [REMOVE, REMOVE_OUT] = ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'];

testBot(bot, {
  violating: [
    {
      name: 'rules of every kind, in both directions, with tags',
      given: groupWith(['inbound tcp 22 from 0.0.0.0/0', 'outbound -1 to ::/0'], { owner: 'ana' }),
      violation: /outbound all traffic to ::\/0.*inbound tcp 22 from sg-\w+/,
      writes: [REMOVE, REMOVE_OUT],
      after: { rules: [] },
      untouched: neighbourhood,
    },
    {
      name: 'only outbound rules',
      given: groupWith(['outbound -1 to 0.0.0.0/0'], {}, []),
      violation: 'outbound all traffic to 0.0.0.0/0',
      writes: [REMOVE_OUT],
      after: { rules: [] },
      untouched: neighbourhood,
    },
    {
      name: 'only inbound rules',
      given: groupWith(['inbound tcp 22 from ::/0'], {}, []),
      violation: 'inbound tcp 22 from ::/0',
      writes: [REMOVE],
      after: { rules: [] },
      untouched: neighbourhood,
    },
  ],
  compliant: [{ name: 'no rules', given: groupWith([], {}, []) }],
  gone: 'sg-0123456789abcdef0',
});

testAlgebra(bot, { params: fc.constant({}), goes: () => true });
