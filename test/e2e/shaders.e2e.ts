import { expect, it } from 'vitest';
import { everyShader, type Shader } from '../support/every-kernel';
import { type AnyPage, inPage } from './support/any-page';
import { openBrowser, openPage } from './support/browser';
import { openFirefox, openFirefoxPage } from './support/firefox';
import { serveSite } from './support/site';

/** The features that a shader switches on by a line `enable …;`, by the name of the device's. */
const FEATURES = { subgroups: 'subgroups', f16: 'shader-f16' } as const;
type Switch = keyof typeof FEATURES;
const switchesOf = ({ code }: Shader): Switch[] =>
  (Object.keys(FEATURES) as Switch[]).filter((name) => code.includes(`enable ${name};`));

/**
 * What a browser's compiler says against the shaders whose features the adapter has, and how many these are: a compiler without a feature must not
 * know its word. A page of the browser compiles them.
 */
async function complaints(page: AnyPage, shaders: Shader[]) {
  const features = await inPage(
    page,
    async () => [...(await navigator.gpu.requestAdapter())!.features],
    null,
  );
  const known = shaders.filter((shader) =>
    switchesOf(shader).every((name) => features.includes(FEATURES[name])),
  );
  const found = await inPage(
    page,
    async ({ given, wanted }: { given: Shader[]; wanted: string[] }) => {
      const adapter = (await navigator.gpu.requestAdapter())!;
      const requiredFeatures = wanted.filter((name) => adapter.features.has(name)) as GPUFeatureName[];
      const device = await adapter.requestDevice({ requiredFeatures });
      device.addEventListener('uncapturederror', (event) => event.preventDefault());
      const errors: string[] = [];
      for (const { label, code } of given) {
        const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
        for (const { type, message } of messages) if (type === 'error') errors.push(`${label}: ${message}`);
      }
      device.destroy();
      return errors;
    },
    { given: known, wanted: Object.values(FEATURES) as string[] },
  );
  return { found, known };
}

it('Chromium’s and Firefox’s compilers take every shader of the lab', async () => {
  const shaders = await everyShader(false);
  const site = await serveSite();
  const [chromium, firefox] = [await openBrowser({ webgpu: true }), await openFirefox({ webgpu: true })];
  try {
    const inChromium = await complaints(await openPage(chromium, site.url), shaders);
    expect(inChromium.found).toEqual([]);
    const inFirefox = await complaints(await openFirefoxPage(firefox, site.url), shaders);
    expect(inFirefox.found).toEqual([]);
    // SwiftShader has no half precision and Firefox no subgroups: shaders with both are for a GPU, and compiled by gpu-shaders.gpu.test.ts.
    const missing = (known: Shader[], without: number) =>
      shaders.filter((shader) => switchesOf(shader).length <= without && !known.includes(shader));
    expect(missing(inChromium.known, 0)).toEqual([]);
    expect(missing(inFirefox.known, 0)).toEqual([]);
    expect(missing([...inChromium.known, ...inFirefox.known], 1)).toEqual([]);
    const broken = [{ label: 'broken', code: 'fn main() -> u32 { return 1.5; }' }];
    expect((await complaints(await openFirefoxPage(firefox, site.url), broken)).found).toHaveLength(1);
  } finally {
    await Promise.all([chromium.close(), firefox.close(), site.close()]);
  }
});
