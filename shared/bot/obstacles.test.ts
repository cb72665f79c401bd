import { readiness } from './obstacles';

const notReady = readiness('RDS', 'available', /^(failed|stopped)/, /^storage-/);

test.each(['available', 'storage-optimization'])('what is %s is changed', (status) => {
  expect(notReady(status)).toBeUndefined();
});

test('what comes back by itself is waited for; what does not needs a person', () => {
  expect(notReady('modifying')).toEqual({
    waiting: 'it is modifying, and RDS changes only what is available',
  });
  expect(notReady('stopped')).toEqual({
    held: 'RDS changes nothing that is stopped: bring it back to available first',
  });
});
