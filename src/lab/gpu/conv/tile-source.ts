import { lines, range } from '../kernel';
import type { Operands } from './operands';
import { type Tiling, threadsOf } from './tilings';

/*
 * WGSL that is the same for all tiled products: tiles of A and B in shared memory, and the loop over the depth. A kernel says how its
 * operands are read (`Operand`); how they are shared is the tiling's. Along the depth every tiling adds in the same order.
 */

/** A tiling, and what its tiles in shared memory hold. */
export interface Tile extends Tiling {
  operands: Operands;
}

/** The WGSL type of what a tile holds. */
const heldBy = ({ vectors, operands }: Tile): string =>
  operands === 'f16' ? (vectors ? 'vec4<f16>' : 'f16') : vectors ? 'vec4f' : 'f32';

/** WGSL of a value (a vector with vectors) as it goes into shared memory. */
const intoTile = (t: Tile, value: string): string =>
  t.operands === 'f32' ? value : t.operands === 'f16' ? `${heldBy(t)}(${value})` : `quantizeToF16(${value})`;

/** WGSL that reads one operand's tile: first into variables, then from those into shared memory. */
export interface Operand {
  /** Reads the tile from depth `k0` on. Statements that declare variables. */
  fetch: string;
  /** Writes them, `at(depth, place)` being an index of the tile. */
  put: (at: (depth: string, place: string) => string) => string;
}

export const entryOf = (t: Tiling): string => `
@compute @workgroup_size(${threadsOf(t)})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,${t.subgroups ? '\n  @builtin(subgroup_invocation_id) subgroup_lane: u32,' : ''}
) {
  let u = uniforms;`;

export const declarationsOf = (t: Tile): string => {
  const element = heldBy(t);
  const width = t.vectors ? 4 : 1;
  return `
var<workgroup> tile_a: array<${element}, ${(t.buffers * t.k * t.m) / width}>;
var<workgroup> tile_b: array<${element}, ${(t.buffers * t.k * t.n) / width}>;`;
};

/** How far the r-th row, or column, of a thread lies behind its first: in groups of 4 neighbours that are spread over the tile. */
const spread = (i: number, side: number, each: number) => Math.floor(i / 4) * (side / (each / 4)) + (i % 4);
export const rowOf = (t: Tiling, r: number): number => spread(r, t.m, t.rows);
export const columnOf = (t: Tiling, v: number): number => spread(4 * v, t.n, t.columns);

/** WGSL: this thread's first row and column in the tile, and its accumulators. */
function place(t: Tiling): string {
  const across = t.n / t.columns;
  // Which lanes make a subgroup is the driver's choice: it is asked which place they have in it.
  const [x, y] = t.subgroups
    ? ['i32(subgroup_lane)', `i32(subgroupBroadcast(lane, 0u)) / ${across}`]
    : [`i32(lane) % ${across}`, `i32(lane) / ${across}`];
  return `
  let column = ${x} * 4;
  let row = ${y} * 4;
${lines(t.rows, (r) =>
  range(t.columns / 4)
    .map((v) => `  var acc${r}_${v} = vec4f();`)
    .join(' '),
)}`;
}

