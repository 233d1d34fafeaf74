import { create, globals } from 'webgpu';
import { describeAdapter } from '../lab/gpu/adapter';

/** How often Dawn looks whether a software adapter has answered, in milliseconds: the shortest that Node's timers can wait. */
const POLL = 1;

/**
 * Gives Node a `navigator.gpu` (Dawn). Must come before the engine is loaded: TF.js looks for it then.
 *
 * As long as a device lives, Dawn asks at every turn of the event loop whether it has answered, which takes a whole core
 * (https://github.com/dawn-gpu/node-webgpu/issues/17). Beside a GPU that is how answers come soonest. A software adapter computes with
 * these cores (on a machine with two, lavapipe trained 1.7 to 2 times as fast without), so there Dawn asks by a timer.
 */
export function provideWebGpu(): GPU {
  if (!globalThis.navigator?.gpu) {
    Object.assign(globalThis, globals);
    const gpu = create([]);
    void gpu.requestAdapter().then((adapter) => {
      if (adapter && describeAdapter(adapter.info).software)
        globalThis.setImmediate = slowedForNativeCode(globalThis.setImmediate);
    });
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  }
  return globalThis.navigator.gpu;
}

/** The same function, but callbacks that are not JavaScript, of which Dawn's are the only ones, wait for `POLL`. */
function slowedForNativeCode(immediately: typeof setImmediate): typeof setImmediate {
  const isNative = (callback: unknown) =>
    Function.prototype.toString.call(callback).endsWith('{ [native code] }');
  return new Proxy(immediately, {
    apply: (target, self, args: Parameters<typeof setImmediate>) =>
      isNative(args[0]) ? setTimeout(args[0], POLL) : Reflect.apply(target, self, args),
  });
}
