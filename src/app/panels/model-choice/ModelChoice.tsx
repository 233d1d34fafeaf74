import { Tooltip } from '@mantine/core';
import { IconArrowsLeftRight } from '@tabler/icons-react';
import { useCallback, useEffect } from 'react';
import { fixed } from '../../../lab/format';
import { useApp } from '../../client/context';
import type { ImageSetName } from '../../state/compared-models';
import { count } from '../../ui/format';
import { TAKES_LETTERS } from '../../ui/takes-letters';
import { agreement, isComparable, sampleText, setSizes } from '../compared/comparison';
import { useComparison } from '../compared/context';
import { RowMark } from '../runs-table/RowMark';
import { FileModel } from './FileModel';
import './model-choice.css';

const SETS: readonly ImageSetName[] = ['forget', 'retain', 'test'];
const SWAP_KEY = 'x';

/** Which two models stand side by side, and on how many images they say the same. */
export function ModelChoice() {
  const comparison = useComparison();
  const setModels = useApp((state) => state.setModels);
  const { a, b, seed, seeds, answered } = comparison;
  // What was selected stays selected on the other side: the cell too is one of the other model now.
  const swap = useCallback(
    () => setModels({ a: b.key, b: a.key, cell: undefined }),
    [setModels, a.key, b.key],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.toLowerCase() !== SWAP_KEY || (event.target as Element).closest(TAKES_LETTERS)) return;
      swap();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [swap]);
  const sizes = setSizes(comparison);
  return (
    <section className="panel model-choice" aria-label="The two models">
      <ModelPicker letter="A" />
      <Tooltip label="Swap A and B. Key X.">
        <button
          type="button"
          className="button model-swap"
          aria-label="Swap A and B"
          aria-keyshortcuts={SWAP_KEY}
          onClick={swap}
        >
          <IconArrowsLeftRight size={16} aria-hidden />
        </button>
      </Tooltip>
      <ModelPicker letter="B" />
      <FileModel />
      {seeds.length > 1 && (
        <label className="model-picker">
          <span className="muted">seed</span>
          <select value={seed} onChange={({ target }) => setModels({ seed: Number(target.value) })}>
            {seeds.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="model-agreement">
        <span className="muted">same answer on</span>
        {SETS.map((set) => {
          const percent = agreement(comparison, set);
          if (percent === undefined) return null;
          const told = answered[set].length;
          return (
            <Tooltip
              key={set}
              label={`Share of ${sampleText(set, told, sizes[set])} of which A and B say the same class.`}
            >
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard */}
              <span className="agreement" data-set={set} tabIndex={0}>
                <b>{fixed(percent, 0)} %</b> of {count(told)} {set}
              </span>
            </Tooltip>
          );
        })}
      </p>
    </section>
  );
}

/** One of the two, among all that tell their answers. */
function ModelPicker({ letter }: { letter: 'A' | 'B' }) {
  const comparison = useComparison();
  const setModels = useApp((state) => state.setModels);
  const side = letter === 'A' ? 'a' : 'b';
  const chosen = comparison[side];
  return (
    <label className="model-picker">
      <b>{letter}</b>
      <RowMark kind={chosen.role} strategy={chosen.strategy} />
      <select
        aria-label={`Model ${letter}`}
        value={chosen.key}
        onChange={({ target }) => setModels({ [side]: target.value, cell: undefined })}
      >
        {comparison.models.map((model) => (
          <option key={model.key} value={model.key} disabled={!isComparable(model)}>
            {model.label}
            {isComparable(model) ? '' : ' (tells no answers)'}
          </option>
        ))}
      </select>
    </label>
  );
}
