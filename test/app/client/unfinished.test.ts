import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  forgetUnfinished,
  isComputing,
  markComputing,
  recallUnfinished,
  rememberUnfinished,
} from '../../../src/app/client/unfinished';
import { getPreset } from '../../../src/lab/study/presets';

const [one, other] = [getPreset('quickstart').study, getPreset('class').study];

/** What `Object.keys` and the methods of a browser's storage give. */
class FakeStorage {
  [key: string]: unknown;
  getItem = (key: string) => (Object.hasOwn(this, key) ? this[key] : null);
  setItem = (key: string, text: string) => {
    this[key] = text;
  };
  removeItem = (key: string) => {
    delete this[key];
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', new FakeStorage());
  vi.stubGlobal('navigator', {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a study that is finished takes back its own offer to resume, and no other', () => {
  rememberUnfinished(one);
  vi.advanceTimersByTime(5);
  rememberUnfinished(other);
  expect(recallUnfinished()).toEqual([other, one]);
  forgetUnfinished({ ...other, name: 'renamed since' });
  expect(recallUnfinished()).toEqual([one]);
  forgetUnfinished(one);
  expect(recallUnfinished()).toEqual([]);
});

test('a mark of an earlier version is still offered; a damaged one is not', () => {
  localStorage.setItem('lethe.unfinished', JSON.stringify(one));
  localStorage.setItem('lethe.unfinished.x', '{');
  expect(recallUnfinished()).toEqual([one]);
  forgetUnfinished(one);
  expect(recallUnfinished()).toEqual([]);
});

test('blocked storage and refused locks cost the offer, not the page', async () => {
  vi.stubGlobal('localStorage', undefined);
  rememberUnfinished(one);
  forgetUnfinished(one);
  expect(recallUnfinished()).toEqual([]);
  const refuse = async () => {
    throw new DOMException('Access to the Locks API is denied in this context.', 'SecurityError');
  };
  vi.stubGlobal('navigator', { locks: { request: refuse, query: refuse } });
  markComputing(one)();
  expect(await isComputing(one)).toBe(false);
});

test('other tabs see which study is computed', async () => {
  const held: { name: string }[] = [];
  const request = async (name: string, _: unknown, work: () => Promise<void>) => {
    held.push({ name });
    await work();
    held.pop();
  };
  vi.stubGlobal('navigator', { locks: { request, query: async () => ({ held }) } });
  const unmark = markComputing(one);
  expect([await isComputing(one), await isComputing(other)]).toEqual([true, false]);
  unmark();
  await vi.advanceTimersByTimeAsync(0);
  expect(await isComputing(one)).toBe(false);
});
