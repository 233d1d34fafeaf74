import { Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { type Preset, presets } from '../../lab/study/presets';
import { useActions, useApp } from '../client/context';

/** The name of the edited study, which opens the list of presets. */
export function PresetMenu() {
  const name = useApp((state) => state.study.name);
  const actions = useActions();
  const item = ({ id, label, explanation }: Preset) => (
    <Menu.Item key={id} onClick={() => actions.loadPreset(id)}>
      <strong>{label}</strong>
      <span className="preset-explanation">{explanation}</span>
    </Menu.Item>
  );
  const listed = presets.filter(({ hidden }) => !hidden);
  return (
    <Menu position="bottom-start" width={360}>
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
      <Menu.Dropdown className="preset-menu">
        {listed.filter(({ long }) => !long).map(item)}
        <Menu.Divider />
        <Menu.Label>Hours of work: a desktop GPU, or a night</Menu.Label>
        {listed.filter(({ long }) => long).map(item)}
      </Menu.Dropdown>
    </Menu>
  );
}
