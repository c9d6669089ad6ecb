import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type Look, parseScreen, type Screen } from '../../src/agents/screen.ts';

/** A recorded screen and what must be read from it. */
export interface RecordedScreen {
  readonly name: string;
  readonly text: string;
  readonly cli: string;
  readonly version: string;
  readonly state: Look['state'];
  readonly rule: string;
  readonly draft: string | null;
  readonly queued: boolean;
  readonly waiting: Look['waiting'];
  /** As they were, where they were recorded with it. */
  readonly title?: string;
  readonly width?: number;
  readonly height?: number;
  /** The day of the recording, `2026-11-20`. */
  readonly recorded?: string;
}

/** The screen as its agent CLI's detectors read it. */
export function screenOf({ text, title, width, height }: RecordedScreen): Screen {
  return parseScreen(text, {
    ...(title === undefined ? {} : { title }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  });
}

export const FOLDER = fileURLToPath(new URL('../fixtures/screens', import.meta.url));

/** All recorded screens, 120 × 40 cells unless they say otherwise, each with a YAML file beside it. */
export function recordedScreens(): RecordedScreen[] {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => file.replace(/\.txt$/, ''));
  return names.map((name) => ({
    ...parse(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')),
    name,
    text: readFileSync(join(FOLDER, `${name}.txt`), 'utf8'),
  }));
}
