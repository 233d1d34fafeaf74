import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gather } from '../../../src/lab/session/gather';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('gather', () => {
  it('sends the first in no time, what follows in one batch per interval, all of it in order', async () => {
    const sent: number[][] = [];
    const { add } = gather<number>(async (items) => sent.push(items), 100);
    for (let i = 0; i < 30; i++) {
      add(2 * i);
      add(2 * i + 1);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(sent[0]).toEqual([0, 1]);
    expect(sent).toHaveLength(4);
    expect(sent.flat()).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it('waits for a slow receiver', async () => {
    const arrivals: (() => void)[] = [];
    const send = vi.fn((_: string[]) => new Promise<void>((resolve) => arrivals.push(resolve)));
    const { add } = gather(send, 100);
    add('a');
    await vi.advanceTimersByTimeAsync(1000);
    add('b');
    add('c');
    await vi.advanceTimersByTimeAsync(1000);
    expect(send.mock.calls).toEqual([[['a']]]);
    arrivals[0]!();
    await vi.advanceTimersByTimeAsync(0);
    expect(send.mock.calls[1]).toEqual([['b', 'c']]);
  });

  it('is drained when everything has arrived, also after a receiver that failed', async () => {
    const sent: string[][] = [];
    const { add, drained } = gather<string>(async (items) => {
      sent.push(items);
      if (sent.length === 1) throw new Error('gone');
    }, 100);
    await drained();
    add('a');
    await vi.advanceTimersByTimeAsync(50);
    add('b');
    const done = drained();
    await vi.runAllTimersAsync();
    await done;
    expect(sent).toEqual([['a'], ['b']]);
  });
});
