import { IconEye } from '@tabler/icons-react';
import { memo, useId, useMemo, useState } from 'react';
import { forgetRules } from '../../../lab/forget';
import { manual } from '../../../lab/forget/manual';
import type { MemorizationStudy } from '../../../lab/forget/memorization';
import type { Entry } from '../../../lab/settings';
import type { Study } from '../../../lab/study/study';
import type { ImageSet } from '../../state/image-set';
import { count, share } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { FateLegend } from './FateLegend';
import type { ToldFate } from './fate';
import { forgetTable } from './forget-table';
import { ImageGrid } from './ImageGrid';
import { ImageReadout } from './ImageReadout';
import { indexFiles } from './index-files';
import { MemorizationHistogram } from './MemorizationHistogram';
import { OrderPicker } from './OrderPicker';
import { type Outcome, PlantedNote } from './PlantedNote';
import { lastPick, type Pick, withPick } from './picks';
import { type ForgetOrder, invertIndices, plantedLabels, shownExamples, toggleIndices } from './shown';
import './forget-set.css';

interface ForgetSetProps {
  /** Absent until the images are loaded. */
  data?: ImageSet;
  /** Why there will be none. */
  absence?: string;
  /** Indices of the forget set, ascending. */
  forget: readonly number[];
  /** The wrong labels that these are trained with, in their order, where the rule plants some. */
  planted?: readonly number[];
  /** The networks of the shown study that were measured on this set. */
  outcomes?: readonly Outcome[];
  /** How much every training image is memorized, once the study has measured it. */
  memorization?: MemorizationStudy;
  /** The original's loss on every training image. */
  losses?: Float32Array;
  /** The forget registry's entries. */
  rules: readonly Entry[];
  /** What the edited study asks for. */
  chosen: Study['forget'];
  onRule: (rule: string) => void;
  /** The rule can choose only after part of the study was computed. */
  pending?: boolean;
  /** Why the rule chooses nothing: a study could not be run with it. */
  problem?: string;
  /** The reader picked by hand, or took that back. */
  onChoose: (next: Study['forget']) => void;
  /** While a study runs the set cannot change. */
  readOnly: boolean;
  /** What became of the forget images in the selected run, by example index, where its result tells; and the run's name. */
  fates?: ReadonlyMap<number, ToldFate>;
  runName?: string;
  /** Shows what the models say of an image; absent where they do not tell. */
  onOpen?: (index: number) => void;
}

/** Names short enough for the row of buttons; the full label stands in the explanation. */
const SHORT: Record<string, string> = {
  iid: 'IID',
  'non-iid': 'few classes',
  class: 'class',
  memorized: 'memorized',
  mislabelled: 'mislabelled',
  manual: 'by hand',
};

