import * as Comlink from 'comlink';
import type { Preparation, prepareMap } from '../../lab/localize/prepare-map';
import { openWorker } from './open-worker';

type Given = Parameters<typeof prepareMap>;

/** The worker's interface, repeated here: the page may not import the worker's file. */
interface Ranker {
  prepare(...given: Given): Preparation;
}

let queue: Promise<unknown> = Promise.resolve();

/**
 * `prepareMap` in a worker of its own, one map after the other: each takes some hundred megabytes, which end with it.
 * Rejects as that throws, or when the worker cannot be loaded.
 */
export function prepareApart(...given: Given): Promise<Preparation> {
  const answer = queue.then(() => prepareNow(given));
  queue = answer.catch(() => undefined);
  return answer;
}

async function prepareNow(given: Given): Promise<Preparation> {
  const worker = openWorker(
    () => new Worker(new URL('../../../workers/rank.worker.ts', import.meta.url), { type: 'module' }),
  );
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () => reject(new Error('The map could not be ranked.')));
  });
  try {
    return await Promise.race([Comlink.wrap<Ranker>(worker).prepare(...given), broken]);
  } finally {
    worker.terminate();
  }
}
