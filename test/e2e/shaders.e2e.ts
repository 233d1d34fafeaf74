import { expect, it } from 'vitest';
import { everyShader, type Shader } from '../support/every-kernel';
import { type AnyPage, inPage } from './support/any-page';
import { openBrowser, openPage } from './support/browser';
import { openFirefox, openFirefoxPage } from './support/firefox';
import { serveSite } from './support/site';

/** What a browser's compiler says against these shaders. A page of the browser compiles them on a device with every feature of the adapter. */
async function complaints(page: AnyPage, shaders: Shader[]) {
  return inPage(
    page,
    async (given: Shader[]) => {
      const adapter = (await navigator.gpu.requestAdapter())!;
      const features = ['subgroups', 'shader-f16'].filter((name) =>
        adapter.features.has(name as GPUFeatureName),
      );
      const device = await adapter.requestDevice({ requiredFeatures: features as GPUFeatureName[] });
      device.addEventListener('uncapturederror', (event) => event.preventDefault());
      const found: string[] = [];
      let compiled = 0;
      for (const { label, code } of given) {
        // A browser without the feature must not know the word.
        if (code.includes('enable subgroups;') && !device.features.has('subgroups')) continue;
        if (code.includes('enable f16;') && !device.features.has('shader-f16')) continue;
        const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
        for (const { type, message } of messages) if (type === 'error') found.push(`${label}: ${message}`);
        compiled++;
      }
      device.destroy();
      return { found, compiled };
    },
    shaders,
  );
}

it('Chromium’s and Firefox’s compilers take every shader of the lab', async () => {
  const shaders = await everyShader(false);
  const site = await serveSite();
  const [chromium, firefox] = [await openBrowser({ webgpu: true }), await openFirefox({ webgpu: true })];
  try {
    const bySubgroups = shaders.filter(({ code }) => code.includes('enable subgroups;')).length;
    expect(shaders.length - bySubgroups).toBeGreaterThan(150);
    expect(await complaints(await openPage(chromium, site.url), shaders)).toEqual({
      found: [],
      compiled: shaders.length,
    });
    const { found, compiled } = await complaints(await openFirefoxPage(firefox, site.url), shaders);
    expect(found).toEqual([]);
    expect([shaders.length, shaders.length - bySubgroups]).toContain(compiled);
    const broken = [{ label: 'broken', code: 'fn main() -> u32 { return 1.5; }' }];
    expect((await complaints(await openFirefoxPage(firefox, site.url), broken)).found).toHaveLength(1);
  } finally {
    await Promise.all([chromium.close(), firefox.close(), site.close()]);
  }
});
