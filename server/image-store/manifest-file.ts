/** The text of manifest.json and back. */

import { hash } from 'node:crypto';
import { z } from 'zod';
import { IMAGE_FORMAT_VERSION, Manifest } from '../../lib/model/image.ts';
import { Sha256 } from '../../lib/model/names.ts';

export const MANIFEST_NAME = 'manifest.json';

/** What a manifest file turned out to be. */
export type ManifestResult =
  | { type: 'good'; manifest: Manifest; sha256: Sha256 }
  | { type: 'newer'; formatVersion: number }
  | { type: 'damaged'; cause: Error };

/** The file for `manifest`: JSON for people to read as well. */
export function formatManifest(manifest: Manifest): { bytes: Buffer; sha256: Sha256 } {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  return { bytes, sha256: sha256Of(bytes) };
}

/**
 * Reads what formatManifest wrote; its SHA-256 must be `expected`, or anything when null. The version comes first:
 * of a newer format nothing else can be said. Never throws.
 */
export function parseManifest(bytes: Buffer, expected: Sha256 | null): ManifestResult {
  try {
    const content: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const { formatVersion } = Versioned.parse(content);
    if (formatVersion > IMAGE_FORMAT_VERSION) return { type: 'newer', formatVersion };
    const sha256 = sha256Of(bytes);
    if (expected !== null && sha256 !== expected) {
      throw new Error('its SHA-256 is not the one that was recorded when it was written');
    }
    return { type: 'good', manifest: Manifest.parse(content), sha256 };
  } catch (error) {
    return { type: 'damaged', cause: error instanceof Error ? error : new Error(String(error)) };
  }
}

const Versioned = z.object({ formatVersion: z.number().int().positive() });

function sha256Of(bytes: Buffer): Sha256 {
  return Sha256.parse(hash('sha256', bytes, 'hex'));
}
