import { useMemo } from 'react';
import { localizers } from '../../../../lab/localize';
import { listOf } from '../../../../lab/study/expand';
import { EntryPicker } from '../../../ui/settings/EntryPicker';
import { NumbersField } from '../../../ui/settings/NumbersField';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import { RunSpecList } from './RunSpecList';
import { oneOrList, type SectionProps } from './section';
import { changeSetting } from './spec-groups';
import { unfitFor } from './unfit';
import { useChoose } from './use-choose';

/** Where the forget set is looked for, and how large a mask may be. */
export function LocalizeSection(props: SectionProps) {
  const choose = useChoose();
  const { model, data } = props.study;
  const unfit = useMemo(() => unfitFor({ model, data }), [model, data]);
  return (
    <RunSpecList {...props}>
      {({ strategies, shared }, change, place) => (
        <>
          <NumbersField
            label="Budget α"
            help="The share of all weights that the mask may select, 0 to 1. Several values make a sweep."
            value={listOf(shared.alpha)}
            min={0}
            max={1}
            onChange={(alphas) => change({ shared: { ...shared, alpha: oneOrList(alphas) } })}
          />
          {shared.mask && (
            <p className="muted">
              The mask is <b>{shared.mask.file}</b>, whatever the budget.
            </p>
          )}
          <EntryPicker
            legend="Strategy"
            multiple
            unfit={unfit}
            entries={localizers.entries}
            chosen={strategies.map(({ id }) => id)}
            onChange={(ids) => change({ strategies: choose(`strategy ${place}`, strategies, ids) })}
            below={(id) => (
              <SettingsForm
                schema={localizers.get(id).settings}
                values={strategies.find((strategy) => strategy.id === id)?.settings ?? {}}
                onChange={(name, value) =>
                  change({ strategies: changeSetting(strategies, id, { [name]: value }) })
                }
              />
            )}
          />
        </>
      )}
    </RunSpecList>
  );
}
