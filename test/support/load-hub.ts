import { createHash } from 'node:crypto';
import { openDataHost } from '../../src/cli/data-host';
import { hubSource } from '../../src/lab/data/sources/hub-source';
import type { HubSpec } from '../../src/lab/data/sources/hub-spec';
import { imagesOf } from './resident';

/**
 * A process that loads a data set of the hub as the command line does. It writes `waiting` while another process loads the set, then
 * a hash of the training images, and ends by itself. The set's entry is the only argument.
 */
const spec: HubSpec = JSON.parse(process.argv[2]!);
let waited = false;
const { train } = await hubSource(spec).load(spec.available, async () => new Uint8Array(), {
  host: openDataHost(),
  onProgress: ({ waiting }) => {
    if (waiting && !waited) console.log('waiting');
    waited ||= waiting === true;
  },
});
console.log(createHash('sha256').update(imagesOf(train)).digest('hex'));
