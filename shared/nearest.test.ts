import { nearest } from './nearest';

const NAMES = ['kms_enable_rotation', 's3_block_all_public_access', 'sg_close_ports'];

test.each([
  ['kms_enable_rotatoin', 'kms_enable_rotation'],
  ['KMS-enable-rotation', 'kms_enable_rotation'],
  ['rotation', 'kms_enable_rotation'],
  ['sg_close_port', 'sg_close_ports'],
  ['something_else_entirely', undefined],
  ['', undefined],
])('%s', (given, meant) => {
  expect(nearest(given, NAMES)).toBe(meant);
});
