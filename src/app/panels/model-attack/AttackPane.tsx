import { type ReactNode, useMemo, useRef } from 'react';
import { svgFiles } from '../../charts/svg-files';
import { useApp } from '../../client/context';
import { Pane, type PaneFile } from '../../ui/Pane';
import { Segmented } from '../../ui/Segmented';
import { inSentence, sidesOf } from '../compared/comparison';
import { useComparison } from '../compared/context';
import { confidencesOf } from './attack-model';
import { LiraAttack } from './LiraAttack';
import { attackedSides, liraTable } from './lira-model';
import { ThresholdAttack, thresholdTable } from './ThresholdAttack';
import '../compared/tab-pane.css';
import './model-attack.css';

const ATTACKS = [
  {
    value: 'threshold' as const,
    label: 'threshold',
    help: 'A threshold on the confidence in the label, tried on retained, test and forget images of one model.',
  },
  {
    value: 'lira' as const,
    label: 'U-LiRA',
    help: 'The strong attack, which learned from shadow models how single images look unlearned and never seen (Hayes et al. 2024).',
  },
];

const SCALES = [
  { value: 'linear' as const, label: 'linear' },
  { value: 'log' as const, label: 'log', help: 'Log scales: few false positives take as much room as many.' },
];

const DEFAULT_THRESHOLD = 0.5;

/** The attacks on the two models: a threshold on the confidence of one of them, and U-LiRA where the study ran it. */
export function AttackPane({ tabs }: { tabs: ReactNode }) {
  const comparison = useComparison();
  const {
    threshold = DEFAULT_THRESHOLD,
    attack = 'threshold',
    attacked: side = 'a',
    roc = 'linear',
  } = useApp(({ models }) => models);
  const setModels = useApp((state) => state.setModels);
  const [histogramSvg, rocSvg, liraSvg] = [
    useRef<SVGSVGElement>(null),
    useRef<SVGSVGElement>(null),
    useRef<SVGSVGElement>(null),
  ];
  const model = comparison[side];
  const confidences = useMemo(() => confidencesOf(model, comparison.answered), [model, comparison]);
  const attacked = useMemo(() => attackedSides(sidesOf(comparison)), [comparison]);
  const isLira = attack === 'lira';
  const shown = isLira
    ? {
        fileName: 'attack-u-lira',
        table: attacked.length > 0 ? () => liraTable(attacked) : undefined,
        files: attacked.length > 0 ? svgFiles(liraSvg, 'attack-u-lira') : [],
      }
    : {
        fileName: `attack-${model.key}`,
        aside: inSentence(model),
        table: confidences && (() => thresholdTable(confidences, threshold)),
        files: confidences
          ? [
              ...svgFiles(histogramSvg, `attack-${model.key}`),
              ...svgFiles(rocSvg, `attack-roc-${model.key}`).map(
                ({ label, save }): PaneFile => ({ label: `ROC ${label}`, save }),
              ),
            ]
          : [],
      };
  return (
    <Pane title="Attack" className="model-attack" controls={tabs} {...shown}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="model-tab-scroll" aria-label="Attack on the models" tabIndex={0}>
        <div className="model-attack-bar">
          <Segmented
            label="Attack"
            value={attack}
            onChange={(next) => setModels({ attack: next === 'lira' ? next : undefined })}
            options={ATTACKS}
          />
          {isLira ? (
            <Segmented
              label="Scale of the ROC"
              value={roc}
              onChange={(next) => setModels({ roc: next === 'log' ? next : undefined })}
              options={SCALES}
            />
          ) : (
            <Segmented
              label="Attacked model"
              value={side}
              onChange={(next) => setModels({ attacked: next === 'b' ? next : undefined })}
              options={[
                { value: 'a', label: `A ${comparison.a.label}` },
                { value: 'b', label: `B ${comparison.b.label}` },
              ]}
            />
          )}
        </div>
        {isLira ? (
          <LiraAttack svg={liraSvg} sides={attacked} isLog={roc === 'log'} />
        ) : confidences ? (
          <ThresholdAttack {...{ confidences, threshold, histogramSvg, rocSvg }} />
        ) : (
          <p className="empty-note">This model does not tell its answers on all three sets.</p>
        )}
      </section>
    </Pane>
  );
}
