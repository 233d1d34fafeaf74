import * as Comlink from 'comlink';
import { buffersOf, prepareMap } from '../src/lab/localize/prepare-map';

/** Ranks the scores of a map where nobody waits for a frame. */
const ranker = {
  prepare(...given: Parameters<typeof prepareMap>) {
    const prepared = prepareMap(...given);
    return Comlink.transfer(prepared, buffersOf(prepared) as ArrayBuffer[]);
  },
};

Comlink.expose(ranker);
