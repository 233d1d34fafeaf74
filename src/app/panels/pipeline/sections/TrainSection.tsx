import { models } from '../../../../lab/nn/models';
import { PRECISION_SETTING } from '../../../../lab/study/precision';
import { RECIPE_SETTINGS } from '../../../../lab/study/recipe';
import { EntryPicker } from '../../../ui/settings/EntryPicker';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import { recipeValues, type SectionProps, withPretrain } from './section';

/** The network and how the original is trained. */
export function TrainSection({ study, onEdit }: SectionProps) {
  return (
    <>
      <EntryPicker
        legend="Network"
        entries={models.entries}
        chosen={'id' in study.model ? study.model.id : undefined}
        onChange={(id) => onEdit({ ...study, model: { id }, weights: undefined })}
      />
      {study.weights ? (
        <p className="given-weights">
          Nothing is trained: the original is <b>{study.weights.file}</b>.{' '}
          <button type="button" className="button" onClick={() => onEdit({ ...study, weights: undefined })}>
            Train instead
          </button>
        </p>
      ) : (
        <SettingsForm
          schema={RECIPE_SETTINGS}
          values={recipeValues(study.pretrain)}
          onChange={(name, value) => onEdit(withPretrain(study, { ...study.pretrain, [name]: value }))}
        />
      )}
      <SettingsForm
        schema={[PRECISION_SETTING]}
        values={{ ...(study.precision && { precision: study.precision }) }}
        onChange={(_, value) => onEdit({ ...study, precision: value === 'float16' ? value : undefined })}
      />
    </>
  );
}
