import { type Expression, type SqlBool, sql } from 'kysely';

/** Whether a text has these characters in it, in any case (of ASCII letters); none of them is a wildcard. */
export function containsText(text: Expression<string>, characters: string): Expression<SqlBool> {
  const pattern = `%${characters.toLowerCase().replace(/[\\%_]/gu, '\\$&')}%`;
  return sql<SqlBool>`lower(${text}) like ${pattern} escape '\\'`;
}
