import type { Lanes } from './kernel';
import { THREADS } from './run';

/** Rows that one thread sums: a longer plain sum would lose digits. */
const CHUNK_ROWS = 64;

/**
 * WGSL for a workgroup of `THREADS` that sums over `uniforms.rows` rows: each thread takes a chunk of rows, and the first adds the
 * chunks in their order. All threads of the workgroup must come by.
 * @param names of the sums; afterwards each holds its sum, in thread 0 alone
 * @param row statements for row `row`, which add to variables of these names
 * @returns declarations of shared memory for outside of `main`, and statements
 */
export function sumOverRows(element: Lanes, names: string[], row: string) {
  const each = (line: (name: string) => string) => names.map(line).join('\n');
  return {
    shared: each((name) => `var<workgroup> chunks_of_${name}: array<${element}, ${THREADS}>;`),
    sum: `
      ${each((name) => `var total_of_${name} = ${element}();`)}
      for (var start = 0u; start < uniforms.rows; start += ${CHUNK_ROWS * THREADS}u) {
        ${each((name) => `var ${name} = ${element}();`)}
        let begin = start + lane * ${CHUNK_ROWS}u;
        for (var row = begin; row < min(begin + ${CHUNK_ROWS}u, uniforms.rows); row++) {
          ${row}
        }
        ${each((name) => `chunks_of_${name}[lane] = ${name};`)}
        workgroupBarrier();
        if (lane == 0u) {
          let count = min((uniforms.rows - start + ${CHUNK_ROWS - 1}u) / ${CHUNK_ROWS}u, ${THREADS}u);
          for (var chunk = 0u; chunk < count; chunk++) {
            ${each((name) => `total_of_${name} += chunks_of_${name}[chunk];`)}
          }
        }
        workgroupBarrier();
      }
      ${each((name) => `let ${name} = total_of_${name};`)}`,
  };
}
