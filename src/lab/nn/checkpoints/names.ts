import { LetheError } from '../../settings';
import type { NamedTensor } from './composed';

/** What a kind of checkpoint calls the tensors of a network. */
export interface NamingScheme {
  id: string;
  /** As sentences list it: `ResNets with torchvision's names`. */
  listed: string;
  /** Whether a checkpoint with these names, without wrappers' prefixes, follows it. */
  recognises(names: ReadonlySet<string>): boolean;
  /** Its names in ours: of every name the first pattern that matches is replaced. What none matches is called the same here. */
  renames: readonly (readonly [from: RegExp, to: string])[];
}

const isResnet = (names: ReadonlySet<string>) =>
  names.has('conv1.weight') && names.has('layer1.0.conv1.weight');
const isKuangliu = (names: ReadonlySet<string>) =>
  names.has('linear.weight') || [...names].some((name) => /^layer\d+\.\d+\.shortcut\./.test(name));

/** Our own names are torchvision's for ResNets and lucidrains' for the ViT, so these two rename nothing. */
export const namingSchemes: readonly NamingScheme[] = [
  {
    id: 'torchvision',
    listed: "ResNets with torchvision's names",
    recognises: (names) => isResnet(names) && !isKuangliu(names),
    renames: [],
  },
  {
    id: 'kuangliu',
    listed: "kuangliu's",
    recognises: (names) => isResnet(names) && isKuangliu(names),
    renames: [
      [/^linear\./, 'fc.'],
      [/^(layer\d+\.\d+)\.shortcut\./, '$1.downsample.'],
    ],
  },
  {
    id: 'weiaicunzai',
    listed: "weiaicunzai's",
    recognises: (names) => names.has('conv1.0.weight') && names.has('conv2_x.0.residual_function.0.weight'),
    renames: [
      [/^conv1\.0\./, 'conv1.'],
      [/^conv1\.1\./, 'bn1.'],
      ...[2, 3, 4, 5, 6].flatMap((stage) =>
        [
          ['residual_function.0', 'conv1'],
          ['residual_function.1', 'bn1'],
          ['residual_function.3', 'conv2'],
          ['residual_function.4', 'bn2'],
          ['residual_function.6', 'conv3'],
          ['residual_function.7', 'bn3'],
          ['shortcut', 'downsample'],
        ].map(
          ([from, to]) =>
            [
              new RegExp(`^conv${stage}_x\\.(\\d+)\\.${from!.replace('.', '\\.')}\\.`),
              `layer${stage - 1}.$1.${to}.`,
            ] as const,
        ),
      ),
    ],
  },
  {
    id: 'lucidrains',
    listed: "the small-data ViT with lucidrains'",
    recognises: (names) => names.has('pos_embedding'),
    // Until 2023 normalisations stood around attention and MLP, not in them.
    renames: [
      [/^(transformer\.layers\.\d+\.0)\.fn\./, '$1.'],
      [/^(transformer\.layers\.\d+\.1)\.norm\./, '$1.net.0.'],
      [/^(transformer\.layers\.\d+\.1)\.fn\.net\.0\./, '$1.net.1.'],
      [/^(transformer\.layers\.\d+\.1)\.fn\.net\.3\./, '$1.net.4.'],
    ],
  },
];

/** What the names of a file were taken for. Plain data: the command line prints it, the page shows it on demand. */
export interface NamingReport {
  /** What stood before every name of the network: `module.`; empty where nothing did. */
  prefix: string;
  /** Names of the file whose tensors have other names here. */
  renamed: [from: string, to: string][];
  /** Names of the file that are no part of the network. */
  leftOut: string[];
  /** Our names of weights that were computed from several tensors, with how: `multiplied by their pruning masks`. */
  composed: [name: string, how: string][];
  /** Other networks in the file, by what stands before their names. */
  others: string[];
}

/** The tensors of a network under our names. */
export interface NamedNetwork<Tensor> {
  tensors: Record<string, Tensor>;
  report: NamingReport;
}

/** PyTorch counts BatchNorm's batches in every state dict; nothing here depends on it. */
const IGNORED = /(^|\.)num_batches_tracked$/;

/** What `DataParallel`, Lightning, `torch.compile` and other wrappers put before every name of a state dict. */
const WRAPPER = /^(?:module|model|net|network|backbone|state_dict|_orig_mod)\./;
/** What compilers and shards of training put into the middle of names, where no network has such a part. */
const INNER_WRAPPER = /(^|\.)(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)/g;

/** Where several networks lie in a file, the first of these that is there is meant. */
const USUAL_PLACES = [
  'state_dict',
  'model_state_dict',
  'model',
  'net',
  'module',
  'network',
  'backbone',
  'student',
];
/** Never what is meant, where there is something else. */
const OTHER_PLACES =
  /(^|[._])(init|initial|ema|swa|teacher|old|optim\w*|grads?|momentum\w*|exp_avg\w*)([._]|$)/i;

