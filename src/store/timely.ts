import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { SessionSchema } from './schema.ts';

/** Whether a message's time is not up: nobody may have looked, and marked it as expired, since. */
export function isTimely(eb: ExpressionBuilder<SessionSchema, 'messages'>): Expression<SqlBool> {
  return eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date().toISOString())]);
}
