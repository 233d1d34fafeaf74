import { parentPort } from 'node:worker_threads';
import { answerRows, buffersIn, type RowsRequest } from '../lab/data/readers/parquet-rows';

/** The worker of `parquet-rows.ts`: each request is answered with `started`, then with a `RowsAnswer`. */
parentPort!.on('message', async (request: RowsRequest) => {
  parentPort!.postMessage('started');
  const answer = await answerRows(request);
  parentPort!.postMessage(answer, buffersIn(answer));
});
