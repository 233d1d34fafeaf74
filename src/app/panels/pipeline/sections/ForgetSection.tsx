import { datasetSources } from '../../../../lab/data/sources';
import { forgetRules } from '../../../../lab/forget';
import type { Settings, SwitchSetting } from '../../../../lab/settings';
import { RECIPE_SETTINGS } from '../../../../lab/study/recipe';
import { useApp } from '../../../client/context';
import { EntryPicker } from '../../../ui/settings/EntryPicker';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import { recipeValues, type SectionProps, sameRecipe } from './section';

const SAME: SwitchSetting = {
  kind: 'switch',
  name: 'same',
  label: 'Train the oracle like the original',
  help: 'The oracle is trained from scratch without the forget set. With the same recipe only the data differ.',
  default: true,
};

/** What must be forgotten, and the oracle that never saw it. */
export function ForgetSection({ study, onEdit }: SectionProps) {
  const { forget, oracle, pretrain } = study;
  const same = sameRecipe(study);
  const unchosen = useApp((state) => state.unchosen);
  const keepUnchosen = useApp((state) => state.keepUnchosen);
  // A rule that was chosen before has its settings back.
  const chooseRule = (id: string) => {
    keepUnchosen({ [`rule ${forget.rule}`]: forget.settings });
    onEdit({ ...study, forget: { rule: id, settings: (unchosen[`rule ${id}`] ?? {}) as Settings } });
  };
  const trainOracle = () => {
    const { weights: _, ...recipe } = oracle;
    onEdit({ ...study, oracle: recipe });
  };
  return (
    <>
      <EntryPicker
        legend="Forget set"
        entries={forgetRules.entries}
        chosen={forget.rule}
        onChange={chooseRule}
        below={(id) => (
          <SettingsForm
            schema={forgetRules.get(id).settings}
            values={forget.settings}
            classes={datasetSources.find(study.data.source)?.classes}
            onChange={(name, value) =>
              onEdit({ ...study, forget: { ...forget, settings: { ...forget.settings, [name]: value } } })
            }
          />
        )}
      />
      {oracle.weights ? (
        <p className="given-weights">
          Nothing is trained: the oracle is <b>{oracle.weights.file}</b>.{' '}
          <button type="button" className="button" onClick={trainOracle}>
            Train instead
          </button>
        </p>
      ) : (
        <>
          <SettingsForm
            schema={[SAME]}
            values={{ same }}
            onChange={(_, value) =>
              onEdit({
                ...study,
                // Half the rate is the paper's recipe for an oracle.
                oracle: value ? pretrain : { ...pretrain, lr: pretrain.lr / 2 },
              })
            }
          />
          {!same && (
            <SettingsForm
              schema={RECIPE_SETTINGS}
              values={recipeValues(oracle)}
              onChange={(name, value) => onEdit({ ...study, oracle: { ...oracle, [name]: value } })}
            />
          )}
        </>
      )}
    </>
  );
}