/** WGSL: adds the product of the tiles in a buffer to the accumulators. */
function multiply(t: Tile, buffer: string): string {
  const first = buffer === '0' ? '' : `${buffer} * ${t.k} + `;
  const groups = t.rows / 4;
  const vectors = t.columns / 4;
  const index = (side: number, place: string, depth: string, offset: number) => {
    const at = `(${first}${depth}) * ${side} + ${place} + ${offset}`;
    return t.vectors ? `(${at}) / 4` : at;
  };
  const half = t.operands === 'f16';
  const asFloats = (vector: string) => (half ? `vec4f(${vector})` : vector);
  const asNumber = (value: string) => (half ? `f32(${value})` : value);
  const four = (tile: string, side: number, place: string, depth: string, offset: number) =>
    t.vectors
      ? asFloats(`${tile}[${index(side, place, depth, offset)}]`)
      : `vec4f(${range(4)
          .map((l) => asNumber(`${tile}[${index(side, place, depth, offset + l)}]`))
          .join(', ')})`;
  const add = (depth: string, a: (g: number) => string) => `
${lines(vectors, (v) => `      let b${v} = ${four('tile_b', t.n, 'column', depth, columnOf(t, v))};`)}
${lines(groups, (g) => `      let a${g} = ${a(g)};`)}
${lines(t.rows, (r) =>
  range(vectors)
    .map((v) => `      acc${r}_${v} = fma(vec4f(a${Math.floor(r / 4)}[${r % 4}]), b${v}, acc${r}_${v});`)
    .join('\n'),
)}`;
  if (!t.subgroups)
    return `
    for (var k = 0; k < ${t.k}; k++) {${add('k', (g) => four('tile_a', t.m, 'row', 'k', rowOf(t, 4 * g)))}
    }`;
  // The rows' values of all depths, one vector a lane: number g·k + depth.
  const lanes = t.n / t.columns;
  const count = groups * t.k;
  return `
${lines(
  Math.ceil(count / lanes),
  (j) => `
    let number${j} = min(${j * lanes} + i32(subgroup_lane), ${count - 1});
    let shared${j} = ${asFloats(`tile_a[((${first}number${j} % ${t.k}) * ${t.m} + row + number${j} / ${t.k} * ${t.m / groups}) / 4]`)};`,
)}
${lines(t.k, (depth) => {
  const vector = (g: number) => {
    const number = g * t.k + depth;
    return `subgroupBroadcast(shared${Math.floor(number / lanes)}, ${number % lanes}u)`;
  };
  return `    {${add(String(depth), vector)}
    }`;
})}`;
}

/**
 * WGSL: the loop over the depth. Afterwards `acc{r}_{v}` is the thread's row `row + rowOf(r)`, four columns from `column + columnOf(v)` on.
 * @param prepare statements for what `fetch` will need for the tiles from depth `k0` on, in the given slot of two (of one, where
 * the tiling has one buffer); a barrier follows
 */
export function tileLoop(
  t: Tile,
  depth: { from: string; to: string },
  operands: (k0: string, slot: string) => Operand[],
  prepare: (k0: string, slot: string) => string = () => '',
): string {
  const width = t.vectors ? 4 : 1;
  const at = (side: number, buffer: string) => (k: string, place: string) =>
    `(${buffer === '0' ? '' : `${buffer} * ${t.k} + `}${k}) * ${side / width} + ${place}`;
  const fetch = (k0: string, slot: string) =>
    operands(k0, slot)
      .map((operand) => operand.fetch)
      .join('\n');
  const put = (k0: string, slot: string, buffer: string) => {
    const [a, b] = operands(k0, slot);
    return `${a!.put(at(t.m, buffer))}\n${b!.put(at(t.n, buffer))}`;
  };
  if (t.buffers === 1)
    return `${place(t)}
  for (var k0 = ${depth.from}; k0 < ${depth.to}; k0 += ${t.k}) {
${fetch('k0', '0')}
${put('k0', '0', '0')}
    workgroupBarrier();
${prepare(`k0 + ${t.k}`, '0')}
${multiply(t, '0')}
    workgroupBarrier();
  }`;
  const next = `k0 + ${t.k}`;
  return `${place(t)}
  {
${fetch(depth.from, '0')}
${put(depth.from, '0', '0')}
  }
${prepare(`${depth.from} + ${t.k}`, '1')}
  workgroupBarrier();
  var turn = 0;
  for (var k0 = ${depth.from}; k0 < ${depth.to}; k0 += ${t.k}) {
    let other = 1 - turn;
${fetch(next, 'other')}
${prepare(`${next} + ${t.k}`, 'turn')}
${multiply(t, 'turn')}
${put(next, 'other', 'other')}
    workgroupBarrier();
    turn = other;
  }`;
}

/** How many rounds all threads need for so many reads, and whether some threads have none in the last. */
const rounds = (count: number, threads: number) => ({
  each: Math.ceil(count / threads),
  ragged: count % threads !== 0,
});

