import { catalogue } from '../functions/remediators/catalogue';
import { functionSuffix } from './function-name';

test('a function is called by its bot’s id', () => {
  expect(functionSuffix('s3_enable_versioning')).toBe('s3_enable_versioning');
  expect(functionSuffix('x'.repeat(40))).toBe('x'.repeat(40));
  expect(functionSuffix('*')).toBe('*');
});

test('an id that is too long keeps its beginning, and two that begin alike are told apart', () => {
  const begins = 'cloudtrail_encrypt_log_files_using_';
  const one = functionSuffix(`${begins}existing_key`);
  expect(one).toMatch(/^cloudtrail_encrypt_log_files_usin_[0-9a-f]{6}$/);
  expect(functionSuffix(`${begins}new_key`)).not.toBe(one);
});

test('with a stage of ten characters every bot’s function has a name that Lambda takes, and no other bot’s', () => {
  const names = catalogue.map(({ id }) => `selfheal-production-bot-${functionSuffix(id)}`);
  expect(names.filter((name) => name.length > 64)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});
