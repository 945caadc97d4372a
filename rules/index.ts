import noAdhocMock from './no-adhoc-mock.js';
import noConnectionImportCycle from './no-connection-import-cycle.js';
import noConnectionRecursion from './no-connection-recursion.js';
import noDirectClient from './no-direct-client.js';
import noErrorTextMatching from './no-error-text-matching.js';
import noNestedAcquire from './no-nested-acquire.js';
import noPossibleConnectionRecursion from './no-possible-connection-recursion.js';
import noRawHttp from './no-raw-http.js';
import noStaleSettings from './no-stale-settings.js';
import noSwallowedError from './no-swallowed-error.js';
import noUndrainedResult from './no-undrained-result.js';
import requireManagerBypass from './require-manager-bypass.js';
import requireRelease from './require-release.js';
import singleClientPerPurpose from './single-client-per-purpose.js';
import singleConfigSource from './single-config-source.js';
import useServiceInterface from './use-service-interface.js';
import validSettings from './valid-settings.js';

export const rules = {
  'no-adhoc-mock': noAdhocMock,
  'no-connection-import-cycle': noConnectionImportCycle,
  'no-connection-recursion': noConnectionRecursion,
  'no-direct-client': noDirectClient,
  'no-error-text-matching': noErrorTextMatching,
  'no-nested-acquire': noNestedAcquire,
  'no-possible-connection-recursion': noPossibleConnectionRecursion,
  'no-raw-http': noRawHttp,
  'no-stale-settings': noStaleSettings,
  'no-swallowed-error': noSwallowedError,
  'no-undrained-result': noUndrainedResult,
  'require-manager-bypass': requireManagerBypass,
  'require-release': requireRelease,
  'single-client-per-purpose': singleClientPerPurpose,
  'single-config-source': singleConfigSource,
  'use-service-interface': useServiceInterface,
  'valid-settings': validSettings,
};
