import { parquetMetadataAsync } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { expect, test } from 'vitest';
import { boundedRows, type RowsRequest } from '../../../../src/lab/data/readers/parquet-rows';
import { LetheError } from '../../../../src/lab/settings';
import { caseFiles, readAll } from '../../../support/cases';

const hanging = caseFiles('faults/parquet-hang').filter(({ path }) => path !== 'good.parquet');

test.each(hanging.map((file) => [file.path, file] as const))(
  'parquet: %s, of which one byte was changed, is refused at once',
  async (_, file) => {
    const started = performance.now();
    await expect(readAll([file])).rejects.toThrow(/rows 0 to \d+ cannot be read, so it is damaged/);
    await expect(readAll([file])).rejects.toThrow(LetheError);
    expect(performance.now() - started).toBeLessThan(5000);
  },
);

test('hyparquet reads the same byte for ever where a page’s header lacks a field', async () => {
  const [file] = caseFiles('faults/parquet-hang/hang1.parquet');
  const metadata = await parquetMetadataAsync(file!.content);
  const at = Number(metadata.row_groups[0]!.columns[0]!.meta_data!.data_page_offset);
  const reader = { view: new DataView(await file!.content.slice(at, file!.content.byteLength)), offset: 0 };
  const { data_page_header_v2: page } = parquetHeader(reader);
  // `readDataPageV2` goes on from here, whatever it is.
  const from = page!.repetition_levels_byte_length;
  expect(from).toBeUndefined();
  const asked: number[] = [];
  const view = {
    getUint8(place: number) {
      asked.push(place);
      if (asked.length === 1000) throw new Error('a thousand bytes for 40 values');
      // What a view gives for no place at all is its first byte.
      return new DataView(Uint8Array.of(0).buffer).getUint8(place);
    },
  };
  const endless = { view: view as unknown as DataView, offset: Number(from) };
  expect(() => readRleBitPackedHybrid(endless, 1, new Array(40), 2)).toThrow('a thousand bytes');
  expect(asked.every(Number.isNaN)).toBe(true);
});

const nothing: RowsRequest = { rows: 0, columns: [] };

test('boundedRows: a worker that does not end is ended, and the next request gets a new one', async () => {
  const ended: number[] = [];
  let started = 0;
  const rows = boundedRows(() => {
    const number = started++;
    return {
      decode: (_, onStart) => {
        onStart();
        return number === 0 ? new Promise(() => {}) : Promise.resolve({ rows: { number: [number] } });
      },
      end: () => ended.push(number),
    };
  }, 20);
  await expect(rows(nothing)).rejects.toThrow(/does not end/);
  expect(ended).toEqual([0]);
  expect(await rows(nothing)).toEqual({ number: [1] });
  expect(await rows(nothing)).toEqual({ number: [1] });
  expect([started, ended]).toEqual([2, [0]]);
});

test('boundedRows: whoever gives up waits for nothing, and a damaged row group keeps its worker', async () => {
  const cancel = new AbortController();
  const stopping = boundedRows(() => ({ decode: () => new Promise(() => {}), end: () => {} }));
  const waiting = stopping(nothing, { signal: cancel.signal });
  cancel.abort(new LetheError('Stopped.'));
  await expect(waiting).rejects.toThrow('Stopped.');
  let started = 0;
  const damaged = boundedRows(() => {
    started++;
    return { decode: async () => ({ damaged: 'a page without its size' }), end: () => {} };
  });
  await expect(damaged(nothing)).rejects.toThrow('a page without its size');
  await expect(damaged(nothing)).rejects.toThrow('a page without its size');
  expect(started).toBe(1);
});
