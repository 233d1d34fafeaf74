import { listText } from '../../format';
import { LetheError } from '../../settings';
import { printable } from '../../text';
import type { ReadNotes } from '../read-report';

/**
 * Which of several columns or lists holds the classes, and what is to be said of it.
 * @param options the default first
 * @throws LetheError when the wanted one is not among them
 */
export function chosenLabels(
  options: string[],
  wanted: string | undefined,
  name: string,
): { chosen: string; notes: Pick<ReadNotes, 'choices'> } {
  const chosen = wanted ?? options[0] ?? 'labels';
  const names = options.map((name) => printable(name));
  if (!options.includes(chosen))
    throw new LetheError(
      `${name} has no labels "${printable(chosen)}"; there are ${listText(names, 'and') || 'none'}.`,
    );
  if (options.length < 2) return { chosen, notes: {} };
  return {
    chosen,
    notes: {
      choices: [
        {
          field: 'labelColumn',
          label: 'Column with the classes',
          options: names,
          chosen: printable(chosen),
        },
      ],
    },
  };
}
