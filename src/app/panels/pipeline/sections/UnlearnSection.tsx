import { useMemo } from 'react';
import { listOf } from '../../../../lab/study/expand';
import { unlearners } from '../../../../lab/unlearn';
import { EntryPicker } from '../../../ui/settings/EntryPicker';
import { NumbersField } from '../../../ui/settings/NumbersField';
import { SettingsForm } from '../../../ui/settings/SettingsForm';
import { RunSpecList } from './RunSpecList';
import { oneOrList, type SectionProps } from './section';
import { changeSetting } from './spec-groups';
import { unfitFor } from './unfit';
import { useChoose } from './use-choose';

/** How the network is made to forget, and how often it is repeated. */
export function UnlearnSection(props: SectionProps) {
  const choose = useChoose();
  const { model, data } = props.study;
  const unfit = useMemo(() => unfitFor({ model, data }), [model, data]);
  return (
    <RunSpecList {...props}>
      {({ methods, shared }, change, place) => (
        <>
          <NumbersField
            label="Seeds"
            help="Each seed is a repeat with its own original, oracle, reset weights and shuffles; the forget set is shared. Three or more give an interval."
            value={listOf(shared.seed)}
            min={0}
            max={0xffffffff}
            integer
            onChange={(seeds) => change({ shared: { ...shared, seed: oneOrList(seeds) } })}
          />
          <EntryPicker
            legend="Method"
            multiple
            unfit={unfit}
            entries={unlearners.entries}
            chosen={methods.map(({ id }) => id)}
            onChange={(ids) => change({ methods: choose(`method ${place}`, methods, ids) })}
            below={(id) => (
              <SettingsForm
                schema={unlearners.get(id).settings}
                values={methods.find((method) => method.id === id)?.settings ?? {}}
                onChange={(name, value) => change({ methods: changeSetting(methods, id, { [name]: value }) })}
              />
            )}
          />
        </>
      )}
    </RunSpecList>
  );
}
