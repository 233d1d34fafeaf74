import { type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet';
import { listText } from '../../format';
import { LetheError } from '../../settings';
import { printable } from '../../text';

/** A column that may hold the classes. */
export interface LabelColumn {
  name: string;
  /** `text`: the classes are named by the rows themselves. */
  kind: 'number' | 'text';
  /** Names of the classes from the hub's metadata. */
  classes?: string[];
}

/** What the columns of a parquet file may be, the likeliest first. */
export interface ParquetColumns {
  images: string[];
  /** Where nothing but their content can tell which of `images` it is. */
  areImagesSure: boolean;
  labels: LabelColumn[];
  /** What columns called as images or labels hold instead, each to stand behind `its`: `column image holds texts`. */
  misfits: { images?: string; labels?: string };
  /** All top-level columns. */
  all: string[];
}

/** Features of the `datasets` library by column. */
type Features = Record<string, { _type?: string; names?: unknown; dtype?: string }>;

/** Names of columns of images, the likeliest first. */
const IMAGE_NAMES =
  /^(image|img|images|picture|photo|pixels?|jpg|jpeg|png|webp|image_bytes|img_bytes|bytes|data)$/i;
/** Other pictures than what is classified, and vectors. */
const NO_IMAGE = /mask|segm|annot|depth|embed|feature|vector|thumb|heat|attention|(^|_)gt(_|$)/i;
const LABEL_NAMES =
  /(^|[_.-])(labels?|class|classes|targets?|category|cls|y)([_.-]?(id|idx|index|num|names?|fine|coarse))?$/i;
/** Of several columns of labels these come first. */
const FIRST_LABELS = ['label', 'labels', 'fine_label', 'class', 'target', 'category', 'cls', 'y'];
/** And these last: they put several classes into one. */
const COARSE = /coarse|super/i;

/** Looks at schema and metadata. */
export function findColumns(metadata: FileMetaData): ParquetColumns {
  const features = featuresOf(metadata);
  const columns = parquetSchema(metadata).children;
  const all = columns.map(({ element }) => element.name);
  const featured = columns.filter(
    (column) => features[column.element.name]?._type === 'Image' && holdsBytes(column),
  );
  const binary = columns.filter(
    (column) =>
      holdsBytes(column) &&
      !NO_IMAGE.test(column.element.name) &&
      (features[column.element.name]?._type ?? 'Image') === 'Image',
  );
  const byName = (candidates: SchemaTree[]) => {
    const names = candidates.map(({ element }) => element.name);
    return [
      ...names.filter((name) => /^(image|img)$/i.test(name)),
      ...names.filter((name) => !/^(image|img)$/i.test(name) && IMAGE_NAMES.test(name)),
      ...names.filter((name) => !IMAGE_NAMES.test(name)),
    ];
  };
  const wanted = featured.filter(({ element }) => !NO_IMAGE.test(element.name));
  const images = byName(wanted.length > 0 ? wanted : binary);
  const areImagesSure = images.length < 2 || wanted.length > 0 || /^(image|img)$/i.test(images[0]!);
  const labels = columns.flatMap((column) => {
    const { name } = column.element;
    const kind = images.includes(name) ? undefined : labelKind(column);
    const names = features[name]?.names;
    const classes =
      Array.isArray(names) && names.every((each) => typeof each === 'string') ? names : undefined;
    const isLabel = features[name]?._type === 'ClassLabel' || LABEL_NAMES.test(name);
    return kind && isLabel ? [{ name, kind, classes }] : [];
  });
  const rank = ({ name }: LabelColumn) => {
    const at = FIRST_LABELS.indexOf(name.toLowerCase());
    return (at < 0 ? FIRST_LABELS.length : at) + (COARSE.test(name) ? FIRST_LABELS.length : 0);
  };
  labels.sort((a, b) => rank(a) - rank(b));
  const misfit = (pattern: RegExp) => {
    const column = columns.find(({ element }) => pattern.test(element.name));
    return column && `column ${printable(column.element.name)} holds ${contentOf(column)}`;
  };
  const misfits = { images: misfit(IMAGE_NAMES), labels: misfit(LABEL_NAMES) };
  return { images, areImagesSure, labels, misfits, all };
}

/** What a column holds, in the plural. */
function contentOf(column: SchemaTree): string {
  const { element, children } = column;
  const isList = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
  if (isList || element.repetition_type === 'REPEATED') return 'lists';
  if (children.length > 0) return 'records';
  const kind = labelKind(column);
  return kind === 'text' ? 'texts' : kind === 'number' ? 'numbers' : 'values of another type';
}

const SHOWN = 8;

/** Columns for a sentence, the first few of many. */
export function columnsText(names: string[]): string {
  const few = names.slice(0, SHOWN).map((name) => printable(name));
  const more = names.length - few.length;
  return listText(more > 0 ? [...few, `${more.toLocaleString('en-US')} more`] : few, 'and') || 'none';
}

/**
 * The column that somebody asked for; it may have any name.
 * @throws LetheError when there is none of that name, or it can hold no classes.
 */
export function namedLabel(metadata: FileMetaData, wanted: string, file: string): LabelColumn {
  const columns = parquetSchema(metadata).children;
  const column = columns.find(({ element }) => element.name === wanted);
  const names = columnsText(columns.map(({ element }) => element.name));
  if (!column)
    throw new LetheError(`${file} has no column "${printable(wanted)}"; its columns are ${names}.`);
  const kind = labelKind(column);
  if (!kind)
    throw new LetheError(
      `The column ${printable(wanted)} of ${file} holds neither whole numbers nor texts: it cannot be the classes.`,
    );
  return findColumns(metadata).labels.find(({ name }) => name === wanted) ?? { name: wanted, kind };
}

/** Bytes, or the hub's struct of bytes and path. */
function holdsBytes({ element, children }: SchemaTree): boolean {
  if (element.repetition_type === 'REPEATED') return false;
  const bytes = children.length > 0 ? children.find((child) => child.element.name === 'bytes') : undefined;
  const leaf = children.length > 0 ? bytes?.element : element;
  return (
    leaf?.type === 'BYTE_ARRAY' &&
    leaf.repetition_type !== 'REPEATED' &&
    !leaf.converted_type &&
    !leaf.logical_type
  );
}

function labelKind({ element, children }: SchemaTree): LabelColumn['kind'] | undefined {
  if (children.length > 0 || element.repetition_type === 'REPEATED') return undefined;
  const { type, logical_type, converted_type } = element;
  if (type === 'BYTE_ARRAY')
    return converted_type === 'UTF8' || converted_type === 'ENUM' || logical_type?.type === 'STRING'
      ? 'text'
      : undefined;
  const isDate =
    logical_type && ['DATE', 'TIME', 'TIMESTAMP', 'DECIMAL', 'FLOAT16'].includes(logical_type.type);
  return type === 'INT96' || type === 'FIXED_LEN_BYTE_ARRAY' || isDate ? undefined : 'number';
}

/** What the `datasets` library writes into a file's metadata. */
function featuresOf({ key_value_metadata }: FileMetaData): Features {
  const text = key_value_metadata?.find(({ key }) => key === 'huggingface')?.value;
  try {
    const features: unknown = text && JSON.parse(text).info.features;
    return features !== null && typeof features === 'object' ? (features as Features) : {};
  } catch {
    return {};
  }
}
