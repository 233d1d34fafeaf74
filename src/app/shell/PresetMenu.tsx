import { Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { registries } from '../../lab/session/all-registries';
import { PRESET_GROUPS, type Preset, presets } from '../../lab/study/presets';
import { recordings } from '../../lab/study/presets/recorded';
import { useActions, useApp } from '../client/context';
import { timeText } from '../panels/cost/cost-text';
import type { Calibrated } from '../state/cost-slice';
import { costView } from '../state/study-cost';

/** Every word of the search stands in the label, the explanation, or the id. */
const finds = (search: string) => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ id, label, explanation }: Preset) => {
    const text = `${id} ${label} ${explanation}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
};

/** What is known of a preset before it is chosen: `recorded · about 22 min on llvmpipe (CPU)`. */
function marksOf({ id, study }: Preset, calibrated: Calibrated | undefined): string {
  const cost = costView(study, calibrated, registries);
  const known = cost && (cost.seconds !== undefined || cost.elsewhere);
  return [id in recordings && 'recorded', known && timeText(cost)].filter(Boolean).join(' · ');
}

/** The name of the edited study, which opens the list of presets. */
export function PresetMenu() {
  const name = useApp((state) => state.study.name);
  const [opened, setOpened] = useState(false);
  return (
    <Menu position="bottom-start" width={400} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <button
          type="button"
          className="button preset-button"
          aria-label={`Study: ${name}. Choose a preset.`}
        >
          <span>{name}</span>
          <IconChevronDown size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="preset-menu">{opened && <PresetList />}</Menu.Dropdown>
    </Menu>
  );
}

/** Made when the menu opens: planning every preset takes a moment. */
function PresetList() {
  const actions = useActions();
  const calibrated = useApp((state) => state.calibrated);
  const [search, setSearch] = useState('');
  const marks = useMemo(
    () => new Map(presets.map((preset) => [preset.id, marksOf(preset, calibrated)])),
    [calibrated],
  );
  const found = presets.filter((preset) => !preset.hidden && finds(search)(preset));
  return (
    <>
      <Menu.Search
        placeholder="Search the presets"
        aria-label="Search the presets"
        classNames={{ input: 'text-input' }}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      {Object.entries(PRESET_GROUPS).map(([group, heading]) => {
        const own = found.filter((preset) => preset.group === group);
        if (own.length === 0) return null;
        return (
          <div key={group}>
            <Menu.Label>{heading}</Menu.Label>
            {own.map((preset) => (
              <Menu.Item key={preset.id} onClick={() => actions.loadPreset(preset.id)}>
                <strong>{preset.label}</strong>
                <span className="preset-marks">{marks.get(preset.id)}</span>
                <span className="preset-explanation">{preset.explanation}</span>
              </Menu.Item>
            ))}
          </div>
        );
      })}
      {found.length === 0 && <Menu.Label>No preset has these words.</Menu.Label>}
    </>
  );
}
