import type { WeightsReport } from '../checkpoint';
import { normalisationText } from './normalisation';

/** So many names are given in one line. */
const FEW = 3;

/**
 * What was done to a file of weights to read it, in one line; undefined where nothing was.
 * @param verbose every name instead of the first few
 */
export function weightsText(path: string, report: WeightsReport, verbose = false): string | undefined {
  const list = (items: readonly string[]) => {
    const shown = verbose ? items : items.slice(0, FEW);
    const more = items.length - shown.length;
    return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  };
  const { prefix, renamed, composed, leftOut, others, normalise, refersTo } = report;
  const said = [
    prefix && `its network lies under "${prefix}"`,
    renamed.length > 0 &&
      `renamed ${list(renamed.map(([from, to]) => `${from.startsWith(prefix) ? from.slice(prefix.length) : from} to ${to}`))}`,
    ...[...new Set(composed.map(([, how]) => how))].map(
      (how) => `${how}: ${list(composed.filter(([, other]) => other === how).map(([name]) => name))}`,
    ),
    others.length > 0 && `other networks left out: ${list(others.map((other) => other.replace(/\.$/, '')))}`,
    leftOut.length > 0 && `left out ${list(verbose || leftOut.length <= FEW ? leftOut : byPlace(leftOut))}`,
    normalise && `images are normalised with its ${normalisationText(normalise)}`,
    refersTo.length > 0 && `it refers to ${list(refersTo)}, which is not run`,
  ].filter((part) => part !== false && part !== '' && part !== undefined);
  return said.length > 0 ? `${path}: ${said.join('; ')}.` : undefined;
}

/** Many names by what stands before their first dot, with how many there are: an optimizer's state has one for each parameter. */
function byPlace(names: readonly string[]): string[] {
  const places = new Map<string, number>();
  for (const name of names) {
    const place = name.split('.')[0]!;
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  return [...places].map(([place, count]) => (count > 1 ? `${place} (${count} tensors)` : place));
}
