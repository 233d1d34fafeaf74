import { type Ref, useState } from 'react';
import { LOW_RATES } from '../../../lab/evaluate/lira';
import { fixed } from '../../../lab/format';
import { lazyChart } from '../../charts/lazy-chart';
import { count } from '../../ui/format';
import { Term } from '../../ui/Term';
import { useSize } from '../../ui/use-size';
import { Absences } from '../compared/Absences';
import { inSentence, sidesOf } from '../compared/comparison';
import { useComparison } from '../compared/context';
import { SideKey } from '../compared/SideKey';
import { type AttackedSide, highestAt, liraAbsence, liraSentence, rateDigits, readRates } from './lira-model';
import '../compared/tab-pane.css';

const LiraChart = lazyChart(() => import('./LiraChart').then((module) => module.LiraChart));

interface LiraAttackProps {
  svg: Ref<SVGSVGElement>;
  sides: readonly AttackedSide[];
  isLog: boolean;
}

/** U-LiRA's ROC of the compared models that it attacked, with its rates at few false positives. */
export function LiraAttack({ svg, sides, isLog }: LiraAttackProps) {
  const comparison = useComparison();
  const [box, size] = useSize<HTMLDivElement>();
  const [cursor, setCursor] = useState<number>();
  const rates = readRates(sides);
  const rate = cursor === undefined ? undefined : rates[cursor];
  const absences = sidesOf(comparison).flatMap((side) => liraAbsence(side, comparison) ?? []);
  if (sides.length === 0)
    return (
      <p className="empty-note">
        {absences[0] ??
          'U-LiRA attacks runs, and tells them from the oracle: choose a run as one of the models.'}
      </p>
    );
  return (
    <>
      <p className="model-tab-reading">{sides.map(liraSentence).join(' ')}</p>
      <div className="readout" aria-live="polite">
        {rate === undefined ? (
          <span className="muted">
            Upwards: images to forget recognised under the model, %; across: those taken for unlearned under
            the <Term id="oracle" />, which never saw them, %.{isLog && ' None at all stands at the edge.'}
          </span>
        ) : (
          <>
            at most <strong>{fixed(rate, rateDigits(sides))} %</strong> false positives
            {sides.map((side) => (
              <span key={side.letter}>
                {' '}
                · {side.letter} {side.model.label} {fixed(highestAt(side, rate), rateDigits(sides))} %
              </span>
            ))}
          </>
        )}
      </div>
      <div className="chart-box lira-box" ref={box}>
        {size.width > 0 && (
          <LiraChart
            svg={svg}
            sides={sides}
            size={size}
            isLog={isLog}
            rates={rates}
            cursor={cursor}
            onCursor={setCursor}
          />
        )}
      </div>
      <SideKey sides={sides} />
      <RatesTable sides={sides} />
      <Absences absences={absences} />
    </>
  );
}

/** The attack's numbers, model by model. */
function RatesTable({ sides }: { sides: readonly AttackedSide[] }) {
  const needed = LOW_RATES.map(({ fpr }) => Math.round(1 / fpr));
  return (
    <table className="attack-table">
      <caption className="visually-hidden">U-LiRA in numbers</caption>
      <thead>
        <tr>
          <th scope="col">U-LiRA on</th>
          {sides.map(({ letter, model }) => (
            <th key={letter} scope="col">
              {letter} {inSentence(model)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">
            <Term id="lira">AUC</Term>, 50 % is guessing
          </th>
          {sides.map(({ letter, area }) => (
            <td key={letter}>{fixed(area)} %</td>
          ))}
        </tr>
        {LOW_RATES.map(({ metric, fpr }, i) => (
          <tr key={metric}>
            <th scope="row">
              <Term id="tprAtFpr">TPR</Term> at {100 * fpr} % FPR
            </th>
            {sides.map(({ letter, rates }) => (
              <td key={letter}>
                {rates[i] === undefined ? (
                  <span className="muted">needs {count(needed[i]!)} images</span>
                ) : (
                  `${fixed(rates[i])} %`
                )}
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">images to forget</th>
          {sides.map(({ letter, images }) => (
            <td key={letter}>{count(images)}</td>
          ))}
        </tr>
        <tr>
          <th scope="row">
            <Term id="liraShadows" />
          </th>
          {sides.map(({ letter, shadows }) => (
            <td key={letter}>{count(shadows)}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}
