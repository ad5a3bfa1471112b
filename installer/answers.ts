/** What the installer has to know: asked, read from a file of answers, or proposed from what it finds. */

import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import { OperatorAccount, OperatorName } from '../lib/model/operator-account.ts';
import { DhcpMode, InterfaceName, Site, Subnet } from '../lib/model/site.ts';

/** Raised whenever an older installer would misread a file of answers. */
export const ANSWERS_FORMAT_VERSION = 1;

/** bcrypt looks at no more (bcrypt(3)): what follows would not count. */
export const PASSWORD_MAX_BYTES = 72;
export const PASSWORD_MIN_CHARACTERS = 8;

/** A password, as long as all of it counts. */
export const Password = z
  .string()
  .min(PASSWORD_MIN_CHARACTERS, `at least ${PASSWORD_MIN_CHARACTERS} characters are needed`)
  .refine(
    (text) => Buffer.byteLength(text) <= PASSWORD_MAX_BYTES,
    `at most ${PASSWORD_MAX_BYTES} bytes count: a shorter one is needed`,
  )
  .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'no control characters');

const PasswordHash = OperatorAccount.shape.passwordHash;

/** How the first operator's password is known; in this program's memory only. */
export const Secret = z.discriminatedUnion('type', [
  z.object({ type: z.literal('password'), password: Password }),
  z.object({ type: z.literal('hash'), hash: PasswordHash }),
]);
export type Secret = z.infer<typeof Secret>;

const NfsServer = z.enum(['kernel', 'none']);
const Firewall = z.enum(['open', 'leave']);
const Rootfs = z.enum(['build', 'later']);
const RootfsPacking = z.enum(['thorough', 'quick']);

export const Answers = z.object({
  interfaceName: InterfaceName,
  serverAddress: z.ipv4(),
  dhcp: DhcpMode,
  /** Further rooms; asked by nobody, given in a file of answers and kept ever after. */
  otherSubnets: z.array(Subnet),
  onlyNetboot: Site.shape.onlyNetboot,
  tftpDirectory: Site.shape.tftpDirectory,
  netbootDirectory: Site.shape.netbootDirectory,
  imageDirectory: Site.shape.imageDirectory,
  rootTransport: Site.shape.rootTransport,
  /** Whether the kernel's NFS server is installed and started; "none": another one serves, or none is needed. */
  nfsServer: NfsServer,
  httpPort: Site.shape.httpPort,
  enginePort: Site.shape.enginePort,
  biosLocalBoot: Site.shape.biosLocalBoot,
  uefiLocalBoot: Site.shape.uefiLocalBoot,
  kernelOptions: Site.shape.kernelOptions,
  /** null: left as it is. */
  automaticRegistration: z.boolean().nullable(),
  /** null: none is added. */
  operator: z.object({ name: OperatorName, secret: Secret }).nullable(),
  /** Whether the root file system of the hosts is built now. */
  rootfs: Rootfs,
  /** Whether drivers of adapters that only servers have are in it; null: as in the current build. */
  serverHardware: z.boolean().nullable(),
  /** Whether firmware of network cards is in it, as far as the sources have it; null: as in the current build. */
  networkFirmware: z.boolean().nullable(),
  /** "quick": packed in a fifth of the time, and hosts fetch more. */
  rootfsPacking: RootfsPacking,
  /** Whether our ports are opened in the machine's firewall. */
  firewall: Firewall,
});
export type Answers = z.infer<typeof Answers>;

/** A file of answers: what it does not say is proposed or asked. */
const AnswersFile = z.strictObject({
  formatVersion: z.literal(ANSWERS_FORMAT_VERSION),
  ...Answers.omit({ operator: true }).partial().shape,
  operator: z
    .union([
      z.strictObject({ name: OperatorName, passwordHash: PasswordHash }),
      /** The file has the password and nothing else, and mode 0600. */
      z.strictObject({ name: OperatorName, passwordFile: z.string().startsWith('/') }),
    ])
    .nullable()
    .optional(),
});

/** Answers as the record keeps them: a password in no other form than its hash. */
export const KeptAnswers = z.object({
  ...Answers.omit({ operator: true }).partial().shape,
  operator: z.object({ name: OperatorName, passwordHash: PasswordHash }).nullable().optional(),
});
export type KeptAnswers = z.infer<typeof KeptAnswers>;

/** Answers that are known already. */
export type GivenAnswers = { readonly [K in keyof Answers]?: Answers[K] | undefined };

/**
 * Reads a file of answers (JSON). Throws `bad-argument` when it cannot be read, is none, or names a password file
 * that others may read.
 */
export async function readAnswersFile(path: string): Promise<GivenAnswers> {
  const doing = `reading the answers in ${path}`;
  const parsed = AnswersFile.safeParse(await readJson(path, doing));
  if (!parsed.success) {
    throw new OperatorError({
      code: 'bad-argument',
      message: doing,
      hint: 'See docs/install.md for what it may contain.',
      cause: new Error(z.prettifyError(parsed.error)),
    });
  }
  const { operator, ...rest } = parsed.data;
  const answers: GivenAnswers = Answers.omit({ operator: true }).partial().parse(rest);
  if (operator === undefined || operator === null) {
    return operator === null ? { ...answers, operator } : answers;
  }
  const secret: Secret =
    'passwordHash' in operator
      ? { type: 'hash', hash: operator.passwordHash }
      : { type: 'password', password: await readPasswordFile(operator.passwordFile) };
  return { ...answers, operator: { name: operator.name, secret } };
}

async function readJson(path: string, doing: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new OperatorError({
      code: 'bad-argument',
      message: doing,
      hint: 'A file with a JSON object is needed.',
      cause,
    });
  }
}

async function readPasswordFile(path: string): Promise<string> {
  const doing = `reading the password in ${path}`;
  const { mode } = await stat(path).catch((cause: unknown) => {
    throw new OperatorError({
      code: 'bad-argument',
      message: doing,
      hint: 'Make the file, or give a bcrypt hash (passwordHash) instead.',
      cause,
    });
  });
  if ((mode & 0o077) !== 0) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `${doing}: others may read it`,
      hint: `Run: chmod 600 ${path}`,
    });
  }
  const password = Password.safeParse((await readFile(path, 'utf8')).replace(/\r?\n$/, ''));
  if (password.success) return password.data;
  throw new OperatorError({
    code: 'bad-argument',
    message: doing,
    hint: 'Choose another password.',
    cause: new Error(password.error.issues.map(({ message }) => message).join('; ')),
  });
}
