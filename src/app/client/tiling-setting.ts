import { isTilingSetting, type TilingSetting } from '../../lab/train/tiling-setting';

const KEY = 'lethe.tilings';

/** How the reader wants the lab to share products between a GPU's threads. */
export function tilingSetting(): TilingSetting {
  try {
    const text = localStorage.getItem(KEY);
    return isTilingSetting(text) ? text : 'auto';
  } catch {
    return 'auto';
  }
}

export function setTilingSetting(setting: TilingSetting): void {
  try {
    localStorage.setItem(KEY, setting);
  } catch {
    // Site data is blocked: the setting lasts no longer than its choice is shown.
  }
}

/** The setting for a lab that is being started. A trial is made once: the next lab takes what it chose. */
export function takeTilingSetting(): TilingSetting {
  const setting = tilingSetting();
  if (setting === 'trial') setTilingSetting('auto');
  return setting;
}