/** What stands beside a network in a state dict and is no part of what it computes. */
const BESIDE =
  /^(?:criterion|loss\w*|optim\w*|\w*scheduler|ema\w*|n_averaged|epoch|global_step|metrics?|\w*_(?:acc|metric))(?:\.|$)/;

/**
 * The tensors of a state dict, or of a checkpoint around it, under our names. Where the network lies is found by its own names, whatever
 * stands before them; the first naming scheme that fits is translated. Foreign tensors beside the network and BatchNorm's batch
 * counters are left out; within it unknown names are kept, since a network with more parts computes something else.
 * @param compose makes one tensor of those that a network computes a weight from
 * @throws LetheError where the file holds several networks and does not say which is meant
 */
export function findNetwork<Tensor>(
  tensors: Iterable<readonly [string, Tensor]>,
  compose?: (named: NamedTensor<Tensor>[]) => NamedTensor<Tensor>[],
  schemes = namingSchemes,
): NamedNetwork<Tensor> {
  let named: NamedTensor<Tensor>[] = [];
  for (const [file, tensor] of tensors)
    if (!IGNORED.test(file))
      named.push({ file, name: file.replace(INNER_WRAPPER, '').replace(/^\./, ''), tensor });
  if (compose) named = compose(named);
  const found = placesOf(named, schemes);
  const { prefix, scheme, others } = found ?? { ...commonWrapper(named), scheme: undefined, others: [] };
  const renames =
    scheme?.renames ?? schemes.find(({ recognises }) => recognises(namesUnder(named, prefix)))?.renames ?? [];
  const report: NamingReport = { prefix, renamed: [], leftOut: [], composed: [], others };
  const network: [string, Tensor][] = [];
  for (const { file, name, tensor, composed } of named) {
    const inside = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
    if (inside === undefined || (prefix === '' && BESIDE.test(inside))) {
      report.leftOut.push(file);
      continue;
    }
    const ours = renamed(inside, renames);
    if (ours !== inside) report.renamed.push([file, ours]);
    if (composed !== undefined) report.composed.push([ours, composed]);
    network.push([ours, tensor]);
  }
  return { tensors: Object.fromEntries(network), report };
}

/** Wrappers' prefixes that all names share, for tensors that no scheme recognises. */
function commonWrapper<Tensor>(named: NamedTensor<Tensor>[]): { prefix: string } {
  let prefix = '';
  for (;;) {
    const wrapper = WRAPPER.exec(named[0]?.name.slice(prefix.length) ?? '')?.[0];
    if (!wrapper || !named.every(({ name }) => name.startsWith(prefix + wrapper))) return { prefix };
    prefix += wrapper;
  }
}

function namesUnder<Tensor>(named: NamedTensor<Tensor>[], prefix: string): Set<string> {
  return new Set(named.flatMap(({ name }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}

/** The outermost prefixes under which a scheme is recognised, and which of them is meant. */
function placesOf<Tensor>(named: NamedTensor<Tensor>[], schemes: readonly NamingScheme[]) {
  const under = new Map<string, Set<string>>();
  for (const { name } of named)
    for (let end = 0; ; end = name.indexOf('.', end) + 1) {
      const prefix = name.slice(0, end);
      const names = under.get(prefix) ?? new Set();
      under.set(prefix, names.add(name.slice(end)));
      if (name.indexOf('.', end) < 0) break;
    }
  const places: { prefix: string; scheme: NamingScheme }[] = [];
  for (const [prefix, names] of [...under].sort(([a], [b]) => a.length - b.length)) {
    if (places.some((outer) => prefix.startsWith(outer.prefix))) continue;
    const scheme = schemes.find(({ recognises }) => recognises(names));
    if (scheme) places.push({ prefix, scheme });
  }
  if (places.length === 0) return undefined;
  const ranked = places.map((place) => ({ ...place, rank: rankOf(place.prefix) }));
  const best = Math.min(...ranked.map(({ rank }) => rank));
  const meant = ranked.filter(({ rank }) => rank === best);
  if (meant.length > 1)
    throw new LetheError(
      `The file holds several networks (${meant.map(({ prefix }) => prefix.replace(/\.$/, '')).join(', ')}): save the one that is meant by itself.`,
    );
  const others = places.map(({ prefix }) => prefix).filter((prefix) => prefix !== meant[0]!.prefix);
  return { prefix: meant[0]!.prefix, scheme: meant[0]!.scheme, others };
}

function rankOf(prefix: string): number {
  if (OTHER_PLACES.test(prefix)) return USUAL_PLACES.length + 1;
  const place = USUAL_PLACES.indexOf(prefix.split('.')[0]!);
  return place < 0 ? USUAL_PLACES.length : place;
}

function renamed(name: string, renames: NamingScheme['renames']): string {
  const rename = renames.find(([from]) => from.test(name));
  return rename ? name.replace(...rename) : name;
}
