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

/** In this order. Our own names are torchvision's for ResNets and lucidrains' for the ViT, so these two rename nothing. */
export const namingSchemes: readonly NamingScheme[] = [
  {
    id: 'torchvision',
    listed: "ResNets with torchvision's names",
    recognises: (names) => names.has('conv1.weight'),
    renames: [],
  },
  {
    id: 'lucidrains',
    listed: "the small-data ViT with lucidrains'",
    recognises: (names) => names.has('pos_embedding'),
    renames: [],
  },
];

/** PyTorch counts BatchNorm's batches in every state dict; nothing here depends on it. */
const IGNORED = /(^|\.)num_batches_tracked$/;

/** What `DataParallel`, Lightning, `torch.compile` and other wrappers put before every name of a state dict. */
const WRAPPER = /^(?:module|model|net|network|backbone|state_dict|_orig_mod)\./;

/**
 * The tensors of a state dict under our names: wrappers' prefixes that all names share are taken off, BatchNorm's batch counters are left
 * out, and the first naming scheme that fits is translated.
 */
export function underOurNames<Tensor>(
  tensors: Record<string, Tensor>,
  schemes = namingSchemes,
): Record<string, Tensor> {
  let named = Object.entries(tensors).filter(([name]) => !IGNORED.test(name));
  while (named.length > 0 && named.every(([name]) => WRAPPER.test(name)))
    named = named.map(([name, tensor]) => [name.replace(WRAPPER, ''), tensor]);
  const names = new Set(named.map(([name]) => name));
  const renames = schemes.find((scheme) => scheme.recognises(names))?.renames ?? [];
  return Object.fromEntries(named.map(([name, tensor]) => [renamed(name, renames), tensor]));
}

function renamed(name: string, renames: NamingScheme['renames']): string {
  const rename = renames.find(([from]) => from.test(name));
  return rename ? name.replace(...rename) : name;
}
