import { listOf } from '../../../../lab/study/expand';
import { unlearners } from '../../../../lab/unlearn';
import { EntryPicker } from '../../../ui/settings/EntryPicker';
import { NumbersField } from '../../../ui/settings/NumbersField';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import { RunSpecList } from './RunSpecList';
import { FRESH_RUN, oneOrList, type SectionProps, withRunSpec } from './section';

/** How the network is made to forget, and how often it is repeated. */
export function UnlearnSection({ study, onEdit }: SectionProps) {
  return (
    <RunSpecList study={study} onEdit={onEdit} fresh={FRESH_RUN}>
      {(run, index) => {
        const chosen = listOf(run.method);
        const only = chosen.length === 1 ? unlearners.find(chosen[0]!) : undefined;
        return (
          <>
            <EntryPicker
              legend="Method"
              multiple
              entries={unlearners.entries}
              chosen={chosen}
              onChange={(ids) =>
                onEdit(withRunSpec(study, index, { method: oneOrList(ids), unlearn: undefined }))
              }
            />
            <NumbersField
              label="Seeds"
              help="Each seed is a repeat with its own original, oracle, reset weights and shuffles; the forget set is shared. Three or more give an interval."
              value={listOf(run.seed)}
              min={0}
              max={0xffffffff}
              integer
              onChange={(seeds) => onEdit(withRunSpec(study, index, { seed: oneOrList(seeds) }))}
            />
            {only && (
              <SettingsForm
                schema={only.settings}
                values={run.unlearn ?? {}}
                onChange={(name, value) =>
                  onEdit(withRunSpec(study, index, { unlearn: { ...run.unlearn, [name]: value } }))
                }
              />
            )}
          </>
        );
      }}
    </RunSpecList>
  );
}