/**
 * An operand that is read along its own side: each thread reads the same place in several depths.
 * @param side of the tile @param value WGSL of the value (a vector with vectors) at `depth`, an expression; 0 is put where `inside` is false
 */
export function alongSide(
  t: Tile,
  name: string,
  side: number,
  read: {
    before?: (depth: string) => string;
    inside: (depth: string) => string;
    value: (depth: string) => string;
  },
  placeOf: string,
): Operand {
  const wide = t.vectors ? side / 4 : side;
  const threads = threadsOf(t);
  const { each, ragged } = rounds(t.k * wide, threads);
  const depth = (j: number) => `${name}_depth${j}`;
  return {
    fetch: lines(
      each,
      (j) => `
    let ${depth(j)} = i32(lane) / ${wide} + ${(j * threads) / wide};
    var ${name}${j} = ${t.vectors ? 'vec4f()' : '0.0'};
    ${ragged ? `if (${depth(j)} < ${t.k}) {` : '{'}
      ${read.before?.(depth(j)) ?? ''}
      if (${read.inside(depth(j))}) { ${name}${j} = ${read.value(depth(j))}; }
    }`,
    ),
    put: (at) =>
      lines(
        each,
        (j) =>
          `    ${ragged ? `if (${depth(j)} < ${t.k}) ` : ''}{ tile_${name}[${at(depth(j), placeOf)}] = ${intoTile(t, `${name}${j}`)}; }`,
      ),
  };
}

/**
 * An operand that is read along the depth: each thread reads the same depth of several rows (columns of B). With vectors a thread
 * reads 4 depths of 4 rows at a time and transposes them in registers.
 * @param depthOf WGSL that declares what reading needs of the depth `k`, an expression
 * @param value WGSL of the value (a vector with vectors) in the row numbered `j`; 0 is put where `inside` is false
 */
export function alongDepth(
  t: Tile,
  name: string,
  side: number,
  read: {
    depthOf: (k: string) => string;
    inside: (j: number) => string;
    before?: (j: number) => string;
    value: (j: number) => string;
  },
  k0: string,
): Operand {
  const { each, ragged, deep, place: at0 } = alongDepthRows(t, side);
  const zero = t.vectors ? 'vec4f()' : '0.0';
  const group = t.vectors ? 4 : 1;
  const guard = (i: number) => (ragged ? `if (${at0(i)} < ${side / group}) ` : '');
  return {
    fetch: `${read.depthOf(`(${k0} + ${t.vectors ? '4 * ' : ''}(i32(lane) % ${deep}))`)}
${lines(
  each * group,
  (j) => `
    ${read.before?.(j) ?? ''}
    var ${name}${j} = ${zero};
    if (${ragged ? `${at0(Math.floor(j / group))} < ${side / group} && ` : ''}${read.inside(j)}) { ${name}${j} = ${read.value(j)}; }`,
)}`,
    put: (at) =>
      lines(each, (i) =>
        t.vectors
          ? `    ${guard(i)}{
${lines(
  4,
  (c) =>
    `      tile_${name}[${at(`4 * (i32(lane) % ${deep}) + ${c}`, at0(i))}] = ${intoTile(
      t,
      `vec4f(${range(4)
        .map((r) => `${name}${4 * i + r}[${c}]`)
        .join(', ')})`,
    )};`,
)}
    }`
          : `    ${guard(i)}{ tile_${name}[${at(`i32(lane) % ${deep}`, at0(i))}] = ${intoTile(t, `${name}${i}`)}; }`,
      ),
  };
}

/** Which rows (columns of B) a thread reads that reads along the depth: how many, and WGSL of the j-th one's number in the tile. */
export function alongDepthRows(t: Tiling, side: number) {
  const group = t.vectors ? 4 : 1;
  const deep = t.k / group;
  const threads = threadsOf(t);
  const { each, ragged } = rounds((side / group) * deep, threads);
  const place = (i: number) => `(i32(lane) / ${deep} + ${(i * threads) / deep})`;
  return {
    each,
    ragged,
    deep,
    place,
    count: each * group,
    row: (j: number) => (t.vectors ? `(4 * ${place(Math.floor(j / 4))} + ${j % 4})` : place(j)),
  };
}
