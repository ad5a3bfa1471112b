/** Loaded before the UI by a test: what happens when there is a fault in it. */

process.on('SIGUSR2', () => {
  throw new Error('a fault that the test made');
});
