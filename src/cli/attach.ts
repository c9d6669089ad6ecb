import { type Attachment, attachTo } from '../agents/attach.ts';
import type { Session } from '../agents/session.ts';
import type { AgentRow } from '../store/schema.ts';
import { requireTerminal } from './foreground.ts';

/** {@link attachTo} from this program's terminal. */
export function attachHere(
  session: Session,
  row: AgentRow,
  options: { readonly readOnly: boolean; readonly json: boolean },
): Promise<Attachment> {
  const mayAttach = (argv: readonly string[]) => requireTerminal(argv, options.json);
  return attachTo(session, row, { readOnly: options.readOnly, mayAttach });
}
