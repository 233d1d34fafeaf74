import type { Page } from 'playwright-core';
import type { LabEvent } from '../../../src/lab/lab-api';
import { type AnyPage, inPage } from './any-page';

/** What of an event the tests look at. */
export interface SeenEvent {
  type: LabEvent['type'];
  /** Which message brought it, counted from 0, and when that came, in milliseconds. */
  message: number;
  at: number;
  stage?: string;
  key?: string;
  cached?: boolean;
  /** Of a `stage-progress` in optimizer steps. */
  step?: number;
  epoch?: number;
}

interface Message {
  at: number;
  events: LabEvent[];
}

/** Runs in the page before anything else: keeps every message that the worker's proxied listener gets, as Comlink sends it. */
export function keepMessages(): void {
  const messages: Message[] = [];
  Object.assign(globalThis, { labMessages: messages });
  const { addEventListener } = EventTarget.prototype;
  MessagePort.prototype.addEventListener = function (this: MessagePort, ...given: [string, never]) {
    if (given[0] === 'message')
      addEventListener.call(this, 'message', (event) => {
        const { data } = event as MessageEvent;
        const events = data?.type === 'APPLY' && data.argumentList[0].value;
        // How far a reading or a question is comes by a proxy, too, but not as a list.
        if (Array.isArray(events)) messages.push({ at: performance.now(), events });
      });
    addEventListener.apply(this, given);
  };
}

/** Keeps what the worker says for `seenEvents`; for `openPage`. */
export async function recordEvents(page: Page): Promise<void> {
  await page.addInitScript(keepMessages);
}

/** What the worker has said since the page was last loaded. */
export function seenEvents(page: AnyPage): Promise<SeenEvent[]> {
  return inPage(page, () => {
    const { labMessages } = globalThis as unknown as { labMessages: Message[] };
    return labMessages.flatMap(({ at, events }, message) =>
      events.map((event) => ({
        type: event.type,
        message,
        at,
        ...('ref' in event && { stage: event.ref.stage, key: event.ref.key }),
        ...('cached' in event && event.type === 'stage-done' && { cached: event.cached }),
        ...(event.type === 'stage-progress' &&
          event.progress.counted === 'steps' && { step: event.progress.done }),
        ...(event.type === 'series' && { epoch: event.point.epoch }),
      })),
    );
  });
}

/** The most messages within one second. */
export function busiestSecond(events: SeenEvent[]): number {
  const times = [...new Map(events.map(({ message, at }) => [message, at])).values()];
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}
