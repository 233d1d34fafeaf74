import type { ImageSetName } from './compared-models';
import type { MatrixCell, ModelsChoice } from './models-slice';
import { PAGE_VIEWS, type PageView } from './page-views';
import { MOST_TICKED } from './studies-slice';

/** What an address says beside the study: the view, and what is chosen in it. */
export interface ViewAddress {
  page: PageView;
  models: ModelsChoice;
  /** Ids of the studies that are laid over each other in the library. */
  ticked: readonly string[];
  /** Whether the plane's axes have the same scale. */
  sameScale?: boolean;
}

/** How an address says it, on any view. */
const SAME_SCALE = 'scale=same';

interface Field {
  /** undefined: not chosen. */
  write(choice: ModelsChoice): string | undefined;
  /** undefined: no such choice. */
  read(text: string): ModelsChoice | undefined;
}

const SETS: readonly ImageSetName[] = ['forget', 'retain', 'test'];

/** Seeds go up to 2³² − 1. */
const wholeNumber = (text: string) => (/^\d{1,10}$/.test(text) ? Number(text) : undefined);

const textField = (name: 'a' | 'b' | 'tab' | 'filter'): Field => ({
  write: (choice) => choice[name],
  read: (text) => (text ? { [name]: text } : undefined),
});
/** One of a few values. */
function choiceField<Name extends keyof ModelsChoice>(
  name: Name,
  values: readonly (ModelsChoice[Name] & string)[],
): Field {
  return {
    write: (choice) => choice[name]?.toString(),
    read: (text) => {
      const value = values.find((each) => each === text);
      return value && { [name]: value };
    },
  };
}
/** From 0 to 1, with at most six digits. */
const shareField = (name: 'threshold' | 'between'): Field => ({
  write: (choice) => choice[name]?.toString(),
  read: (text) => {
    const value = /^\d(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    return value <= 1 ? { [name]: value } : undefined;
  },
});
const numberField = (name: 'seed' | 'label' | 'image'): Field => ({
  write: (choice) => choice[name]?.toString(),
  read: (text) => {
    const value = wholeNumber(text);
    return value === undefined ? undefined : { [name]: value };
  },
});

/** By their names in the address. What depends on the study, or on the tabs and filters there are, is checked by the view. */
const FIELDS: Record<string, Field> = {
  a: textField('a'),
  b: textField('b'),
  seed: numberField('seed'),
  tab: textField('tab'),
  set: choiceField('set', SETS),
  order: choiceField('order', ['index']),
  show: textField('filter'),
  class: numberField('label'),
  cell: {
    write: ({ cell }) => cell && [cell.of, cell.label, cell.says].join('.'),
    read: (text) => {
      const [, of, label, says] = /^(a|b|difference)\.(\d{1,9})\.(\d{1,9})$/.exec(text) ?? [];
      return of === undefined
        ? undefined
        : { cell: { of: of as MatrixCell['of'], label: Number(label), says: Number(says) } };
    },
  },
  image: numberField('image'),
  matrix: choiceField('measure', ['mean']),
  threshold: shareField('threshold'),
  attack: choiceField('attack', ['lira']),
  attacked: choiceField('attacked', ['b']),
  roc: choiceField('roc', ['log']),
  map: choiceField('map', ['umap']),
  pictures: choiceField('pictures', ['own', 'one']),
  between: shareField('between'),
  without: {
    write: ({ without }) => without?.join('.'),
    read: (text) => {
      const names = text.split('.');
      const without = SETS.filter((set) => names.includes(set));
      return without.length === names.length ? { without } : undefined;
    },
  },
};

/** Studies that are ticked in the library, by its name in the address. */
const TICKED = 'with';
const IDS = /^[0-9a-z-]{1,64}(\.[0-9a-z-]{1,64})*$/;

/** `v=models&a=oracle&image=17`; empty for the first view as it is at first. */
export function encodeView({ page, models, ticked, sameScale }: ViewAddress): string {
  const scale = sameScale ? [SAME_SCALE] : [];
  if (page === PAGE_VIEWS[0]!.id) return sameScale ? [`v=${page}`, ...scale].join('&') : '';
  if (page === 'studies') {
    const studies = ticked.length > 0 ? [`${TICKED}=${ticked.join('.')}`] : [];
    return [`v=${page}`, ...studies, ...scale].join('&');
  }
  const fields = Object.entries(FIELDS).flatMap(([name, { write }]) => {
    const text = write(models);
    return text === undefined ? [] : [`${name}=${encodeURIComponent(text)}`];
  });
  return [`v=${page}`, ...fields, ...scale].join('&');
}

/** Never throws: what is not known is left out, with a sentence that names it. @param text as `encodeView` writes it; empty: the first view */
export function decodeView(text: string): ViewAddress & { problems: string[] } {
  const first = PAGE_VIEWS[0]!.id;
  if (text === '') return { page: first, models: {}, ticked: [], sameScale: undefined, problems: [] };
  const [view, ...rest] = text.split('&').map((part) => {
    const at = part.indexOf('=');
    return { name: at < 0 ? part : part.slice(0, at), value: at < 0 ? '' : plainText(part.slice(at + 1)) };
  });
  const page = PAGE_VIEWS.find(({ id }) => id === view!.value)?.id;
  if (!page)
    return {
      page: first,
      models: {},
      ticked: [],
      problems: [`The link asks for a view “${shortened(view!.value)}” that is not known here.`],
    };
  const problems: string[] = [];
  let models: ModelsChoice = {};
  let ticked: string[] = [];
  let sameScale: true | undefined;
  for (const { name, value } of rest) {
    if (name === TICKED && IDS.test(value)) {
      ticked = value.split('.').slice(0, MOST_TICKED);
      continue;
    }
    if (`${name}=${value}` === SAME_SCALE) {
      sameScale = true;
      continue;
    }
    const known = Object.hasOwn(FIELDS, name) ? FIELDS[name]!.read(value) : undefined;
    if (known) models = { ...models, ...known };
    else
      problems.push(
        `The link’s “${shortened(`${name}=${value}`)}” is not known here and was left out of the view.`,
      );
  }
  return { page, models, ticked, sameScale, problems };
}

/** Names in notices are not longer. */
const SHOWN = 40;
const shortened = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

function plainText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The part of an address that says the study, and the part that says the view (empty where it says none). */
export function splitHash(hash: string): { study: string; view: string } {
  // Mail programs escape what stands in a link.
  const text = /(^#?|%26)v%3D/i.test(hash) ? plainText(hash) : hash;
  const match = /^(.*?)(?:^#|&)(v=.*)$/s.exec(text);
  if (match) return { study: match[1]!, view: match[2]! };
  return { study: hash, view: '' };
}

/** The inverse. */
export function joinHash(study: string, view: string): string {
  if (view === '') return study;
  return study === '' ? `#${view}` : `${study}&${view}`;
}
