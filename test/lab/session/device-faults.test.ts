import { expect, test } from 'vitest';
import { fakeLab, tinyStudy } from '../../support/fake-lab';
import { withoutTimes } from '../../support/timeless';

test('a lost device ends the study with a message', async () => {
  const { session, engine, events, onEvent } = fakeLab();
  onEvent((event) => {
    if (event.type === 'step') engine.lose('unplugged');
  });
  await expect(session.run(tinyStudy())).rejects.toThrow('unplugged');
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['device-lost', 'study-failed']));
});

test('a device that reports an error ends the study with it; the next one has another device, and goes on where it stopped', async () => {
  const whole = await fakeLab().session.run(tinyStudy());
  const { session, engine, engines, events, onEvent } = fakeLab();
  onEvent((event) => {
    if (event.type === 'step' && event.ref.stage === 'oracle') engine.fail('Out of memory.');
  });
  await expect(session.run(tinyStudy())).rejects.toThrow('Out of memory.');
  // What lost devices are taken up with again would fail again.
  expect(events.map(({ type }) => type)).not.toContain('device-lost');
  expect(engine.disposed).toBe(true);
  const trained = engine.steps;
  expect(withoutTimes(await session.run(tinyStudy()))).toEqual(withoutTimes(whole));
  expect(engines).toHaveLength(2);
  expect(engine.steps).toBe(trained);
});
