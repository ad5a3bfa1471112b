/** How many of a kind there may be: whatever comes from outside has an end, far beyond what real rooms have. */

export const MAX_HOSTS = 50_000;
export const MAX_GROUPS = 10_000;
export const MAX_IMAGES = 10_000;
/** 1000 may be kept (`--keep-versions`), and those that waiting work needs are kept besides. */
export const MAX_VERSIONS = 10_000;
export const MAX_TASKS = 100_000;
export const MAX_JOBS = 1000;
/** Of one job: a list of choices, parameters, schedules. */
export const MAX_JOB_PARTS = 32;
/** Starts of one job that are remembered, and of all. */
export const MAX_STARTS_OF_JOB = 200;
export const MAX_JOB_STARTS = 2000;
/** Of one job that have not ended, when it may overlap. */
export const MAX_TASKS_OF_JOB = 20;
export const MAX_OPERATORS = 10_000;
export const MAX_OPERATIONS = 20;
/** Of one run, with those of operations that were done again. */
export const MAX_STEPS = 5000;
export const MAX_PARTITIONS = 1024;
export const MAX_SESSIONS = 1000;

/** What a host may say of itself, in JSON: a register has to fit a stranger's message. */
export const MAX_SYSTEM_INFO_BYTES = 48 * 1024;
/** What is kept of it while the host waits for approval; its whole record then stays below 32 KiB. */
export const MAX_PENDING_INFO_BYTES = 24 * 1024;
