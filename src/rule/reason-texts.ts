import type { FactoryReason } from '../model/factories/verdicts.js';

/** Why a module is the factory, as a clause after "because". */
export const reasonTexts: Readonly<Record<FactoryReason, string>> = {
  declared: 'the settings declare it',
  'only-module': 'no other module of production code constructs a client',
  'only-in-deployable': 'no other module of its program constructs a client',
  name: 'it is named after ClickHouse',
  users: 'most modules use it',
  gives: 'it gives the client to other modules',
};
