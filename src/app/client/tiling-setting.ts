/** How the lab shares products between a GPU's threads: as its trial chose, by the defaults, or by a new trial at the next start. */
export type TilingSetting = 'auto' | 'default' | 'trial';

const KEY = 'lethe.tilings';

const isSetting = (text: string | null): text is TilingSetting =>
  text === 'auto' || text === 'default' || text === 'trial';

export function tilingSetting(): TilingSetting {
  try {
    const text = localStorage.getItem(KEY);
    return isSetting(text) ? text : 'auto';
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
