import { quoteName } from '../base/names.js';

/**
 * A column's name as Deequ's profiles write it: in backticks unless it is an identifier, or is in backticks already.
 */
export function columnText(name: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    || (name.length > 1 && name.startsWith('`') && name.endsWith('`'));
  return plain ? name : quoteName(name);
}
