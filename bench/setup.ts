/** A driver's cache on disk (Mesa's, NVIDIA's) would make the second run's first steps look warm. Set before the driver is loaded. */
process.env.MESA_SHADER_CACHE_DISABLE ??= 'true';
process.env.__GL_SHADER_DISK_CACHE ??= '0';
await import('../test/support/gpu');
// jax-js reads `navigator.userAgent` to tell browsers apart; Node's own navigator may lack it.
Object.assign(navigator, { userAgent: 'Node.js' });

export {};
