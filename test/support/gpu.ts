import { create, globals } from 'webgpu';

/** Gives Node a `navigator.gpu` (Dawn). Runs before every file of the numeric project. */
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]) }, configurable: true });
