import { type LibraryEntry, libraryName, sketchOf } from '../../lab/library/entry';
import { studyKey } from '../../lab/plan/study-key';
import type { View } from './view';

/** How far a study has come that is computed here, as the library lists it. @param now ISO date */
export function entryOfView(view: View, now: string): LibraryEntry {
  const { study, state, message, device, stages } = view;
  const done = stages.filter((stage) => stage.state === 'done').length;
  return {
    key: studyKey(study),
    name: libraryName(study.name) ?? 'A study without a name',
    study,
    origin: 'computed',
    date: now,
    device: device?.label,
    status: state === 'failed' ? 'failed' : 'unfinished',
    stages: { done, total: stages.length },
    ...(state === 'failed' && { message }),
    pinned: false,
    sketch: sketchOf(view),
  };
}
