import type { LabEvent } from '../../src/lab/lab-api';

/** Waits until no event has come for a few turns of the event loop. */
export async function quiet(events: LabEvent[]): Promise<void> {
  for (let calm = 0, count = -1; calm < 5; calm = count === events.length ? calm + 1 : 0) {
    count = events.length;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
