import type { SessionDb } from '../../store/open.ts';
import { recordEvent } from '../records.ts';
import type { Subject } from '../screen.ts';

/** A key that was pressed in a dialog. */
export interface AnswerGiven {
  /** The question's text. */
  readonly question: string;
  readonly subject?: Subject | null;
  /** The chosen answer's label. */
  readonly answer: string;
  readonly key: string;
  /** `config`: `dialogs.trust` says so. */
  readonly by: 'person' | 'config';
}

/** One line of history for each press. */
export function recordAnswer(db: SessionDb, agent: string, given: AnswerGiven): Promise<void> {
  return recordEvent(db, agent, 'dialog-answered', { ...given });
}
