import { expect, test } from 'vitest';
import { driverSearches } from '../../bench/sitting/vulkan';

const brought = { loader: '/pack/lib/vulkan', x11: '/pack/lib/x11' };

/** @param libraries that the loader knows @param files that are there besides */
function searches(libraries: Record<string, string>, files: string[] = []) {
  const exists = (path: string) => [...Object.values(brought), ...files].includes(path);
  return driverSearches({ libraries: new Map(Object.entries(libraries)), exists }, brought, '/work', {});
}

const LOADER = { 'libvulkan.so.1': '/lib/libvulkan.so.1' };

test('Vulkan driver: a machine with a loader and no NVIDIA is taken as it is', () => {
  expect(searches(LOADER)).toEqual([{ what: 'the machine as it is', env: {} }]);
});

test('Vulkan driver: without a loader the one that came along is used', () => {
  const [plain, ...more] = searches({});
  expect(plain!.env).toEqual({ LD_LIBRARY_PATH: '/pack/lib/vulkan' });
  expect(more).toEqual([]);
});

test('Vulkan driver: a driver file in a container’s folder is named to the loader, by both names that loaders know', () => {
  const file = '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json';
  expect(searches(LOADER, [file])[1]!.env).toEqual({ VK_DRIVER_FILES: file, VK_ICD_FILENAMES: file });
});

test('Vulkan driver: a driver without a file gets one; X11’s libraries come along only where the machine has none', () => {
  const folder = '/usr/local/nvidia/lib64';
  const glx = `${folder}/libGLX_nvidia.so.0`;
  const egl = `${folder}/libEGL_nvidia.so.0`;
  const [, ...written] = searches(LOADER, [glx, egl]);
  expect(written.map(({ write }) => JSON.parse(write!.text).ICD.library_path)).toEqual([glx, glx, egl, egl]);
  expect(written[0]!.env).toMatchObject({
    LD_LIBRARY_PATH: folder,
    VK_DRIVER_FILES: written[0]!.write!.path,
  });
  expect(written[1]!.env.LD_LIBRARY_PATH).toBe(`${folder}:/pack/lib/x11`);
  const known = searches({ ...LOADER, 'libGLX_nvidia.so.0': glx, 'libX11.so.6': '/lib/libX11.so.6' });
  expect(known).toHaveLength(2);
  expect(known[1]!.env.LD_LIBRARY_PATH).toBeUndefined();
});

test('Vulkan driver: what the environment says of libraries stays first', () => {
  const exists = (path: string) => path === brought.loader;
  const [plain] = driverSearches({ libraries: new Map(), exists }, brought, '/work', {
    LD_LIBRARY_PATH: '/mine',
  });
  expect(plain!.env.LD_LIBRARY_PATH).toBe('/mine:/pack/lib/vulkan');
});
