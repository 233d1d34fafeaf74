import { datasetSources } from '../../../../lab/data/sources';
import { studyCost } from '../../../../lab/plan/cost';
import { planStudy } from '../../../../lab/plan/plan-study';
import { registries } from '../../../../lab/session/all-registries';
import type { NumberSetting, SwitchSetting } from '../../../../lab/settings';
import { FEWEST_SHADOWS, MOST_SHADOWS, USUAL_SHADOWS } from '../../../../lab/study/schema';
import type { Study } from '../../../../lab/study/study';
import { count } from '../../../ui/format';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import type { SectionProps } from './section';

const ATTACK: SwitchSetting = {
  kind: 'switch',
  name: 'attack',
  label: 'Attack every run with U-LiRA',
  help: 'Trains shadow models on half of the forget set each, unlearns it as the runs do, and learns from them to tell unlearned examples from ones never seen.',
  source: 'Hayes et al. 2024',
  default: false,
};

const SHADOWS: NumberSetting = {
  kind: 'number',
  name: 'shadows',
  label: 'Shadow models',
  help: 'An even number, since they come in pairs. With few of them the attack is weak and its numbers are rough: state how many were used.',
  default: USUAL_SHADOWS,
  min: FEWEST_SHADOWS,
  max: MOST_SHADOWS,
  step: 2,
  integer: true,
};

/** What the attack adds to a study and what the rest takes, in image passes; undefined for a study that cannot be planned. */
function attackPasses(study: Study): { attack: number; rest: number } | undefined {
  try {
    const { shape, augment } = datasetSources.get(study.data.source);
    const data = { shape, augment, streamed: new Set<never>() };
    const passes = (of: Study) =>
      studyCost({ plan: planStudy(of, registries), registries, data, cached: new Set() }).passes;
    const rest = passes({ ...study, lira: undefined });
    return { attack: passes(study) - rest, rest };
  } catch {
    return undefined;
  }
}

/** The U-LiRA attack: off, or with so many shadow models and at such a cost. */
export function Attack({ study, onEdit }: SectionProps) {
  const { lira } = study;
  const cost = lira && attackPasses(study);
  return (
    <>
      <SettingsForm
        schema={lira ? [ATTACK, SHADOWS] : [ATTACK]}
        values={{ attack: lira !== undefined, ...lira }}
        onChange={(name, value) => {
          const shadows = name === 'shadows' ? 2 * Math.ceil((value as number) / 2) : USUAL_SHADOWS;
          const { lira: _, ...rest } = study;
          onEdit(value === false ? rest : { ...rest, lira: { shadows } });
        }}
      />
      {cost && (
        <p className="muted">
          The attack takes about {count(Math.round(cost.attack))} image passes, everything else{' '}
          {count(Math.round(cost.rest))}.
        </p>
      )}
    </>
  );
}