/** What the network must forget: by rule, or picked in the grid. */
export const ForgetSet = memo(function ForgetSet(props: ForgetSetProps) {
  const {
    data,
    absence = 'The images are being loaded.',
    forget,
    planted,
    outcomes = [],
    memorization,
    losses,
    rules,
    chosen,
    onRule,
    pending = false,
    problem,
    onChoose,
    readOnly,
    fates,
    runName = '',
    onOpen,
  } = props;
  const [classes, setClasses] = useState<ReadonlySet<number>>(new Set());
  const [order, setOrder] = useState<ForgetOrder>('index');
  const [pointed, setPointed] = useState<number>();
  const [picks, setPicks] = useState<Pick[]>([]);
  const [wantsLook, setWantsLook] = useState(false);
  const looking = wantsLook && onOpen !== undefined;
  const last = lastPick(picks, chosen);
  const readout = useId();
  const selected = useMemo(() => new Set(forget), [forget]);
  const wrong = useMemo(() => plantedLabels(forget, planted), [forget, planted]);
  // Picked images keep their place, or the grid would jump under the pointer.
  const [first, setFirst] = useState(selected);
  if (!forgetRules.find(chosen.rule)?.byHand && first !== selected) setFirst(selected);
  const shown = useMemo(
    () =>
      data
        ? shownExamples({ labels: data.labels, losses, memorization, classes, order, first, fates })
        : new Int32Array(),
    [data, losses, memorization, classes, order, first, fates],
  );

  const told = pointed === undefined ? undefined : fates?.get(pointed);

  const pick = (indices: number[]) => {
    setPicks(withPick(picks, chosen, indices));
    onChoose({ rule: manual.id, settings: { indices } });
  };
  const undo = () => {
    if (!last) return;
    setPicks(picks.slice(0, -1));
    onChoose(last.before);
  };
  const toggleClass = (label: number) => {
    const next = new Set(classes);
    if (!next.delete(label)) next.add(label);
    setClasses(next);
  };

  return (
    <Pane
      title="Forget set"
      fileName="forget-set"
      className="forget-set"
      compact
      aside={
        data ? (
          <>
            {count(forget.length)} of {count(data.labels.length)}
            <span className="forget-share"> · {share(forget.length / data.labels.length)}</span>
          </>
        ) : (
          // Without images a rule has chosen nothing yet.
          forget.length > 0 && count(forget.length)
        )
      }
      table={data && (() => forgetTable({ data, forget, wrong, losses, memorization, fates }))}
      files={indexFiles(forget)}
    >
      <Segmented
        label="Rule of the forget set"
        value={chosen.rule}
        onChange={onRule}
        disabled={readOnly}
        options={rules.map((entry) => ({
          value: entry.id,
          label: SHORT[entry.id] ?? entry.label,
          help: `${entry.label}. ${entry.explanation}`,
        }))}
      />
      <fieldset className="chips">
        <legend className="visually-hidden">Show classes</legend>
        <button
          type="button"
          className="chip"
          aria-pressed={classes.size === 0}
          onClick={() => setClasses(new Set())}
        >
          all classes
        </button>
        {data?.classes.map((name, label) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={classes.has(label)}
            onClick={() => toggleClass(label)}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <div className="forget-tools">
        <OrderPicker
          value={order}
          onChange={(next) => {
            setOrder(next);
            setFirst(selected);
          }}
          known={{
            losses: losses !== undefined,
            memorization: memorization !== undefined,
            fates: fates !== undefined,
          }}
        />
        <span className="forget-actions">
          <Action
            label="all"
            title="Add all images shown"
            disabled={readOnly || !data}
            onClick={() =>
              pick(
                toggleIndices(
                  forget,
                  [...shown].filter((i) => !selected.has(i)),
                ),
              )
            }
          />
          <Action
            label="none"
            title="Remove all images"
            disabled={readOnly || !data}
            onClick={() => pick([])}
          />
          <Action
            label="invert"
            title="Invert among the images shown"
            disabled={readOnly || !data}
            onClick={() => pick(invertIndices(forget, shown))}
          />
          <Action label="undo" title="Undo the last pick" disabled={readOnly || !last} onClick={undo} />
        </span>
      </div>
      {memorization && <MemorizationHistogram memorization={memorization} forget={selected} />}
      {data ? (
        <ImageGrid
          data={data}
          shown={shown}
          selected={selected}
          readOnly={readOnly}
          fates={fates}
          looking={looking}
          onOpen={onOpen}
          onToggle={(indices) => pick(toggleIndices(forget, indices))}
          onPoint={setPointed}
          describedBy={readout}
        />
      ) : (
        <p className="empty-note">{absence}</p>
      )}
      {/* Below the images: a note that comes or goes with a pick must not move them under the pointer. */}
      {pending && (
        <p className="forget-note">
          Running the study chooses: networks trained on random subsets come first and tell what was
          memorized.
        </p>
      )}
      {problem && (
        <p className="forget-note forget-problem" role="alert">
          {problem}
        </p>
      )}
      {fates && (
        <div className="fate-line">
          <FateLegend fates={fates} runName={runName} />
          {onOpen && (
            <button
              type="button"
              className="icon-button"
              aria-label="A click shows what the models say of an image, and picks none"
              title="look instead of pick"
              aria-pressed={wantsLook}
              onClick={() => setWantsLook(!wantsLook)}
            >
              <IconEye size={15} aria-hidden />
            </button>
          )}
        </div>
      )}
      {wrong.size > 0 && <PlantedNote wrong={wrong} losses={losses} outcomes={outcomes} />}
      <div
        id={readout}
        className="readout"
        data-long={memorization !== undefined || wrong.size > 0 || fates !== undefined || undefined}
        aria-live="polite"
      >
        {data && pointed !== undefined ? (
          <ImageReadout
            {...{ data, wrong, losses, memorization }}
            index={pointed}
            toForget={selected.has(pointed)}
            told={told && { ...told, runName }}
          />
        ) : (
          <span className="muted">{data && hintOf({ readOnly, looking, opens: onOpen !== undefined })}</span>
        )}
      </div>
    </Pane>
  );
});

function hintOf({
  readOnly,
  looking,
  opens,
}: {
  readOnly: boolean;
  looking: boolean;
  opens: boolean;
}): string {
  if (looking) return 'Click an image to see what the models say of it.';
  if (readOnly) return 'Fixed while the study runs.';
  return opens
    ? 'Click to pick, shift-click for a range; the eye, or Enter, asks the models.'
    : 'Click to pick; shift-click for a range.';
}

interface ActionProps {
  label: string;
  title: string;
  disabled: boolean;
  onClick: () => void;
}

function Action({ label, title, disabled, onClick }: ActionProps) {
  return (
    <button type="button" className="text-button" title={title} disabled={disabled} onClick={onClick}>
      {label}
    </button>
  );
}
