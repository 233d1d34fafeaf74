import { useApp } from '../client/context';
import { Renamable } from '../ui/Renamable';
import { PresetMenu } from './PresetMenu';

/** As long as a study file's may be. */
const LONGEST = 80;

/** The name of the edited study: it opens the list of presets, and can be changed in its place. */
export function StudyName() {
  const study = useApp((state) => state.study);
  const editStudy = useApp((state) => state.editStudy);
  return (
    <Renamable
      label="Name of the study"
      action="Rename the study"
      name={study.name}
      longest={LONGEST}
      fieldClass="name-field"
      className="study-name"
      onRename={(name) => editStudy({ ...study, name })}
    >
      <PresetMenu />
    </Renamable>
  );
}
