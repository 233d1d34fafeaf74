import { builtinModules } from 'node:module';
import { expect, test } from 'vitest';
import { filesUnder, lineCount, readSource, type Source } from './support/sources';

/**
 * The rules between the rooms (folders) of the source. Rooms stand on floors; imports, those of types too, run down only.
 * `study` and the files directly in `src/lab` (settings, tensors, rng) are the common language: usable from everywhere.
 */
const FLOORS: Record<string, number> = {
  app: 10,
  cli: 10,
  workers: 10,
  session: 9,
  stages: 8,
  library: 8,
  results: 7,
  plan: 6,
  unlearn: 5,
  compare: 5,
  localize: 4,
  evaluate: 4,
  train: 3,
  data: 2,
  forget: 2,
  nn: 1,
  gpu: 0,
  store: 0,
};

/** The rooms of the page, from the bottom; what ties them together stands directly in `src/app`. */
const PAGE_FLOORS = [
  'app/ui',
  'app/charts',
  'app/state',
  'app/client',
  'app/panels',
  'app/views',
  'app/shell',
  'app',
];

/** Rooms whose files may load TensorFlow.js. */
const TENSORFLOW_ROOMS = ['gpu', 'nn', 'train', 'data'];

/** Files over 400 lines, each with the reason it is not two files. */
const LONG_FILES: Record<string, string> = {};

const sources = new Map(
  filesUnder(['src', 'workers'], /\.tsx?$/).map((path) => [path, readSource(path)] as const),
);

function roomOf(path: string): string {
  const [top, second, third, fourth] = path.split('/');
  if (top === 'workers') return 'workers';
  if (second === 'app' && fourth !== undefined) return `app/${third}`;
  if (second !== 'lab') return second!;
  return fourth === undefined ? 'common' : third!;
}

/** The floor of a room among those of the whole source, where the page is one. */
const floorOf = (room: string): number | undefined => FLOORS[PAGE_FLOORS.includes(room) ? 'app' : room];

const isCommon = (room: string) => room === 'common' || room === 'study';
/** A registry's list of entries: descriptions, which everyone may read. */
const isRegistry = (path: string) => /^src\/lab\/[a-z]+(\/[a-z]+)?\/index\.ts$/.test(path);

function allowed(source: Source, to: string, typeOnly: boolean): boolean {
  const [room, target] = [roomOf(source.path), roomOf(to)];
  if (room === target || isCommon(target) || isRegistry(to)) return true;
  const [from, onto] = [PAGE_FLOORS.indexOf(room), PAGE_FLOORS.indexOf(target)];
  if (from >= 0 && onto >= 0) return from > onto;
  // The common language names what the rooms hold (a study holds a model's config), but runs none of it.
  if (isCommon(room)) return typeOnly && floorOf(target)! < FLOORS.session!;
  return floorOf(room)! > floorOf(target)!;
}

test('every folder is a known room', () => {
  const rooms = new Set([...sources.keys()].map(roomOf).filter((room) => !isCommon(room)));
  expect([...rooms].filter((room) => floorOf(room) === undefined)).toEqual([]);
});

test('imports run down the floors only', () => {
  const isSource = (file: string) => sources.has(file) || file.endsWith('.css');
  const wrong = [...sources.values()].flatMap((source) =>
    source.imports
      .filter(({ file, typeOnly }) => file && isSource(file) && !allowed(source, file, typeOnly))
      .map(({ file }) => `${source.path} -> ${file}`),
  );
  expect(wrong).toEqual([]);
});

test('no circle of imports, those of types included', () => {
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[] = [];
  const visit = (path: string, trail: string[]) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const { file } of sources.get(path)!.imports)
      if (file && sources.has(file)) visit(file, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of sources.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

/** Packages and Node modules that running `path` loads, with the file that asks for each. */
function packagesBehind(path: string, seen = new Set<string>()): { request: string; by: string }[] {
  if (seen.has(path)) return [];
  seen.add(path);
  return (sources.get(path)?.imports ?? [])
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap(({ request, file }) => (file ? packagesBehind(file, seen) : [{ request, by: path }]));
}

test('only the rooms of the engine load TensorFlow.js, and the page loads none of it', () => {
  const loads = [...sources.values()].filter(
    (source) =>
      source.imports.some(({ request, typeOnly }) => !typeOnly && request.startsWith('@tensorflow/')) &&
      !TENSORFLOW_ROOMS.includes(roomOf(source.path)),
  );
  expect(loads.map(({ path }) => path)).toEqual([]);
  expect(sources.has('src/app/main.tsx')).toBe(true);
  const page = packagesBehind('src/app/main.tsx').filter(({ request }) =>
    /^(@tensorflow\/|webgpu$|node:)/.test(request),
  );
  expect(page).toEqual([]);
});

test('the lab knows no page and no Node: it runs in a worker, in Node and in tests alike', () => {
  const builtin = new Set(builtinModules);
  const foreign = (request: string) =>
    request.startsWith('node:') ||
    builtin.has(request) ||
    /^(react|react-dom|@mantine\/.*|@tabler\/.*|recharts|zustand|webgpu)($|\/)/.test(request);
  const wrong: string[] = [];
  for (const source of sources.values()) {
    if (!source.path.startsWith('src/lab/')) continue;
    for (const { request } of source.imports)
      if (foreign(request) && !/^src\/lab\/store\/node(-[a-z]+)?\.ts$/.test(source.path))
        wrong.push(`${source.path} imports ${request}`);
    for (const name of ['document', 'window', 'localStorage', 'HTMLElement', 'HTMLCanvasElement'])
      if (source.identifiers.has(name)) wrong.push(`${source.path} uses ${name}`);
    if (source.text.includes('Math.random'))
      wrong.push(`${source.path} draws random numbers outside the named streams`);
  }
  expect(wrong).toEqual([]);
});

test('files can be read in one sitting: 400 lines, or a reason', () => {
  const long = filesUnder(['src', 'workers', 'test', 'scripts', 'bench'], /\.(tsx?|mjs|css)$/).filter(
    (path) => lineCount(path) > 400,
  );
  expect(long).toEqual(Object.keys(LONG_FILES).sort());
});
