import { type Ref, useMemo } from 'react';
import { fixed } from '../../../lab/format';
import { lazyChart } from '../../charts/lazy-chart';
import { useApp } from '../../client/context';
import type { Table } from '../../ui/DataTable';
import { count } from '../../ui/format';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { inSentence } from '../compared/comparison';
import { useComparison } from '../compared/context';
import {
  type Confidences,
  type Confusion,
  confusionAt,
  histogramOf,
  rocCurves,
  type Source,
} from './attack-model';
import { PLOT } from './plot';
import { Threshold } from './Threshold';

const ConfidenceChart = lazyChart(() => import('./ConfidenceChart').then((module) => module.ConfidenceChart));
const RocChart = lazyChart(() => import('./RocChart').then((module) => module.RocChart));

const SOURCES: readonly { id: Source; label: string }[] = [
  { id: 'members', label: 'retained (members)' },
  { id: 'neverSeen', label: 'test (never seen)' },
  { id: 'forget', label: 'to forget' },
];

interface ThresholdAttackProps {
  confidences: Confidences;
  threshold: number;
  histogramSvg: Ref<SVGSVGElement>;
  rocSvg: Ref<SVGSVGElement>;
}

/** A threshold on the confidence of one model: histograms, its confusion, its ROC. */
export function ThresholdAttack({ confidences, threshold, histogramSvg, rocSvg }: ThresholdAttackProps) {
  const { a, b } = useComparison();
  const setModels = useApp((state) => state.setModels);
  const [box, size] = useSize<HTMLDivElement>();
  const [rocBox, rocSize] = useSize<HTMLDivElement>();
  const histograms = useMemo(
    () => ({
      members: histogramOf(confidences.members),
      neverSeen: histogramOf(confidences.neverSeen),
      forget: histogramOf(confidences.forget),
    }),
    [confidences],
  );
  const confusion = confusionAt(confidences, threshold);
  const curves = useMemo(
    () => rocCurves(confidences, confusionAt(confidences, threshold)),
    [confidences, threshold],
  );
  return (
    <>
      <p className="muted">% of each set by confidence in the label; heights are square roots</p>
      <div className="chart-box model-attack-chart" ref={box}>
        {size.width > 0 && (
          <>
            <ConfidenceChart svg={histogramSvg} size={size} histograms={histograms} threshold={threshold} />
            <Threshold
              threshold={threshold}
              onThreshold={(next) => setModels({ threshold: next })}
              plot={PLOT}
            />
          </>
        )}
      </div>
      <ConfusionTable confusion={confusion} threshold={threshold} />
      <div className="model-attack-roc">
        <div className="chart-box" ref={rocBox}>
          {rocSize.width > 0 && <RocChart svg={rocSvg} size={rocSize} curves={curves} />}
        </div>
        <div className="model-attack-numbers">
          <p>
            <strong>Threshold attack</strong> on the told samples, not the study’s attack. Across: never seen
            images taken for members, %; upwards: the share of each set that is.
          </p>
          <ul>
            {curves.map(({ source, area }) => (
              <li key={source} data-source={source}>
                {source === 'members' ? 'retained' : 'to forget'} against test: <Term id="auc">AUC</Term>{' '}
                <b>{fixed(100 * area)} %</b>
              </li>
            ))}
          </ul>
          <p>
            <strong>The study’s attack</strong> (SVC, all images to forget):{' '}
            {[a, b].map((each, i) => (
              <span key={each.key}>
                {i > 0 && ', '}
                {inSentence(each)} <Term id="mia" /> <b>{fixed(each.outcome.metrics?.mia)} %</b>
                {each.outcome.metrics?.liraAuc !== undefined && (
                  <>
                    , <Term id="lira" /> <b>{fixed(each.outcome.metrics.liraAuc)} %</b>
                  </>
                )}
              </span>
            ))}
            .
          </p>
        </div>
      </div>
    </>
  );
}

/** What the threshold takes for members, in numbers. */
function ConfusionTable({
  confusion: { taken, of, accuracy },
  threshold,
}: {
  confusion: Confusion;
  threshold: number;
}) {
  const share = (source: Source) =>
    of[source] === 0 ? '–' : `${fixed((100 * taken[source]) / of[source], 0)} %`;
  const missed = of.forget - taken.forget;
  return (
    <div className="confusion">
      <p aria-live="polite">
        Threshold <b>{threshold.toFixed(2)}</b>:{' '}
        {of.forget > 0 &&
          `${fixed((100 * missed) / of.forget, 0)} % of the images to forget look never seen; `}
        {fixed(accuracy)} % right on retained and test images, each set counting half.
      </p>
      <table className="attack-table">
        <caption className="visually-hidden">What the threshold takes the images for</caption>
        <thead>
          <tr>
            <th scope="col">images</th>
            <th scope="col">taken for members</th>
            <th scope="col">for never seen</th>
            <th scope="col">share taken</th>
          </tr>
        </thead>
        <tbody>
          {SOURCES.map(({ id, label }) => (
            <tr key={id}>
              <th scope="row" data-source={id}>
                {label}
              </th>
              <td>{count(taken[id])}</td>
              <td>{count(of[id] - taken[id])}</td>
              <td>{share(id)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Bin by bin, with what a threshold at each bin's lower end takes for members. */
export function thresholdTable(confidences: Confidences, threshold: number): Table {
  const bins = {
    members: histogramOf(confidences.members),
    neverSeen: histogramOf(confidences.neverSeen),
    forget: histogramOf(confidences.forget),
  };
  const thresholds = bins.members.map((_, i) => i / bins.members.length);
  const row = (name: string, at: number, bin?: number) => {
    const { taken, of } = confusionAt(confidences, at);
    return [
      name,
      ...SOURCES.map(({ id }) => (bin === undefined ? undefined : fixed(bins[id][bin]))),
      ...SOURCES.map(({ id }) => fixed((100 * taken[id]) / of[id])),
    ];
  };
  return {
    caption:
      'Images by confidence in their label, and what a threshold takes for members, in percent of each set',
    columns: [
      { label: 'confidence from' },
      ...SOURCES.map(({ label }) => ({ label: `${label}, in the bin` })),
      ...SOURCES.map(({ label }) => ({ label: `${label}, at or above` })),
    ],
    rows: [
      ...thresholds.map((at, i) => row(at.toFixed(2), at, i)),
      row(`${threshold.toFixed(2)} (threshold)`, threshold),
    ],
  };
}
