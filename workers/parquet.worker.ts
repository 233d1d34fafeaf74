import * as Comlink from 'comlink';
import {
  answerRows,
  buffersIn,
  type RowsAnswer,
  type RowsRequest,
} from '../src/lab/data/readers/parquet-rows';

const decoder = {
  async decode(request: RowsRequest, onStart: () => void): Promise<RowsAnswer> {
    await onStart();
    const answer = await answerRows(request);
    return Comlink.transfer(answer, buffersIn(answer));
  },
};

export type RowsDecoder = typeof decoder;

Comlink.expose(decoder);
