import { collectionCode } from './collection-forms.js';
import { directCode } from './direct-forms.js';
import { protocolCode } from './protocol-forms.js';
import { isCollectionForm, isProtocolForm, type Unit } from './unit.js';
import { partsOf, type UnitCode } from './unit-code.js';

/** Returns the code of a unit with this body. `unused` is the body of an implementation that nothing asks for, if there is one. */
export function codeOf(unit: Unit, body: string, unused: string | undefined): UnitCode {
  const parts = partsOf(unit, body);
  const { form } = unit;
  if (isCollectionForm(form)) return collectionCode(form, parts, unused ?? 'return createClient();');
  return isProtocolForm(form) ? protocolCode(form, parts) : directCode(form, parts, unused);
}
