import { localizers } from '../../../../lab/localize';
import type { Settings } from '../../../../lab/settings';
import { listOf } from '../../../../lab/study/expand';
import { EntryPicker } from '../../../ui/settings/EntryPicker';
import { NumbersField } from '../../../ui/settings/NumbersField';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import { RunSpecList } from './RunSpecList';
import { FRESH_RUN, oneOrList, type SectionProps, withRunSpec } from './section';

/** Where the forget set is looked for, and how large a mask may be. */
export function LocalizeSection({ study, onEdit }: SectionProps) {
  return (
    <RunSpecList study={study} onEdit={onEdit} fresh={FRESH_RUN}>
      {(run, index) => {
        const chosen = listOf(run.strategy);
        const only = chosen.length === 1 ? localizers.find(chosen[0]!) : undefined;
        return (
          <>
            <EntryPicker
              legend="Strategy"
              multiple
              entries={localizers.entries}
              chosen={chosen}
              onChange={(ids) =>
                onEdit(withRunSpec(study, index, { strategy: oneOrList(ids), localize: undefined }))
              }
            />
            <NumbersField
              label="Budget α"
              help="The share of all weights that the mask may select, 0 to 1. Several values make a sweep."
              value={listOf(run.alpha)}
              min={0}
              max={1}
              onChange={(alphas) => onEdit(withRunSpec(study, index, { alpha: oneOrList(alphas) }))}
            />
            {only && (
              <SettingsForm
                schema={only.settings}
                values={run.localize ?? {}}
                onChange={(name, value) => {
                  const localize: Settings = { ...run.localize, [name]: value };
                  onEdit(withRunSpec(study, index, { localize }));
                }}
              />
            )}
          </>
        );
      }}
    </RunSpecList>
  );
}
