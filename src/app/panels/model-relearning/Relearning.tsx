import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { KeptRelearning } from '../../../lab/compare/relearning';
import { fixed } from '../../../lab/format';
import type { Settings } from '../../../lab/settings';
import { lazyChart } from '../../charts/lazy-chart';
import type { LinesModel } from '../../charts/lines';
import { svgFiles } from '../../charts/svg-files';
import type { Table } from '../../ui/DataTable';
import { count } from '../../ui/format';
import { Pane } from '../../ui/Pane';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { Absences } from '../compared/Absences';
import {
  type RelearningId,
  relearningModel,
  relearningSentence,
  type SideRelearning,
} from './relearning-model';
import '../compared/tab-pane.css';
import './model-relearning.css';

const LinesChart = lazyChart(() => import('../../charts/LinesChart').then((module) => module.LinesChart));

interface RelearningProps {
  tabs: ReactNode;
  /** What is known of A and of B. */
  sides: readonly SideRelearning[];
  oracle?: KeptRelearning;
  /** It was made with these. */
  settings?: Settings;
  /** Why something is not known, in a sentence each. */
  absences: readonly string[];
  /** Where it can be computed anew: stands below the picture. */
  again?: ReactNode;
}

/** How fast A, B and the oracle learn the forget set again. */
export function Relearning({ tabs, sides, oracle, settings, absences, again }: RelearningProps) {
  const [step, setStep] = useState<number>();
  const [box, size] = useSize<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const model = useMemo(() => relearningModel(sides, oracle), [sides, oracle]);
  const trained = sides[0]?.found.trained;
  const reading =
    relearningSentence(sides, oracle) ??
    (absences.length === 0 ? 'Head starts are over the oracle: choose another model beside it.' : undefined);
  const isEmpty = model.curves.length === 0;
  return (
    <Pane
      title="Relearning"
      fileName="relearning"
      className="model-relearning"
      controls={tabs}
      table={isEmpty ? undefined : () => relearningTable(model, sides)}
      files={isEmpty ? [] : svgFiles(svg, 'relearning')}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="model-tab-scroll" aria-label="How fast the models learn again" tabIndex={0}>
        {isEmpty ? (
          <p className="empty-note">{absences[0]}</p>
        ) : (
          <>
            {reading && <p className="model-tab-reading">{reading}</p>}
            <div className="readout" aria-live="polite">
              {step === undefined ? (
                <span className="muted">
                  Forget accuracy, %, by step of <Term id="relearning" />
                  {trained !== undefined && ` on ${count(trained)} forget images`}
                  {settings && `, ${settings.batch} a step, learning rate ${settings.lr}`}; the{' '}
                  <Term id="headStart" /> is the mean lead.
                </span>
              ) : (
                <StepText step={step} model={model} sides={sides} />
              )}
            </div>
            <div className="chart-box relearning-box" ref={box}>
              {size.width > 0 && (
                <LinesChart
                  svg={svg}
                  model={model}
                  size={size}
                  label="Forget accuracy in percent"
                  unit="step"
                  onEpoch={setStep}
                />
              )}
            </div>
            <Absences absences={absences} />
          </>
        )}
        {again}
      </section>
    </Pane>
  );
}

type Model = LinesModel<RelearningId>;

/** `A DEL`, `oracle`. */
const nameOf = (id: RelearningId, sides: readonly SideRelearning[]) => {
  const side = sides.find(({ letter }) => letter === id);
  return side ? `${id} ${side.model.label}` : id;
};

function StepText({ step, model, sides }: { step: number; model: Model; sides: RelearningProps['sides'] }) {
  return (
    <>
      <strong>{step === 0 ? 'before the first step' : `after step ${step}`}</strong>
      {model.curves.map(({ id, points }) =>
        points[step] ? ` · ${nameOf(id, sides)} ${fixed(points[step].value)} %` : '',
      )}
    </>
  );
}

function relearningTable({ curves, epochs }: Model, sides: RelearningProps['sides']): Table {
  return {
    caption: 'Forget accuracy in percent, by step of relearning',
    columns: [{ label: 'step' }, ...curves.map(({ id }) => ({ label: nameOf(id, sides) }))],
    rows: Array.from({ length: epochs + 1 }, (_, step) => [
      step,
      ...curves.map(({ points }) => fixed(points[step]?.value, 2)),
    ]),
  };
}
